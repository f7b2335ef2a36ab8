import { type Address, addressText } from "../../model/address.ts";
import type { NginxWord } from "../../syntax/nginx/tree.ts";
import { warnOfHttp2 } from "./check-deprecated.ts";
import { warnOfProtocols } from "./check-redefined.ts";
import { inetNumber } from "./cidr.ts";
import { datagramFault, listenFault } from "./listen-parameters.ts";
import { parseListen } from "./parse-address.ts";
import type { PlacedDirective } from "./placement.ts";
import type { DeclaredSocket, Refuse, SetterCall, SetterCheck } from "./setter-call.ts";

/** Ranges of ports are followed up to this many ports each. */
const mostRangePorts = 2000;

/** Parameters that set options of the socket (`lsopt.set`). */
const socketOption =
  /^(?:bind|fastopen=.*|backlog=.*|rcvbuf=.*|sndbuf=.*|deferred|ipv6only=o.*|reuseport|multipath|so_keepalive=.*)$/s;

/** `listen` of http, stream and mail (src/http/ngx_http_core_module.c ngx_http_core_listen). */
export const checkListen: SetterCheck = (call, refuse) => {
  const [address, ...parameters] = call.placed.directive.args;
  if (address === undefined) return;
  // What envsubst or another template fills in.
  if (/\$\{?[A-Z]/.test(address.text) || (address.file.template && /\$|:$/.test(address.text))) return;
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
    const fault = listenFault(word.text, call.context, call.version);
    if (fault === undefined) continue;
    refuse(fault.message, word, fault.help === undefined ? {} : { help: fault.help });
    return;
  }
  const udp = parameters.some(({ text }) => text === "udp" || text === "quic");
  const fault = datagramFault(
    parameters.map(({ text }) => text),
    call.context,
    call.version,
  );
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
  if (inetNumber(host) !== undefined) return true;
  const numbers = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host);
  if (numbers !== null) return numbers.slice(1).every((number) => Number(number) <= 255);
  return /^[a-z0-9_]/.test(host) && !/[=,;{}()<>|"']/.test(host);
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
    refuse(`a duplicate listen ${text}`, undefined, {
      ...twice(before),
      help: "Write one listen with all parameters: nginx does not start with two for one address in a server.",
    });
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
