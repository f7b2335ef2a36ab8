import { type Address, addressText } from "../../model/address.ts";
import type { NginxListen } from "../../model/nginx.ts";
import { type Connections, connections } from "../../model/units.ts";
import { unknown, type Value, written } from "../../model/value.ts";
import type { NginxWord } from "../../syntax/nginx/tree.ts";
import { defaultOf, defaults } from "./defaults.ts";
import { parseListen } from "./parse-address.ts";
import { parseNumber } from "./parse-value.ts";
import type { Level, PlacedDirective } from "./placement.ts";
import { holeIn, isChosen, measured, type Reader } from "./reader.ts";

export type ListenModule = NginxListen["module"];

/** A server block with what its `listen` directives say. */
export interface ServerListens {
  readonly server: PlacedDirective;
  readonly module: ListenModule;
}

/** The listening sockets, and which server blocks are reached by many requests on one connection. */
export interface Listens {
  readonly listens: readonly NginxListen[];
  /** Server blocks with an address on which some listen says `http2` or `quic`. */
  readonly multiplexed: ReadonlySet<PlacedDirective>;
}

interface Socket {
  readonly address: Address;
  readonly module: ListenModule;
  readonly udp: boolean;
  first: PlacedDirective;
  /** The listen that carries socket options; they belong to the address whichever server states them. */
  options: PlacedDirective | undefined;
  backlog: NginxWord | undefined;
  reuseport: boolean;
  multiplexed: boolean;
  readonly servers: PlacedDirective[];
}

/** More ports than these of one `listen` are not told apart. */
const mostPorts = 65535;

/** Parameters that make nginx set options on the socket and bind it by itself (`lsopt.set`). */
const socketOption =
  /^(?:bind|setfib=.*|fastopen=.*|backlog=.*|rcvbuf=.*|sndbuf=.*|accept_filter=.*|deferred|ipv6only=o.*|reuseport|multipath|so_keepalive=.*)$/;

/**
 * The sockets that nginx opens: one for each address and port, however many server blocks name it. A server
 * without `listen` gets *:80 (as root; src/http/ngx_http.c). With a wildcard on a port, a specific address of it
 * without options of its own has no socket (ngx_http_add_addrs, ngx_http_init_listening).
 */
export function collectListens(servers: readonly ServerListens[], reader: Reader): Listens {
  const sockets = new Map<string, Socket>();
  for (const { server, module } of servers) {
    const directives = server.block?.named("listen") ?? [];
    if (directives.length === 0 && module === "http")
      addSocket(
        sockets,
        { kind: "tcp", host: "*", port: 80 },
        { server, module, directive: server, words: [] },
        reader,
      );
    for (const directive of directives) addListen(sockets, server, module, directive, reader);
  }
  const all = [...sockets.values()];
  const multiplexed = new Set(all.filter((socket) => socket.multiplexed).flatMap((socket) => socket.servers));
  return {
    listens: all.filter((socket) => hasSocket(socket, sockets)).map((socket) => toListen(socket, reader)),
    multiplexed,
  };
}

/** `[::]:` before something that a template puts behind it. */
function opensHole(word: NginxWord): boolean {
  return word.file.template && word.text.endsWith(":");
}

interface Statement {
  readonly server: PlacedDirective;
  readonly module: ListenModule;
  /** The `listen`, or the server block that has none. */
  readonly directive: PlacedDirective;
  readonly words: readonly NginxWord[];
}

function addListen(
  sockets: Map<string, Socket>,
  server: PlacedDirective,
  module: ListenModule,
  directive: PlacedDirective,
  reader: Reader,
): void {
  const [word, ...words] = directive.directive.args;
  if (word === undefined || word.hole || opensHole(word) || word.text.includes("$")) return;
  const parsed = parseListen(word.text, 80);
  if (!parsed.ok) {
    reader.report({
      rule: "nginx/value",
      message: `${parsed.error} in "${word.text}" of the "listen" directive`,
      at: word.span,
    });
    return;
  }
  const { address } = parsed;
  const statement = { server, module, directive, words };
  if (address.kind !== "tcp") {
    addSocket(sockets, address, statement, reader);
    return;
  }
  for (let port = address.port; port <= parsed.lastPort && port - address.port < mostPorts; port++)
    addSocket(sockets, { ...address, port }, statement, reader);
}

