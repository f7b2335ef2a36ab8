import type { NginxWord } from "../../syntax/nginx/tree.ts";
import { checkModernBrowser } from "./check-browsers.ts";
import { checkCondition } from "./check-condition.ts";
import { checkDeprecated, checkLowWaterMark, outdatedNames } from "./check-deprecated.ts";
import { checkAccessRights, checkAio, checkTempPath } from "./check-files.ts";
import { checkIndex, checkServerName } from "./check-index-and-name.ts";
import { checkAccess, checkLimitConn, checkLimitReq, checkLimitZone, checkTrusted } from "./check-limits.ts";
import { checkListen } from "./check-listen.ts";
import { checkLocation, checkRoot } from "./check-location.ts";
import { checkAccessLog, checkErrorLog, checkLogFormat } from "./check-logs.ts";
import { checkAuthHttpUrl, checkProtocol, checkSslBesideStartTls, checkStartTls } from "./check-mail.ts";
import { isFixedByMap } from "./check-map-hash.ts";
import {
  cacheMethods,
  checkChunkSize,
  checkCookie,
  checkDirectio,
  checkLeastTime,
  checkMadeVariable,
  checkMirror,
  checkOpenFileCache,
  checkProxyRedirect,
  checkRandom,
  checkReceiveBuffer,
  checkSplitPathInfo,
  checkStreamsIndex,
  checkSubFilter,
  checkThreads,
  checkTryFiles,
  checkUseridExpires,
  checkUseridMark,
  checkVariableName,
  ignoredHeaders,
  masked,
  onlyParameter,
  powerOfTwo,
  useridStates,
} from "./check-parameters.ts";
import { balancing, inTurn, warnOfRepeated } from "./check-redefined.ts";
import { checkReferers } from "./check-referers.ts";
import { checkRegexes } from "./check-regex.ts";
import { checkErrorPage, checkReturn, checkRewrite, checkSet } from "./check-rewriting.ts";
import { noteSecretLink } from "./check-secure-link.ts";
import {
  checkBind,
  checkCacheValid,
  checkCpuAffinity,
  checkDisableSymlinks,
  checkExpires,
  checkOpenLogFileCache,
  checkResolver,
} from "./check-settings.ts";
import { checkSticky } from "./check-sticky.ts";
import { checkStreamLogFormat } from "./check-stream.ts";
import { checkPass, checkStreamPass } from "./check-targets.ts";
import {
  checkCertificateCache,
  checkOcspCache,
  checkProtocolNames,
  checkSessionCache,
} from "./check-tls-caches.ts";
import { checkTypeList, typeListNames } from "./check-types.ts";
import { checkProxyPass, checkUpstreamName, checkUpstreamServer } from "./check-upstream.ts";
import { checkBuiltIn, checkVariableTexts } from "./check-variables.ts";
import { checkCache, checkCachePath, checkStore, checkUpstreamZone } from "./check-zones.ts";
import type { Context } from "./directives.ts";
import { parseFlag, parseNumber, parseTime } from "./parse-value.ts";
import { type Declared, namedBefore, type Refuse, type SetterCall, type SetterCheck } from "./setter-call.ts";
import type { VariableModule } from "./variable-texts.ts";

/** Values that the directive's own setter refuses, in nginx's words. */
export function checkSetter(call: SetterCall): void {
  const check = checks.get(`${family(call.context)} ${call.placed.name}`);
  const refuse: Refuse = (message, word, { rule = "nginx/value", ...details } = {}) => {
    call.complaints.refuse(call.placed, rule, message, {
      ...(word === undefined ? {} : { at: word.span }),
      ...details,
    });
  };
  const { name } = call.placed;
  const module = moduleOf(call.context);
  const early = textsFirst.has(name) || name.endsWith("_bind");
  if (early && module !== undefined) checkVariableTexts(call, module, refuse);
  if (module === "http" && regexFirst.has(name)) checkRegexes(call, refuse);
  check?.(call, refuse);
  if (module === "http" && !regexFirst.has(name)) checkRegexes(call, refuse);
  if (module === undefined) return;
  checkBuiltIn(call, module, refuse);
  if (!early) checkVariableTexts(call, module, refuse);
}

/** Directives whose text is compiled before their other words are looked at. */
const textsFirst = new Set([
  "add_header",
  "add_trailer",
  "error_page",
  "hash",
  "limit_conn_zone",
  "limit_req_zone",
  "map",
  "split_clients",
  "try_files",
]);

/** Directives whose regular expression is compiled before their other words are looked at. */
const regexFirst = new Set(["location", "fastcgi_split_path_info"]);

function moduleOf(context: Context): VariableModule | undefined {
  if ("TVW".includes(context)) return "stream";
  return "HSILJKU".includes(context) ? "http" : undefined;
}

