/** What the value of an option must be; `switch` takes none. */
type OptionKind = "switch" | "integer" | "number" | "boolean" | "text";

export interface UvicornOption {
  /** The parameter: `limit_concurrency`; its variable is UVICORN_LIMIT_CONCURRENCY. */
  readonly name: string;
  readonly kind: OptionKind;
  /** What a switch sets. */
  readonly sets: boolean;
}

const integers = [
  "port",
  "fd",
  "workers",
  "ws-max-size",
  "ws-max-queue",
  "limit-concurrency",
  "backlog",
  "limit-max-requests",
  "limit-max-requests-jitter",
  "timeout-keep-alive",
  "timeout-graceful-shutdown",
  "timeout-worker-healthcheck",
  "ssl-version",
  "ssl-cert-reqs",
  "h11-max-incomplete-event-size",
];
const numbers = ["reload-delay", "ws-ping-interval", "ws-ping-timeout"];
const texts = [
  "host",
  "uds",
  "loop",
  "http",
  "ws",
  "lifespan",
  "interface",
  "env-file",
  "log-config",
  "log-level",
  "forwarded-allow-ips",
  "root-path",
  "ssl-keyfile",
  "ssl-certfile",
  "ssl-keyfile-password",
  "ssl-ca-certs",
  "ssl-ciphers",
  "app-dir",
];
/** They may be written again and again; the name of the parameter is the plural. */
const lists = ["reload-dir", "reload-include", "reload-exclude", "header"];
/** `--debug` until 0.18. */
const switches = ["reload", "factory", "reset-contextvars", "debug"];
const pairs = ["access-log", "use-colors", "proxy-headers", "server-header", "date-header"];

/** The options of uvicorn/main.py by flag: those of 0.51 and those that older versions had. */
export const uvicornOptions: ReadonlyMap<string, UvicornOption> = new Map([
  ...integers.map((flag) => option(flag, "integer")),
  ...numbers.map((flag) => option(flag, "number")),
  ...texts.map((flag) => option(flag, "text")),
  ...lists.map((flag): [string, UvicornOption] => [
    `--${flag}`,
    { name: `${parameter(flag)}s`, kind: "text", sets: true },
  ]),
  option("ws-per-message-deflate", "boolean"),
  ...switches.map((flag) => option(flag, "switch")),
  ...pairs.flatMap((flag): [string, UvicornOption][] => [
    option(flag, "switch"),
    [`--no-${flag}`, { name: parameter(flag), kind: "switch", sets: false }],
  ]),
]);

function option(flag: string, kind: OptionKind): [string, UvicornOption] {
  return [`--${flag}`, { name: parameter(flag), kind, sets: true }];
}

function parameter(flag: string): string {
  return flag.replaceAll("-", "_");
}
