/** A place that a program listens on or connects to. */
export type Address = TcpAddress | UnixAddress | OtherAddress;

export interface TcpAddress {
  readonly kind: "tcp";
  /** Lower case; `*` for every IPv4 address, `[::]` for every IPv6 address; otherwise an address or a name. */
  readonly host: string;
  readonly port: number;
}

export interface UnixAddress {
  readonly kind: "unix";
  /** Absolute path on the host; an abstract socket starts with `@`. */
  readonly path: string;
}

/** `fd://3` and the like. */
export interface OtherAddress {
  readonly kind: "other";
  readonly text: string;
}

export function addressText(address: Address): string {
  if (address.kind === "tcp") return `${address.host}:${address.port}`;
  return address.kind === "unix" ? `unix:${address.path}` : address.text;
}

const everyAddress = new Set(["*", "0.0.0.0", "[::]", "::", ""]);
const loopback = new Set(["localhost", "127.0.0.1", "[::1]", "::1"]);

export function isEveryAddress(host: string): boolean {
  return everyAddress.has(host);
}

export function isLoopback(host: string): boolean {
  return loopback.has(host) || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Whether a connection to `target` on the same machine reaches a socket that listens on `listening`. */
export function reaches(target: Address, listening: Address): boolean {
  if (target.kind === "unix") return listening.kind === "unix" && target.path === listening.path;
  if (target.kind !== "tcp" || listening.kind !== "tcp" || target.port !== listening.port) return false;
  if (isEveryAddress(listening.host))
    return isLoopback(target.host) || isEveryAddress(target.host) || target.host === listening.host;
  if (isLoopback(listening.host)) return isLoopback(target.host) || isEveryAddress(target.host);
  return target.host === listening.host;
}