function addSocket(
  sockets: Map<string, Socket>,
  address: Address,
  statement: Statement,
  reader: Reader,
): void {
  const { server, module, directive, words } = statement;
  const texts = words.map((word) => word.text);
  const udp = texts.includes("udp") || texts.includes("quic");
  const key = `${module} ${udp ? "udp" : "tcp"} ${socketKey(address)}`;
  let socket = sockets.get(key);
  if (socket === undefined) {
    socket = {
      address,
      module,
      udp,
      first: directive,
      options: undefined,
      backlog: undefined,
      reuseport: false,
      multiplexed: false,
      servers: [],
    };
    sockets.set(key, socket);
  }
  socket.servers.push(server);
  if (texts.includes("http2") || texts.includes("quic")) socket.multiplexed = true;
  if (!texts.some((text) => socketOption.test(text))) return;
  if (socket.options !== undefined && socket.options !== directive) {
    if (isChosen(directive) || isChosen(socket.options)) return;
    reader.report({
      rule: "nginx/duplicate",
      message: `duplicate listen options for ${addressText(listenAddress(address))}`,
      at: directive.at,
      because: [{ message: "its options are set here first", at: socket.options.at }],
      help: "Options of a socket stand in one listen; the other server blocks name only the address.",
    });
    return;
  }
  socket.options = directive;
  socket.backlog = words.findLast((word) => word.text.startsWith("backlog="));
  socket.reuseport = texts.includes("reuseport");
}

/** nginx prints a wildcard as 0.0.0.0. */
function listenAddress(address: Address): Address {
  return address.kind === "tcp" && address.host === "*" ? { ...address, host: "0.0.0.0" } : address;
}

function socketKey(address: Address): string {
  return addressText(
    address.kind === "tcp" && address.host === "localhost" ? { ...address, host: "127.0.0.1" } : address,
  );
}

function hasSocket(socket: Socket, sockets: ReadonlyMap<string, Socket>): boolean {
  const { address } = socket;
  if (address.kind !== "tcp" || socket.options !== undefined) return true;
  const wildcard = address.host.startsWith("[") ? "[::]" : "*";
  return (
    address.host === wildcard ||
    !sockets.has(`${socket.module} ${socket.udp ? "udp" : "tcp"} ${wildcard}:${address.port}`)
  );
}

function toListen(socket: Socket, reader: Reader): NginxListen {
  const place = socket.options ?? socket.first;
  const at = place.name === "listen" ? place.at : place.directive.nameSpan;
  return {
    address: socket.address,
    at,
    udp: socket.udp,
    backlog:
      socket.backlog === undefined
        ? measured<Connections>(defaultOf(defaults.backlog, reader.version, at))
        : writtenBacklog(socket.backlog, reader),
    reuseport: socket.reuseport,
    module: socket.module,
  };
}

/** Kept in a C int: a number that wraps to a negative one asks the kernel for as much as somaxconn allows. */
function writtenBacklog(word: NginxWord, reader: Reader): Value<Connections> {
  const hole = holeIn(word);
  if (hole !== undefined) return unknown("backlog", `a template fills in ${hole}`, { at: word.span });
  const text = word.text.slice("backlog=".length);
  const kept = parseNumber(text) === undefined ? 0 : Number(BigInt.asIntN(32, BigInt(text)));
  if (kept === 0 || kept === -1) {
    reader.report({
      rule: "nginx/value",
      message: `invalid backlog "${word.text}"`,
      at: word.span,
      help: "Write a whole number from 1 on.",
    });
    return unknown("backlog", `nginx refuses "${word.text}"`, { at: word.span });
  }
  return written("backlog", connections(kept < 0 ? Number.POSITIVE_INFINITY : kept), word.span);
}

/** The server blocks of a level that holds them (http, stream, mail, or the top of a fragment). */
export function serversOf(level: Level, module: ListenModule): ServerListens[] {
  return level.named("server").flatMap((server) => (server.block === undefined ? [] : [{ server, module }]));
}
