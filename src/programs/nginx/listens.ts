import { type Address, addressText } from "../../model/address.ts";
import type { NginxListen } from "../../model/nginx.ts";
import { type Connections, connections } from "../../model/units.ts";
import { unknown, type Value, written } from "../../model/value.ts";
import type { NginxWord } from "../../syntax/nginx/tree.ts";
import { defaultOf, defaults } from "./defaults.ts";
import { parseListen } from "./parse-address.ts";
import { parseNumber } from "./parse-value.ts";
import type { Level, PlacedDirective } from "./placement.ts";
import { holeIn, measured, type Reader } from "./reader.ts";

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
  readonly first: PlacedDirective;
  /** The listen that carries socket options; they belong to the address whichever server states them. */
  options: Statement | undefined;
  multiplexed: boolean;
  readonly servers: PlacedDirective[];
}

/** Ranges of ports are followed up to this many ports together. */
const mostRangePorts = 200_000;

/** Parameters that make nginx set options on the socket and bind it by itself (`lsopt.set`). */
const socketOption =
  /^(?:bind|setfib=.*|fastopen=.*|backlog=.*|rcvbuf=.*|sndbuf=.*|accept_filter=.*|deferred|ipv6only=o.*|reuseport|multipath|so_keepalive=.*)$/;

/**
 * The sockets that nginx opens: one for each address and port, however many server blocks name it. A server
 * without `listen` gets *:80 (as root; src/http/ngx_http.c). With a wildcard on a port, a specific address of it
 * without options of its own has no socket (ngx_http_add_addrs, ngx_http_init_listening).
 */
export function collectListens(servers: readonly ServerListens[], reader: Reader): Listens {
  const table = new SocketTable(reader);
  for (const { server, module } of servers) {
    const directives = server.block?.named("listen") ?? [];
    if (directives.length === 0 && module === "http")
      table.add({ kind: "tcp", host: "*", port: 80 }, statementOf(server, module, server));
    for (const directive of directives) table.addListen(statementOf(server, module, directive));
  }
  return table.listens();
}

/** A `listen`, or the server block that has none. */
interface Statement {
  readonly server: PlacedDirective;
  readonly module: ListenModule;
  readonly directive: PlacedDirective;
  readonly parameters: readonly NginxWord[];
  readonly udp: boolean;
  readonly multiplexed: boolean;
  readonly reuseport: boolean;
  /** Whether it sets options of the socket. */
  readonly options: boolean;
}

function statementOf(server: PlacedDirective, module: ListenModule, directive: PlacedDirective): Statement {
  const parameters = server === directive ? [] : directive.directive.args.slice(1);
  const texts = parameters.map((word) => word.text);
  return {
    server,
    module,
    directive,
    parameters,
    udp: texts.includes("udp") || texts.includes("quic"),
    multiplexed: texts.includes("http2") || texts.includes("quic"),
    reuseport: texts.includes("reuseport"),
    options: texts.some((text) => socketOption.test(text)),
  };
}

class SocketTable {
  readonly #sockets = new Map<string, Socket>();
  #rangePorts = 0;

  constructor(readonly reader: Reader) {}

  addListen(statement: Statement): void {
    const word = statement.directive.directive.arg(0);
    if (word === undefined || word.hole || opensHole(word) || word.text.includes("$")) return;
    const parsed = parseListen(word.text, 80);
    if (!parsed.ok) return;
    const { address } = parsed;
    this.add(address, statement);
    if (address.kind !== "tcp") return;
    for (let port = address.port + 1; port <= parsed.lastPort && this.#rangePorts < mostRangePorts; port++) {
      this.#rangePorts += 1;
      this.add({ ...address, port }, statement);
    }
  }

  add(address: Address, statement: Statement): void {
    const key = socketKey(statement.module, statement.udp, address);
    let socket = this.#sockets.get(key);
    if (socket === undefined) {
      socket = {
        address,
        module: statement.module,
        udp: statement.udp,
        first: statement.directive,
        options: undefined,
        multiplexed: false,
        servers: [],
      };
      this.#sockets.set(key, socket);
    }
    socket.servers.push(statement.server);
    if (statement.multiplexed) socket.multiplexed = true;
    if (statement.options) socket.options ??= statement;
  }

  listens(): Listens {
    const sockets = [...this.#sockets.values()];
    return {
      listens: sockets
        .filter((socket) => this.#isOpened(socket))
        .map((socket) => toListen(socket, this.reader)),
      multiplexed: new Set(
        sockets.filter((socket) => socket.multiplexed).flatMap((socket) => socket.servers),
      ),
    };
  }

  #isOpened({ address, module, udp, options }: Socket): boolean {
    if (address.kind !== "tcp" || options !== undefined) return true;
    const wildcard = address.host.startsWith("[") ? "[::]" : "*";
    return (
      address.host === wildcard || !this.#sockets.has(socketKey(module, udp, { ...address, host: wildcard }))
    );
  }
}

/** `[::]:` before something that a template puts behind it. */
function opensHole(word: NginxWord): boolean {
  return word.file.template && word.text.endsWith(":");
}

/** Equal for addresses that nginx binds once. */
function socketKey(module: ListenModule, udp: boolean, address: Address): string {
  const bound =
    address.kind === "tcp" && address.host === "localhost" ? { ...address, host: "127.0.0.1" } : address;
  return `${module} ${udp ? "udp" : "tcp"} ${addressText(bound)}`;
}

function toListen(socket: Socket, reader: Reader): NginxListen {
  const { options } = socket;
  const place = options?.directive ?? socket.first;
  const at = place.name === "listen" ? place.at : place.directive.nameSpan;
  const backlog = options?.parameters.findLast((word) => word.text.startsWith("backlog="));
  return {
    address: socket.address,
    at,
    udp: socket.udp,
    backlog:
      backlog === undefined
        ? measured<Connections>(defaultOf(defaults.backlog, reader.version, at))
        : writtenBacklog(backlog, reader),
    reuseport: options?.reuseport ?? false,
    module: socket.module,
  };
}

/** Kept in a C int: a number that wraps to a negative one asks the kernel for as much as somaxconn allows. */
function writtenBacklog(word: NginxWord, _reader: Reader): Value<Connections> {
  const hole = holeIn(word);
  if (hole !== undefined) return unknown("backlog", `a template fills in ${hole}`, { at: word.span });
  const text = word.text.slice("backlog=".length);
  const kept = parseNumber(text) === undefined ? 0 : Number(BigInt.asIntN(32, BigInt(text)));
  if (kept === 0 || kept === -1) {
    return unknown("backlog", `nginx refuses "${word.text}"`, { at: word.span });
  }
  return written("backlog", connections(kept < 0 ? Number.POSITIVE_INFINITY : kept), word.span);
}

/** The server blocks of a level that holds them (http, stream, mail, or the top of a fragment). */
export function serversOf(level: Level, module: ListenModule): ServerListens[] {
  return level.named("server").flatMap((server) => (server.block === undefined ? [] : [{ server, module }]));
}
