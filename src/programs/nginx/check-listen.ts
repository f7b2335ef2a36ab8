import { type Address, addressText } from "../../model/address.ts";
import type { NginxWord } from "../../syntax/nginx/tree.ts";
import { warnOfHttp2 } from "./check-deprecated.ts";
import { warnOfProtocols } from "./check-redefined.ts";
import { udpFault } from "./check-stream.ts";
import { parseListen } from "./parse-address.ts";
import { parseNumber, parseSize, parseTime } from "./parse-value.ts";
import type { PlacedDirective } from "./placement.ts";
import type { DeclaredSocket, Refuse, SetterCall, SetterCheck } from "./setter-call.ts";

/** Ranges of ports are followed up to this many ports each. */
const mostRangePorts = 2000;

/** Parameters that set options of the socket (`lsopt.set`). */
const socketOption =
  /^(?:bind|fastopen=.*|backlog=.*|rcvbuf=.*|sndbuf=.*|deferred|ipv6only=o.*|reuseport|multipath|so_keepalive=.*)$/s;

/** Parameters of `listen` in http with the version that brought them (CHANGES). */
const plainParameters: ReadonlyMap<string, string> = new Map([
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
]);

/** `listen` of http, stream and mail (src/http/ngx_http_core_module.c ngx_http_core_listen). */
export const checkListen: SetterCheck = (call, refuse) => {
  const [address, ...parameters] = call.placed.directive.args;
  if (address === undefined) return;
  // A host name, or what a template left: nginx asks the resolver.
  if (address.text.includes("$") || (address.file.template && address.text.endsWith(":"))) return;
  const parsed = parseListen(address.text, 80);
  if (!parsed.ok) {
    refuse(`${parsed.error} in "${address.text}" of the "listen" directive`, address);
    return;
  }
  if (parsed.address.kind === "tcp" && !canBeHost(parsed.address.host)) {
    refuse(`host not found in "${address.text}" of the "listen" directive`, address);
    return;
  }
  for (const word of parameters) {
    if (word.text === "http2" && call.context === "S") warnOfHttp2(call, word);
    const wrong = parameterFault(word.text, call);
    if (wrong === undefined) continue;
    refuse(wrong, word, word.text.startsWith("backlog=") ? { help: "Write a whole number from 1 on." } : {});
    return;
  }
  const udp = parameters.some(({ text }) => text === "udp" || text === "quic");
  const texts = parameters.map(({ text }) => text);
  const fault = call.context === "V" && texts.includes("udp") ? udpFault(texts, call.version) : undefined;
  if (fault !== undefined) {
    refuse(fault, parameters[0]);
    return;
  }
  const last = Math.min(
    parsed.lastPort,
    ("port" in parsed.address ? parsed.address.port : 0) + mostRangePorts,
  );
  addSocket(call, refuse, parsed.address, parameters, udp);
  if (parsed.address.kind === "tcp")
    for (let port = parsed.address.port + 1; port <= last; port++)
      addSocket(call, refuse, { ...parsed.address, port }, parameters, udp);
};

/** Whether it is an address, or a name that a resolver may know. */
function canBeHost(host: string): boolean {
  if (host === "*" || host.startsWith("[")) return true;
  const numbers = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host);
  if (numbers !== null) return numbers.slice(1).every((number) => Number(number) <= 255);
  return /^[a-z0-9_]/.test(host) && !/[=,;{}()<>|"']/.test(host);
}

