import type { Version } from "../../model/facts.ts";

/** The variables of one module that files use by name. */
interface VariableTable {
  /** Known from 1.22.1 on, and before as far as is told apart here. */
  readonly names: ReadonlySet<string>;
  /** Beginnings of names such as `http_`. */
  readonly prefixes: readonly string[];
  /** Those that came after 1.22.1, with the version that brought them. */
  readonly newer: ReadonlyMap<string, string>;
  readonly newerPrefixes: ReadonlyMap<string, string>;
}

const words = (text: string): string[] =>
  text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== "");

/** `name@version` */
function since(text: string): Map<string, string> {
  return new Map(
    words(text).map((word): [string, string] => {
      const [name = "", version = ""] = word.split("@");
      return [name, version];
    }),
  );
}

function table(names: string, prefixes: string, newer: string, newerPrefixes: string): VariableTable {
  return {
    names: new Set(words(names)),
    prefixes: words(prefixes),
    newer: since(newer),
    newerPrefixes: since(newerPrefixes),
  };
}

/** What nginx 1.22.1 and 1.31.4, built with the modules that packages have, accept in `return` and `map`. */
export const variables: Readonly<Record<"http" | "stream", VariableTable>> = {
  http: table(
    `
    ancient_browser args binary_remote_addr body_bytes_sent bytes_sent connection connection_requests
    connection_time connections_active connections_reading connections_waiting connections_writing
    content_length content_type date_gmt date_local document_root document_uri fastcgi_path_info
    fastcgi_script_name grpc_internal_trailers gzip_ratio host hostname http2 https invalid_referer
    is_args limit_conn_status limit_rate limit_req_status modern_browser msec msie nginx_version pid
    pipe proxy_add_x_forwarded_for proxy_host proxy_internal_body_length proxy_internal_chunked
    proxy_port proxy_protocol_addr proxy_protocol_port proxy_protocol_server_addr
    proxy_protocol_server_port query_string realip_remote_addr realip_remote_port realpath_root
    remote_addr remote_port remote_user request request_body request_body_file request_completion
    request_filename request_id request_length request_method request_time request_uri scheme
    secure_link secure_link_expires server_addr server_name server_port server_protocol slice_range
    ssl_alpn_protocol ssl_cipher ssl_ciphers ssl_client_cert ssl_client_escaped_cert
    ssl_client_fingerprint ssl_client_i_dn ssl_client_i_dn_legacy ssl_client_raw_cert ssl_client_s_dn
    ssl_client_s_dn_legacy ssl_client_serial ssl_client_v_end ssl_client_v_remain ssl_client_v_start
    ssl_client_verify ssl_curve ssl_curves ssl_early_data ssl_protocol ssl_server_name ssl_session_id
    ssl_session_reused status tcpinfo_rcv_space tcpinfo_rtt tcpinfo_rttvar tcpinfo_snd_cwnd time_iso8601
    time_local uid_got uid_reset uid_set upstream_addr upstream_bytes_received upstream_bytes_sent
    upstream_cache_etag upstream_cache_last_modified upstream_cache_status upstream_connect_time
    upstream_header_time upstream_response_length upstream_response_time upstream_status uri
  `,
    "arg_ cookie_ http_ sent_http_ sent_trailer_ upstream_cookie_ upstream_http_ upstream_trailer_",
    `http3@1.25.0 is_request_port@1.29.3 request_port@1.29.3 ssl_client_sigalg@1.29.3 ssl_ech_outer_server_name@1.29.4
     ssl_ech_status@1.29.4 ssl_sigalg@1.29.3 ssl_sigalgs@1.31.2`,
    "proxy_protocol_tlv_@1.23.2",
  ),
  stream: table(
    `
    binary_remote_addr bytes_received bytes_sent connection hostname limit_conn_status msec
    nginx_version pid protocol proxy_protocol_addr proxy_protocol_port proxy_protocol_server_addr
    proxy_protocol_server_port realip_remote_addr realip_remote_port remote_addr remote_port server_addr
    server_port session_time ssl_alpn_protocol ssl_cipher ssl_ciphers ssl_client_cert
    ssl_client_escaped_cert ssl_client_fingerprint ssl_client_i_dn ssl_client_raw_cert ssl_client_s_dn
    ssl_client_serial ssl_client_v_end ssl_client_v_remain ssl_client_v_start ssl_client_verify
    ssl_curve ssl_curves ssl_preread_alpn_protocols ssl_preread_protocol ssl_preread_server_name
    ssl_protocol ssl_server_name ssl_session_id ssl_session_reused status time_iso8601 time_local
    upstream_addr upstream_bytes_received upstream_bytes_sent upstream_connect_time
    upstream_first_byte_time upstream_session_time
  `,
    "",
    `server_name@1.25.5 ssl_client_sigalg@1.29.3 ssl_ech_outer_server_name@1.29.4 ssl_ech_status@1.29.4
     ssl_sigalg@1.29.3 ssl_sigalgs@1.31.2`,
    "proxy_protocol_tlv_@1.23.2",
  ),
};

/** Whether nginx itself has a variable. */
export function isKnownVariable(
  module: keyof typeof variables,
  name: string,
  version: Version | undefined,
): boolean {
  const { names, prefixes, newer, newerPrefixes } = variables[module];
  if (names.has(name) || prefixes.some((prefix) => name.startsWith(prefix))) return true;
  const isHere = (since: string | undefined): boolean =>
    since !== undefined && (version === undefined || version.atLeast(since));
  return (
    isHere(newer.get(name)) ||
    [...newerPrefixes].some(([prefix, since]) => name.startsWith(prefix) && isHere(since))
  );
}

/** Variables of nginx that a file may define again (NGX_HTTP_VAR_CHANGEABLE); `set` of 1.22.1 and 1.31.4 takes them. */
const changeable =
  /^(?:ancient_browser|args|invalid_referer|limit_rate|modern_browser|msie|proxy_host|proxy_port|uid_reset|ssl_(?!preread_).*)$/;

/** Those of headers that nginx has under their own names; others that begin so can be defined. */
const headers = new Set(
  words(`
    http_host http_user_agent http_referer http_via http_x_forwarded_for http_cookie sent_http_content_type
    sent_http_content_length sent_http_location sent_http_last_modified sent_http_connection sent_http_keep_alive
    sent_http_transfer_encoding sent_http_cache_control sent_http_link
  `),
);

/** Whether nginx itself has a variable that a file may not define. */
export function isBuiltIn(
  module: keyof typeof variables,
  name: string,
  version: Version | undefined,
): boolean {
  const { names, newer } = variables[module];
  if (module === "http" && headers.has(name)) return true;
  if (changeable.test(name)) return false;
  const since = newer.get(name);
  return names.has(name) || (since !== undefined && version?.atLeast(since) === true);
}