function family(context: Context): string {
  if (context === "M" || context === "E") return "core";
  if (context === "U" || context === "W") return context === "U" ? "upstream" : "stream upstream";
  if ("TV".includes(context)) return "stream";
  return "AB".includes(context) ? "mail" : "http";
}

const text = ({ placed }: SetterCall, number: number): string => placed.directive.arg(number)?.text ?? "";
const word = ({ placed }: SetterCall, number: number): NginxWord | undefined => placed.directive.arg(number);

const isTime = (value: string): boolean => parseTime(value, "milliseconds") !== undefined;
const isSeconds = (value: string): boolean => parseTime(value, "seconds") !== undefined;

const flag: SetterCheck = (call, refuse) => {
  const first = call.seen.get(call.placed.name);
  if (first !== undefined && first !== call.placed && !call.placed.directive.file.conditional) {
    refuse(`"${call.placed.name}" directive is duplicate`, undefined, {
      rule: "nginx/duplicate",
      because: [{ message: "it is set here first", at: first.at }],
    });
    return;
  }
  if (parseFlag(text(call, 0)) === undefined)
    refuse(
      `invalid value "${text(call, 0)}" in "${call.placed.name}" directive, it must be "on" or "off"`,
      word(call, 0),
      { help: "Write on or off." },
    );
};

const keepalive: SetterCheck = (call, refuse) => {
  const value = text(call, 0);
  const number = parseNumber(value);
  const zeroIsRefused = call.version !== undefined && !call.version.atLeast("1.29.7");
  if (number === undefined || (number === 0 && zeroIsRefused))
    refuse(`invalid value "${value}" in "keepalive" directive`, word(call, 0), {
      help: "Write how many idle connections each worker keeps.",
    });
  else if (word(call, 1) !== undefined && text(call, 1) !== "local")
    refuse(`invalid parameter "${text(call, 1)}"`, word(call, 1));
};

const keepaliveTimeout: SetterCheck = (call, refuse) => {
  if (!isTime(text(call, 0))) refuse('"keepalive_timeout" directive invalid value', word(call, 0));
  else if (word(call, 1) !== undefined && !isSeconds(text(call, 1)))
    refuse('"keepalive_timeout" directive invalid value', word(call, 1));
};

const threadPool: SetterCheck = (call, refuse) => {
  const name = text(call, 0);
  const first = namedBefore(call, name);
  if (first !== undefined)
    refuse(`duplicate thread pool "${name}"`, undefined, {
      rule: "nginx/duplicate",
      because: [{ message: "it is defined here first", at: first.at }],
    });
  else checkThreads(call, refuse);
};

/** ngx_http_map_block gives the hash its defaults, after which the directive is a second one. */
const mapHash: SetterCheck = (call, refuse) => {
  const map = isFixedByMap(call.placed, call.placed.level);
  if (map !== undefined && !call.placed.directive.file.conditional)
    refuse(`"${call.placed.name}" directive is duplicate`, undefined, {
      rule: "nginx/duplicate",
      because: [{ message: "this map has already taken the default", at: map.at }],
      help: "Write it before the first map.",
    });
};

const limitExcept: SetterCheck = (call, refuse) => {
  const known =
    /^(?:GET|HEAD|POST|PUT|DELETE|MKCOL|COPY|MOVE|OPTIONS|PROPFIND|PROPPATCH|LOCK|UNLOCK|PATCH|CONNECT)$/i;
  const wrong = call.placed.directive.args.find((each) => !known.test(each.text));
  if (wrong !== undefined) refuse(`invalid method "${wrong.text}"`, wrong);
};

