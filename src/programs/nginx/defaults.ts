import type { Version } from "../../model/facts.ts";
import { byDefault, type Known, unknown, type Value } from "../../model/value.ts";
import type { Span } from "../../text/span.ts";

/** What nginx does from a version on, until the next entry. */
interface DefaultSince<T> {
  /** `0` for the first. */
  readonly since: string;
  readonly value: T;
}

export interface DefaultOf<T> {
  /** As the directive is called. */
  readonly label: string;
  /** nginx source file or CHANGES entry. */
  readonly source: string;
  /** In order of versions. */
  readonly values: readonly DefaultSince<T>[];
}

/**
 * The default of a directive. Where it changed and the version is not known, it is unknown with all that it was.
 *
 * @param at the block in which it takes effect because nothing is written there
 * @param assuming see DefaultOrigin
 */
export function defaultOf<T>(
  of: DefaultOf<T>,
  version: Value<Version>,
  at: Span,
  assuming?: string,
): Value<T> {
  const choices = of.values.map((entry, index) =>
    byDefault(of.label, entry.value, {
      program: "nginx",
      versions: versionsText(entry.since, of.values[index + 1]?.since),
      source: of.source,
      at,
      ...(assuming === undefined ? {} : { assuming }),
    }),
  );
  const [first] = choices;
  if (choices.length === 1 && first !== undefined) return first;
  const inVersion = (known: Version): Known<T> | undefined =>
    choices.findLast((_, index) => known.atLeast(of.values[index]?.since ?? "0"));
  if (version.known) {
    const chosen = inVersion(version.value);
    if (chosen !== undefined) return chosen;
  }
  const possible =
    version.known || version.candidates === undefined
      ? choices
      : [...new Set(version.candidates.map((each) => inVersion(each.value)))].filter(
          (each) => each !== undefined,
        );
  const [only] = possible;
  if (possible.length === 1 && only !== undefined) return only;
  const changed = of.values.slice(1).map((entry) => entry.since);
  return unknown(
    of.label,
    `its default changed with nginx ${changed.join(" and ")}, and the version is not known`,
    {
      fact: "nginx",
      at,
      from: [version],
      candidates: possible,
    },
  );
}

function versionsText(since: string, until: string | undefined): string {
  if (since === "0") return until === undefined ? "all" : `before ${until}`;
  return until === undefined ? `since ${since}` : `${since} to before ${until}`;
}

const always = <T>(label: string, value: T, source: string): DefaultOf<T> => ({
  label,
  source,
  values: [{ since: "0", value }],
});

/** Defaults as read in the source of nginx 1.22.1 to 1.31.4 and in CHANGES. */
export const defaults = {
  daemon: always("daemon", true, "src/core/nginx.c ngx_core_module_init_conf"),
  worker_processes: always("worker_processes", 1, "src/core/nginx.c ngx_core_module_init_conf"),
  worker_connections: always("worker_connections", 512, "src/event/ngx_event.c DEFAULT_CONNECTIONS"),
  backlog: always("backlog", 511, "NGX_LISTEN_BACKLOG in src/os/unix/ngx_linux_config.h; 511 since 1.0.1"),
  proxy_connect_timeout: always("proxy_connect_timeout", 60, "src/http/modules/ngx_http_proxy_module.c"),
  proxy_send_timeout: always("proxy_send_timeout", 60, "src/http/modules/ngx_http_proxy_module.c"),
  proxy_read_timeout: always("proxy_read_timeout", 60, "src/http/modules/ngx_http_proxy_module.c"),
  proxy_buffering: always("proxy_buffering", true, "src/http/modules/ngx_http_proxy_module.c"),
  proxy_request_buffering: always(
    "proxy_request_buffering",
    true,
    "src/http/modules/ngx_http_proxy_module.c",
  ),
  proxy_http_version: {
    label: "proxy_http_version",
    source: "CHANGES of nginx 1.29.7",
    values: [
      { since: "0", value: "1.0" },
      { since: "1.29.7", value: "1.1" },
    ],
  } as DefaultOf<string>,
  connection: {
    label: "Connection",
    source: "ngx_http_proxy_headers in src/http/modules/ngx_http_proxy_module.c; CHANGES of nginx 1.29.7",
    values: [
      { since: "0", value: "close" },
      { since: "1.29.7", value: undefined },
    ],
  } as DefaultOf<string | undefined>,
  keepalive: {
    label: "keepalive",
    source: "src/http/modules/ngx_http_upstream_keepalive_module.c; CHANGES of nginx 1.29.7",
    values: [
      { since: "0", value: 0 },
      { since: "1.29.7", value: 32 },
    ],
  } as DefaultOf<number>,
  keepalive_timeout: always("keepalive_timeout", 60, "src/http/modules/ngx_http_upstream_keepalive_module.c"),
} as const;
