/** What the value of an option must be; `switch` takes none. */
type OptionKind = "switch" | "integer" | "number" | "boolean" | "text";

export interface UvicornOption {
  /** The parameter: `limit_concurrency`. */
  readonly name: string;
  readonly kind: OptionKind;
  /** What a switch sets. */
  readonly sets: boolean;
  /** The variable that is asked where the option is not given: UVICORN_LIMIT_CONCURRENCY. */
  readonly variable: string | undefined;
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
  ...lists.map((flag) => option(flag, "text", `${parameter(flag)}s`)),
  option("ws-per-message-deflate", "boolean"),
  ...switches.map((flag) => option(flag, "switch")),
  ...pairs.flatMap((flag) => [option(flag, "switch"), negated(option(flag, "switch"))]),
]);

const fastapiTexts = ["host", "root-path", "app", "entrypoint", "forwarded-allow-ips"];

/** The options of `fastapi run` in fastapi_cli/cli.py by flag, those of 0.0.32; it asks only one variable, since 0.0.12. */
export const fastapiRunOptions: ReadonlyMap<string, UvicornOption> = new Map(
  [
    option("port", "integer"),
    option("workers", "integer"),
    ...fastapiTexts.map((flag) => option(flag, "text")),
    ...["reload", "proxy-headers"].flatMap((flag) => [
      option(flag, "switch"),
      negated(option(flag, "switch")),
    ]),
    option("verbose", "switch"),
    short("-v", option("verbose", "switch")),
    short("-e", option("entrypoint", "text")),
  ].map(ofFastapi),
);

/** Those of `fastapi dev`. */
export const fastapiDevOptions: ReadonlyMap<string, UvicornOption> = new Map([
  ...[...fastapiRunOptions].filter(([flag]) => flag !== "--workers"),
  ofFastapi(option("reload-dir", "text")),
]);

type FlaggedOption = readonly [flag: string, option: UvicornOption];

function option(flag: string, kind: OptionKind, name = parameter(flag)): FlaggedOption {
  return [`--${flag}`, { name, kind, sets: true, variable: `UVICORN_${name.toUpperCase()}` }];
}

function negated([flag, positive]: FlaggedOption): FlaggedOption {
  return [flag.replace("--", "--no-"), { ...positive, sets: false }];
}

function short(letter: string, [, long]: FlaggedOption): FlaggedOption {
  return [letter, long];
}

function ofFastapi([flag, each]: FlaggedOption): FlaggedOption {
  return [flag, { ...each, variable: each.name === "port" ? "PORT" : undefined }];
}

function parameter(flag: string): string {
  return flag.replaceAll("-", "_");
}