const checks: ReadonlyMap<string, SetterCheck> = new Map<string, SetterCheck>([
  [
    "core worker_processes",
    (call, refuse) => {
      if (text(call, 0) !== "auto" && parseNumber(text(call, 0)) === undefined)
        refuse('"worker_processes" directive invalid value', word(call, 0), {
          help: "Write auto or a number.",
        });
    },
  ],
  [
    "core worker_connections",
    (call, refuse) => {
      if (parseNumber(text(call, 0)) === undefined)
        refuse(`invalid number "${text(call, 0)}"`, word(call, 0), {
          help: "Write digits only: nginx knows no sign and no unit here.",
        });
    },
  ],
  [
    "core worker_priority",
    (call, refuse) => {
      if (parseNumber(text(call, 0).replace(/^[-+]/, "")) === undefined)
        refuse('"worker_priority" directive invalid number', word(call, 0));
    },
  ],
  [
    "core use",
    (call, refuse) => {
      const method = text(call, 0);
      if (method === "epoll") return;
      const elsewhere = /^(?:kqueue|eventport|\/dev\/poll|iocp|poll|select)$/.test(method);
      refuse(`invalid event type "${method}"`, word(call, 0), {
        help: "On Linux it is epoll, which is the default.",
        ...(elsewhere ? { severity: "info" } : {}),
      });
    },
  ],
  ["core worker_cpu_affinity", checkCpuAffinity],
  ["http expires", checkExpires],
  ["http disable_symlinks", checkDisableSymlinks],
  ["http resolver", checkResolver],
  ["upstream resolver", checkResolver],
  ["stream resolver", checkResolver],
  ["mail resolver", checkResolver],
  ["http open_log_file_cache", checkOpenLogFileCache],
  ...["proxy", "fastcgi", "uwsgi", "scgi", "grpc", "memcached"].flatMap(
    (protocol): [string, SetterCheck][] => [
      [`http ${protocol}_bind`, checkBind],
      [`http ${protocol}_cache_valid`, checkCacheValid],
      [`http ${protocol}_cache_methods`, inTurn(masked(cacheMethods), warnOfRepeated)],
      [`http ${protocol}_ignore_headers`, inTurn(masked(ignoredHeaders), warnOfRepeated)],
    ],
  ),
  ["stream proxy_bind", checkBind],
  ["core error_log", checkErrorLog],
  ["http error_log", checkErrorLog],
  ["stream error_log", checkErrorLog],
  ["mail error_log", checkErrorLog],
  ["http keepalive_timeout", keepaliveTimeout],
  ["upstream keepalive", keepalive],
  ["upstream sticky", checkSticky],
  ["upstream server", checkUpstreamServer],
  ["stream upstream server", checkUpstreamServer],
  ["http upstream", checkUpstreamName],
  ["stream upstream", checkUpstreamName],
  ["upstream zone", checkUpstreamZone],
  ["stream upstream zone", checkUpstreamZone],
  ["http fastcgi_pass", checkPass],
  ["http uwsgi_pass", checkPass],
  ["http scgi_pass", checkPass],
  ["http grpc_pass", checkPass],
  ["http memcached_pass", checkPass],
  ["stream proxy_pass", checkPass],
  ...["proxy", "fastcgi", "uwsgi", "scgi"].flatMap((protocol): [string, SetterCheck][] => [
    [`http ${protocol}_cache_path`, checkCachePath],
    [`http ${protocol}_cache`, checkCache],
    [`http ${protocol}_store`, checkStore],
  ]),
  ["stream access_log", checkAccessLog],
  ["stream log_format", checkStreamLogFormat],
  ["stream limit_conn_zone", checkLimitZone],
  ["stream limit_conn", checkLimitConn],
  ["http error_page", checkErrorPage],
  ["http return", checkReturn],
  ["http rewrite", checkRewrite],
  ["http set", checkSet],
  ["stream set", checkSet],
  ["stream server_name", checkServerName],
  ["http if", checkCondition],
  ["http location", checkLocation],
  ["http root", checkRoot],
  ["http alias", checkRoot],
  ["http server_name", checkServerName],
  ["http listen", checkListen],
  ["stream listen", checkListen],
  ["mail listen", checkListen],
  ["http log_format", checkLogFormat],
  ["http access_log", checkAccessLog],
  ["http limit_req_zone", checkLimitZone],
  ["http limit_conn_zone", checkLimitZone],
  ["http limit_req", checkLimitReq],
  ["http limit_conn", checkLimitConn],
  ["http allow", checkAccess],
  ["http deny", checkAccess],
  ["stream allow", checkAccess],
  ["http set_real_ip_from", checkTrusted],
  ["stream set_real_ip_from", checkTrusted],
  ["mail set_real_ip_from", checkTrusted],
  ["http geoip_proxy", checkTrusted],
  ["core debug_connection", checkTrusted],
  ["stream deny", checkAccess],
  ["core thread_pool", threadPool],
  ["http proxy_redirect", checkProxyRedirect],
  ["http open_file_cache", checkOpenFileCache],
  ["http limit_except", limitExcept],
  ["http map_hash_bucket_size", mapHash],
  ["http map_hash_max_size", mapHash],
  ["stream map_hash_bucket_size", mapHash],
  ["stream map_hash_max_size", mapHash],
  ["http ssl_session_cache", checkSessionCache],
  ["stream ssl_session_cache", checkSessionCache],
  ["mail ssl_session_cache", checkSessionCache],
  ["http ssl_ocsp_cache", checkOcspCache],
  ["stream ssl_ocsp_cache", checkOcspCache],
  ["stream ssl_alpn", checkProtocolNames],
  ["stream proxy_ssl_alpn", checkProtocolNames],
  ...["http ssl", "stream ssl", "http proxy_ssl", "stream proxy_ssl", "http uwsgi_ssl", "http grpc_ssl"].map(
    (place): [string, SetterCheck] => [`${place}_certificate_cache`, checkCertificateCache],
  ),
  ["mail protocol", checkProtocol],
  ["mail auth_http", checkAuthHttpUrl],
  ["mail starttls", checkStartTls],
  ["http aio", checkAio],
  ["http mirror", checkMirror],
  ["http secure_link_secret", noteSecretLink],
  ["http valid_referers", checkReferers],
  ["http modern_browser", checkModernBrowser],
  ["stream pass", checkStreamPass],
  ["http tunnel_pass", checkPass],
  ["http tunnel_bind", checkBind],
  ["stream upstream resolver", checkResolver],
  ["http dav_access", checkAccessRights],
  ["http client_body_temp_path", checkTempPath],
  ...["proxy", "fastcgi", "uwsgi", "scgi"].flatMap((protocol): [string, SetterCheck][] => [
    [`http ${protocol}_temp_path`, checkTempPath],
    [`http ${protocol}_store_access`, checkAccessRights],
  ]),
  ["stream open_log_file_cache", checkOpenLogFileCache],
  ["http index", checkIndex],
  ["http proxy_pass", checkProxyPass],
  ["http add_header", onlyParameter(2, "always")],
  ["http add_trailer", onlyParameter(2, "always")],
  ...["upstream", "stream upstream"].flatMap((place): [string, SetterCheck][] => [
    [`${place} hash`, balancing(onlyParameter(1, "consistent"))],
    [`${place} random`, balancing(checkRandom)],
    [`${place} ip_hash`, balancing()],
    [`${place} least_conn`, balancing()],
    [`${place} least_time`, balancing(checkLeastTime)],
  ]),
  ...typeListNames.map((name): [string, SetterCheck] => [`http ${name}`, checkTypeList]),
  ...outdatedNames.map((name): [string, SetterCheck] => [`http ${name}`, checkDeprecated]),
  ["mail ssl", inTurn(inTurn(flag, checkDeprecated), checkSslBesideStartTls)],
  ["stream proxy_downstream_buffer", checkDeprecated],
  ["stream proxy_upstream_buffer", checkDeprecated],
  ["http send_lowat", checkLowWaterMark],
  ["http proxy_send_lowat", checkLowWaterMark],
  ["http fastcgi_send_lowat", checkLowWaterMark],
  ["http proxy_cookie_domain", checkCookie],
  ["http proxy_cookie_path", checkCookie],
  ["http proxy_cookie_flags", checkCookie],
  ["http try_files", checkTryFiles],
  ["http gzip_window", powerOfTwo(512, 32_768, "512, 1k, 2k, 4k, 8k, 16k, or 32k")],
  ["http gzip_hash", powerOfTwo(512, 131_072, "512, 1k, 2k, 4k, 8k, 16k, 32k, 64k, or 128k")],
  ["http http2_streams_index_size", checkStreamsIndex],
  ["http http2_chunk_size", checkChunkSize],
  ["http http2_recv_buffer_size", checkReceiveBuffer],
  ["http ssl", inTurn(flag, checkDeprecated)],
  ["http userid", masked(useridStates)],
  ["http fastcgi_param", onlyParameter(2, "if_not_empty")],
  ["http uwsgi_param", onlyParameter(2, "if_not_empty")],
  ["http scgi_param", onlyParameter(2, "if_not_empty")],
  ["http directio", checkDirectio],
  ["http userid_mark", checkUseridMark],
  ["http userid_expires", checkUseridExpires],
  ["http auth_request_set", checkVariableName],
  ["http map", checkMadeVariable],
  ["http geo", checkMadeVariable],
  ["http split_clients", checkMadeVariable],
  ["stream map", checkMadeVariable],
  ["stream geo", checkMadeVariable],
  ["stream split_clients", checkMadeVariable],
  ["http sub_filter", checkSubFilter],
  ["http fastcgi_split_path_info", checkSplitPathInfo],
]);

/** Nothing declared yet. */
export function nothingDeclared(): Declared {
  return {
    sockets: new Map(),
    upstreams: new Map(),
    streamUpstreams: new Map(),
    targets: [],
    streamTargets: [],
    targetPorts: new Map(),
    secretLinks: [],
    zones: new Map(),
    refusedZones: new Set(),
    cachePaths: new Map(),
    caches: [],
    streamFormats: new Map(),
    bufferedLogs: new Map(),
    logFormats: new Map(),
    formatNames: new Set(["combined"]),
    extensions: new Map(),
    typeLists: new Map(),
    cacheNames: new Set(),
    unreadable: [],
    referers: new Map(),
    threadPools: [],
    named: new Map(),
  };
}