function parameterFault(text: string, call: SetterCall): string | undefined {
  const { context } = call;
  const [, key = text, value] = /^([a-z0-9_]+)=(.*)$/s.exec(text) ?? [];
  if (value === undefined) return plainParameterFault(text, call);
  switch (key) {
    case "fastopen":
      return parseNumber(value) === undefined ? `invalid fastopen "${text}"` : undefined;
    case "backlog":
      return isBacklog(value) ? undefined : `invalid backlog "${text}"`;
    case "rcvbuf":
    case "sndbuf":
      return parseSize(value) === undefined ? `invalid ${key} "${text}"` : undefined;
    case "accept_filter":
      return undefined;
    case "ipv6only":
      if (!value.startsWith("o")) return `invalid parameter "${text}"`;
      return /^o(?:n|ff)$/.test(value) ? undefined : `invalid ipv6only flags "${value}"`;
    case "so_keepalive":
      return isKeepalive(value) ? undefined : `invalid so_keepalive value: "${value}"`;
    default:
      return context === "S" ? `invalid parameter "${text}"` : undefined;
  }
}

/** A parameter without a value. */
function plainParameterFault(text: string, { version, context }: SetterCall): string | undefined {
  const since = plainParameters.get(text);
  if (context === "S") {
    const known = since !== undefined && (version === undefined || since === "" || version.atLeast(since));
    return known ? undefined : `invalid parameter "${text}"`;
  }
  // Stream has some of them since 1.25.5.
  if (context === "V" && (text === "default_server" || text === "deferred"))
    return version === undefined || version.atLeast("1.25.5") ? undefined : `the invalid "${text}" parameter`;
  return undefined;
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

function addSocket(
  call: SetterCall,
  refuse: Refuse,
  address: Address,
  parameters: readonly NginxWord[],
  udp: boolean,
): void {
  const { placed, context, declared, version } = call;
  const server = placed.level.owner;
  if (server === undefined || placed.directive.file.conditional) return;
  const text = addressText(printedAddress(address));
  const key = `${context} ${udp ? "udp" : "tcp"} ${text}`;
  const socket = declared.sockets.get(key) ?? newSocket(declared.sockets, key);
  const before = socket.servers.get(server);
  const older = context !== "S" && (version === undefined || !version.atLeast("1.25.5"));
  if (older || context === "B") {
    const first = [...socket.servers.values()][0];
    if (first !== undefined && (version !== undefined || context === "B"))
      refuse(`duplicate "${text}" address and port pair`, undefined, twice(first));
    socket.servers.set(server, placed);
    return;
  }
  if (before !== undefined) {
    refuse(`a duplicate listen ${text}`, undefined, twice(before));
    return;
  }
  socket.servers.set(server, placed);
  const wasSet = socket.options !== undefined;
  const set = parameters.some((word) => socketOption.test(word.text));
  if (set) {
    if (socket.options !== undefined) {
      refuse(`duplicate listen options for ${text}`, undefined, {
        rule: "nginx/duplicate-listen-options",
        because: [{ message: "its options are set here first", at: socket.options.at }],
        help: "Options of a socket stand in one listen; the other server blocks name only the address.",
      });
      return;
    }
    socket.options = placed;
  }
  if (parameters.some((word) => word.text === "default_server" || word.text === "default")) {
    if (socket.fallback !== undefined)
      refuse(`a duplicate default server for ${text}`, undefined, twice(socket.fallback));
    else socket.fallback = placed;
  }
  socket.protocols = warnOfProtocols(call, socket.protocols, parameters, text, [set, wasSet]);
}

function newSocket(sockets: Map<string, DeclaredSocket>, key: string): DeclaredSocket {
  const socket: DeclaredSocket = {
    options: undefined,
    fallback: undefined,
    protocols: undefined,
    servers: new Map(),
  };
  sockets.set(key, socket);
  return socket;
}

function twice(first: PlacedDirective): {
  rule: string;
  because: { message: string; at: PlacedDirective["at"] }[];
} {
  return { rule: "nginx/duplicate", because: [{ message: "it is listened on here first", at: first.at }] };
}

/** nginx prints a wildcard as 0.0.0.0. */
function printedAddress(address: Address): Address {
  if (address.kind !== "tcp") return address;
  if (address.host === "localhost") return { ...address, host: "127.0.0.1" };
  return address.host === "*" ? { ...address, host: "0.0.0.0" } : address;
}
