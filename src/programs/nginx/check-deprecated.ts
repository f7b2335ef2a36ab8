import type { NginxWord } from "../../syntax/nginx/tree.ts";
import type { SetterCall, SetterCheck } from "./setter-call.ts";

/** A directive that nginx reads and warns of. */
interface Outdated {
  /** The first version that warns. */
  readonly since: string;
  /** The first version that does not know it any more. */
  readonly until?: string;
  readonly how: "deprecated" | "obsolete";
  readonly instead?: string;
}

const http2: Outdated = { since: "1.19.7", how: "obsolete" };
const push: Outdated = { since: "1.25.1", how: "obsolete" };
const buffer: Outdated = { since: "1.9.13", how: "deprecated", instead: "proxy_buffer_size" };

/** src/http/v2/ngx_http_v2_module.c, src/http/modules/ngx_http_ssl_module.c, src/stream/ngx_stream_proxy_module.c; CHANGES. */
const outdated: Readonly<Record<string, Outdated>> = {
  ssl: { since: "1.15.0", until: "1.25.1", how: "deprecated", instead: "listen ... ssl" },
  http2_idle_timeout: { ...http2, instead: "keepalive_timeout" },
  http2_recv_timeout: { ...http2, instead: "client_header_timeout" },
  http2_max_requests: { ...http2, instead: "keepalive_requests" },
  http2_max_field_size: { ...http2, instead: "large_client_header_buffers" },
  http2_max_header_size: { ...http2, instead: "large_client_header_buffers" },
  http2_push: push,
  http2_push_preload: push,
  http2_max_concurrent_pushes: push,
  proxy_downstream_buffer: buffer,
  proxy_upstream_buffer: buffer,
};

/** In http. */
export const outdatedNames: readonly string[] = Object.keys(outdated).filter((name) =>
  name.startsWith("http2"),
);

/** Directives that newer versions accept with a warning only. */
export const checkDeprecated: SetterCheck = ({ placed, version, complaints }) => {
  const { name } = placed;
  const found = outdated[name];
  if (found === undefined) return;
  const { since, until, how, instead } = found;
  if (version !== undefined && !version.atLeast(since)) return;
  const rest = instead === undefined ? "ignored" : `use the "${instead}" directive instead`;
  const said = `the "${name}" directive is ${how}, ${rest}`;
  if (version !== undefined) complaints.print(placed, said);
  const range =
    until === undefined ? `from nginx ${since} on` : `from nginx ${since} on and unknown from ${until} on`;
  complaints.warn(
    placed,
    "nginx/deprecated",
    version === undefined ? `the "${name}" directive is ${how} ${range}, ${rest}` : said,
    {
      help: instead === undefined ? "Remove it." : `Write ${instead}, which older versions know too.`,
      ...(version !== undefined && how === "obsolete" ? { severity: "warning" } : {}),
    },
  );
};

const http2Since = "1.25.1";

/**
 * `http2` of a `listen`, which nginx warns of since 1.25.1. Before that there is nothing else to write, so nothing
 * is said where the version is not known (ngx_http_core_listen).
 */
export function warnOfHttp2({ placed, version, complaints }: SetterCall, word: NginxWord): void {
  if (version?.atLeast(http2Since) !== true) return;
  const said = 'the "listen ... http2" directive is deprecated, use the "http2" directive instead';
  complaints.print(placed, said);
  complaints.warn(placed, "nginx/deprecated", said, {
    at: word.span,
    help: `Leave http2 out here and write http2 on; in the server block: nginx knows it from ${http2Since} on.`,
  });
}

/** The low-water mark of a socket can be read on Linux, and not set (src/http/ngx_http_core_module.c ngx_http_core_lowat_check). */
export const checkLowWaterMark: SetterCheck = ({ placed, complaints }) => {
  const said = `"${placed.name}" is not supported, ignored`;
  complaints.print(placed, said);
  complaints.warn(placed, "nginx/no-effect", said, {
    help: "Remove it: Linux has no such setting of a socket.",
  });
};
