import type { Version } from "../../model/facts.ts";
import type { Context } from "./directives.ts";
import { parseNumber, parseSize, parseTime } from "./parse-value.ts";

/** Parameters of `listen` that are one word, by the letter of their module's server block, with the version that brought them. */
const words: Readonly<Record<string, ReadonlyMap<string, string>>> = {
  S: new Map([
    ["default_server", ""],
    ["default", ""],
    ["bind", ""],
    ["deferred", ""],
    ["reuseport", ""],
    ["ssl", ""],
    ["http2", ""],
    ["proxy_protocol", ""],
    ["quic", "1.25.0"],
    ["multipath", "1.29.7"],
  ]),
  V: new Map([
    ["udp", ""],
    ["bind", ""],
    ["reuseport", ""],
    ["ssl", ""],
    ["proxy_protocol", ""],
    ["default_server", "1.25.5"],
    ["deferred", "1.25.5"],
    ["multipath", "1.29.7"],
  ]),
  B: new Map([
    ["bind", ""],
    ["ssl", ""],
    ["proxy_protocol", ""],
    ["multipath", "1.29.7"],
  ]),
};

/** Parameters with a value; `accept_filter` is passed over on Linux. */
const withValues: Readonly<Record<string, ReadonlyMap<string, string>>> = {
  S: new Map([
    ["fastopen", ""],
    ["backlog", ""],
    ["rcvbuf", ""],
    ["sndbuf", ""],
    ["accept_filter", ""],
    ["ipv6only", ""],
    ["so_keepalive", ""],
  ]),
  V: new Map([
    ["fastopen", ""],
    ["backlog", ""],
    ["rcvbuf", ""],
    ["sndbuf", ""],
    ["accept_filter", "1.25.5"],
    ["ipv6only", ""],
    ["so_keepalive", ""],
  ]),
  B: new Map([
    ["backlog", ""],
    ["rcvbuf", ""],
    ["sndbuf", ""],
    ["ipv6only", ""],
    ["so_keepalive", ""],
  ]),
};

const refusals: Readonly<Record<string, string>> = {
  S: "the parameters of listen in http are",
  V: "the parameters of listen in stream are",
  B: "the parameters of listen in mail are",
};

/** What nginx refuses in a parameter of `listen` (ngx_http_core_listen, ngx_stream_core_listen, ngx_mail_core_listen). */
export interface ListenFault {
  readonly message: string;
  readonly help?: string;
}

/** undefined where the parameter is right. */
export function listenFault(
  text: string,
  context: Context,
  version: Version | undefined,
): ListenFault | undefined {
  const [, key = "", value] = /^([a-z0-9_]+)=(.*)$/s.exec(text) ?? [];
  const known = (names: ReadonlyMap<string, string> | undefined, name: string): boolean => {
    const since = names?.get(name);
    return since !== undefined && (version === undefined || since === "" || version.atLeast(since));
  };
  if (value === undefined ? known(words[context], text) : known(withValues[context], key)) {
    const fault = value === undefined ? undefined : valueFault(key, value, text);
    if (fault !== undefined || value === undefined || key !== "ipv6only" || value.startsWith("o"))
      return fault;
  }
  // Since 1.25.5 stream and mail say it as http does.
  const older = context !== "S" && version?.atLeast("1.25.5") === false;
  return {
    message: older ? `the invalid "${text}" parameter` : `invalid parameter "${text}"`,
    help: helpFor(text, context, version),
  };
}

function helpFor(text: string, context: Context, version: Version | undefined): string {
  if (text === "http2" || text === "quic" || text === "default_server" || text === "udp") {
    const since = words[context]?.get(text);
    if (since !== undefined) return `listen knows ${text} since ${since}.`;
  }
  const usable = (names: ReadonlyMap<string, string> | undefined): string[] =>
    [...(names ?? [])]
      .filter(([, since]) => version === undefined || since === "" || version.atLeast(since))
      .map(([name]) => name);
  const listed = [
    ...usable(words[context]),
    ...usable(withValues[context])
      .filter((name) => name !== "accept_filter")
      .map((name) => `${name}=`),
  ];
  return `${refusals[context] ?? ""} ${listed.join(", ")}.`.replace(/^t/, "T");
}

function valueFault(key: string, value: string, text: string): ListenFault | undefined {
  switch (key) {
    case "fastopen":
      return parseNumber(value) === undefined ? { message: `invalid fastopen "${text}"` } : undefined;
    case "backlog":
      return isBacklog(value)
        ? undefined
        : { message: `invalid backlog "${text}"`, help: "Write a whole number from 1 on." };
    case "rcvbuf":
    case "sndbuf":
      return parseSize(value) === undefined
        ? { message: `invalid ${key} "${text}"`, help: "Write a number of bytes such as 65536 or 64k." }
        : undefined;
    case "ipv6only":
      return !value.startsWith("o") || /^o(?:n|ff)$/.test(value)
        ? undefined
        : { message: `invalid ipv6only flags "${value}"`, help: "Write ipv6only=on or ipv6only=off." };
    case "so_keepalive":
      return isKeepalive(value)
        ? undefined
        : {
            message: `invalid so_keepalive value: "${value}"`,
            help: "Write on, off, or idle:interval:count such as 30m::10.",
          };
    default:
      return undefined;
  }
}

/** Kept in a C int; 0 and -1 are refused. */
function isBacklog(value: string): boolean {
  if (parseNumber(value) === undefined) return false;
  const kept = Number(BigInt.asIntN(32, BigInt(value)));
  return kept !== 0 && kept !== -1;
}

function isKeepalive(value: string): boolean {
  if (value === "on" || value === "off") return true;
  const [, idle = "", interval = "", count = ""] = /^([^:]*)(?::([^:]*))?(?::(.*))?$/s.exec(value) ?? [];
  const times = [idle, interval].map((part) => (part === "" ? 0 : parseTime(part, "seconds")));
  const probes = count === "" ? 0 : parseNumber(count);
  if (times.includes(undefined) || probes === undefined) return false;
  return probes > 0 || times.some((time) => time !== undefined && time > 0);
}

/** In the order in which nginx looks: stream before 1.25.5, stream since then, and `quic` in http. */
const notForUdp = ["backlog", "ssl", "so_keepalive", "proxy_protocol", "fastopen"];
const notForUdpNow = [
  "fastopen",
  "backlog",
  "deferred",
  "multipath",
  "ssl",
  "so_keepalive",
  "proxy_protocol",
];
const notForQuic = [
  "fastopen",
  "backlog",
  "deferred",
  "multipath",
  "ssl",
  "http2",
  "so_keepalive",
  "proxy_protocol",
];

/** A parameter that the UDP of `udp` or `quic` does not have. */
export function datagramFault(
  parameters: readonly string[],
  context: Context,
  version: Version | undefined,
): string | undefined {
  const kind = context === "S" ? "quic" : "udp";
  if (!parameters.includes(kind)) return undefined;
  const newer = version === undefined || version.atLeast("1.25.5");
  const refused = kind === "quic" ? notForQuic : newer ? notForUdpNow : notForUdp;
  const has = (name: string): boolean =>
    parameters.some((text) => text === name || text.startsWith(`${name}=`));
  const wrong = refused.find(has);
  return wrong === undefined
    ? undefined
    : `"listen" directive "${wrong}" parameter is incompatible with "${kind}"`;
}
