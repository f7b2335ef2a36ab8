import { nameOf } from "../host-path.ts";
import { isForeignFormat } from "./foreign-format.ts";
import { type NginxStatement, nginxStatements } from "./nginx-statements.ts";
import type { Verdict } from "./recognised.ts";
import { installedName } from "./template-suffix.ts";

/** Directives that other programs have too, so that they alone prove nothing. */
const ordinary = new Set(
  "include set user allow deny server listen pid zone root index error_log types if return location expires hash default".split(
    " ",
  ),
);

const known = new Set([
  ...ordinary,
  ..."accept_mutex accept_mutex_delay aio alias ancient_browser api autoindex break charset charset_map charset_types chunked_transfer_encoding connection_pool_size daemon dav_access dav_methods debug_connection default_type directio dns disable_symlinks empty_gif env error_page etag events flv geo gunzip hls http http2 http3 if_modified_since ignore_invalid_headers internal ip_hash js_import keepalive least_conn least_time limit_except limit_rate limit_rate_after limit_req limit_conn lingering_close lingering_time lingering_timeout load_module lock_file log_format log_not_found log_subrequest mail map map_hash_bucket_size map_hash_max_size master_process match max_ranges merge_slashes min_delete_depth mirror modern_browser mp4 msie_padding multi_accept ntlm open_log_file_cache output_buffers override_charset pcre_jit perl port_in_redirect postpone_output preread_timeout preread_buffer_size protocol queue random read_ahead recursive_error_pages referer_hash_bucket_size request_pool_size reset_timedout_connection resolver resolver_timeout rewrite rewrite_log rtmp application live sticky satisfy secure_link secure_link_md5 send_lowat send_timeout sendfile sendfile_max_chunk slice source_charset split_clients ssi ssl starttls status status_zone stream stub_status sub_filter tcp_nodelay tcp_nopush thread_pool timer_resolution timeout try_files types_hash_bucket_size types_hash_max_size underscores_in_headers uninitialized_variable_warn upstream use userid valid_referers variables_hash_bucket_size variables_hash_max_size xml_entities xslt_stylesheet error_log_format merge_slashes image_filter modsecurity naxsi".split(
    " ",
  ),
]);

const families = new Set(
  `
  proxy fastcgi uwsgi scgi grpc memcached ssl gzip client server worker open_file_cache access auth add
  limit_req limit_conn keepalive large_client real_ip set_real http2 http3 quic brotli zstd more_set
  more_clear js lua content_by access_by rewrite_by init_by init_worker_by header_filter_by body_filter_by
  log_by balancer_by ssl_certificate_by set_by perl geoip geoip2 image_filter mp4 ssi sub_filter userid xslt
  dav random resolver mail imap pop3 smtp stream upstream sticky health_check vhost_traffic_status pagespeed
  passenger rails push_stream upload echo modsecurity naxsi secure_link autoindex thread google_perftools
  otel opentracing opentelemetry session_log status limit_rate absolute subrequest debug ajp rtmp hls dash
  record header_hash headers_hash types_hash variables_hash map_hash fancyindex set_misc set_escape
  set_unescape set_secure set_form set_md5 set_if set_by set_decode set_encode set_formatted set_local
  set_random set_hashed set_quote mirror split error try etag expires directio postpone slowfs srcache redis
  redis2 drizzle postgres vod satisfy tcp aio output msie log
  `
    .trim()
    .split(/\s+/),
);

const startsProgram = new Set(["events", "http", "worker_processes", "worker_rlimit_nofile"]);

const fillsProgram = new Set(
  "server upstream location stream mail rtmp map geo split_clients limit_req_zone limit_conn_zone log_format proxy_cache_path fastcgi_cache_path uwsgi_cache_path scgi_cache_path lua_shared_dict".split(
    " ",
  ),
);

/** Folders whose files the http block includes. */
export const nginxFolder =
  /^(?:conf\.d|http\.d|sites-.*|sites|vhosts?(?:\.d|-.*)?|virtual\.d|servers|stream(?:s|\.d|-.*)?)$/;

/** Files that stand beside nginx files and are something else. */
const otherwise = /\.(?:py|ini|service|socket|timer|target|slice|mount|rules|cfg|env|info|list|data)$/i;

/** Whether the name or a folder makes a look inside worth it. */
export function mayBeNginx(path: string): boolean {
  const parts = path.split("/");
  const name = installedName(parts.pop() ?? "");
  if (/\.(?:conf|nginx|vhost)(?:$|[.-])/i.test(name)) return true;
  if (otherwise.test(name) || isForeignFormat(name) || name.startsWith(".")) return false;
  return /nginx/i.test(path) || parts.some((part) => nginxFolder.test(part));
}

/**
 * Whether a text is an nginx configuration: most of its statements must be directives of nginx, and one of them a
 * directive that no other program has (unless the path says nginx).
 */
export function recogniseNginx(path: string, text: string): Verdict {
  if (!mayBeNginx(path)) return undefined;
  const named = /nginx/i.test(path);
  const statements = nginxStatements(text).filter((statement) => !statement.data);
  const ours = statements.filter(isDirective);
  const distinct = ours.some((statement) => !ordinary.has(statement.name) || isServerBlock(statement));
  const share = ours.length / Math.max(statements.length, 1);
  if (ours.length > 0 && (distinct || named) && share >= (named && distinct ? 0.4 : 0.7))
    return { program: "nginx", shape: shapeOf(statements) };
  if (/^nginx[^/]*\.conf(?:ig)?$/i.test(installedName(nameOf(path))))
    return {
      not:
        statements.length === 0 ? "it holds no nginx directive" : "its content is not an nginx configuration",
    };
  return undefined;
}

/** The shape of a file that somebody says is nginx's. */
export function nginxShape(text: string): "main" | "fragment" | "snippet" {
  return shapeOf(nginxStatements(text).filter((statement) => !statement.data));
}

function isDirective(statement: NginxStatement): boolean {
  if (statement.end === "none") return false;
  if (statement.arguments[0] === "=" || statement.arguments[0]?.startsWith("=") === true) return false;
  return known.has(statement.name) || isOfFamily(statement.name);
}

/** Whether what stands before one of its underscores is the name of a family of directives. */
function isOfFamily(name: string): boolean {
  if (!/^[a-z0-9_]+$/.test(name)) return false;
  for (let at = name.indexOf("_"); at !== -1 && at < name.length - 1; at = name.indexOf("_", at + 1))
    if (families.has(name.slice(0, at))) return true;
  return false;
}

function isServerBlock(statement: NginxStatement): boolean {
  return (
    (statement.name === "server" && statement.end === "block" && statement.arguments.length === 0) ||
    (statement.name === "location" && statement.end === "block")
  );
}

function shapeOf(statements: readonly NginxStatement[]): "main" | "fragment" | "snippet" {
  const top = statements.filter((statement) => statement.depth === 0);
  if (top.some((statement) => startsProgram.has(statement.name))) return "main";
  return top.some((statement) => fillsProgram.has(statement.name)) ? "fragment" : "snippet";
}
