import type { Address } from "../../model/address.ts";

/** An address with the last port of a range, as ngx_parse_url reads it (src/core/ngx_inet.c). */
export type ParsedAddress =
  | { readonly ok: true; readonly address: Address; readonly lastPort: number }
  /** nginx's own words. */
  | { readonly ok: false; readonly error: string };

const fail = (error: string): ParsedAddress => ({ ok: false, error });
const longestUnixPath = 107;

/** The address of a `listen`: a port, a host with or without port, `*`, or `unix:`; a range of ports. */
export function parseListen(text: string, defaultPort: number): ParsedAddress {
  return parse(text, defaultPort, true);
}

/** The address of an upstream's `server` or in a `proxy_pass`, without scheme and path. */
export function parseTarget(text: string, defaultPort: number): ParsedAddress {
  return parse(text, defaultPort, false);
}

function parse(text: string, defaultPort: number, listen: boolean): ParsedAddress {
  if (/^unix:/i.test(text)) {
    const path = text.slice("unix:".length);
    if (path === "") return fail("no path in the unix domain socket");
    if (path.length > longestUnixPath) return fail("too long path in the unix domain socket");
    return { ok: true, address: { kind: "unix", path }, lastPort: 0 };
  }
  if (text.startsWith("["))
    return text.includes("/") ? fail("invalid host") : parseInet6(text, defaultPort, listen);
  if (/[/?]/.test(text)) return fail("invalid host");
  const colon = text.indexOf(":");
  if (colon === -1 && listen) {
    const ports = /^(\d+)(?:-(\d+))?$/.exec(text);
    if (ports !== null) return tcp("*", ports[1] ?? "", ports[2]);
  }
  const host = colon === -1 ? text : text.slice(0, colon);
  if (colon !== -1) {
    const port = splitPort(text.slice(colon + 1), listen);
    const parsed = tcp(hostName(host, listen), port.first, port.last);
    return parsed.ok && host === "" ? fail("no host") : parsed;
  }
  if (host === "") return fail("no host");
  return {
    ok: true,
    address: { kind: "tcp", host: hostName(host, listen), port: defaultPort },
    lastPort: defaultPort,
  };
}

function parseInet6(text: string, defaultPort: number, listen: boolean): ParsedAddress {
  const close = text.indexOf("]");
  if (close === -1) return fail("invalid host");
  const rest = text.slice(close + 1);
  if (rest !== "" && !rest.startsWith(":")) return fail("invalid host");
  const port = rest === "" ? undefined : splitPort(rest.slice(1), listen);
  const inner = text.slice(1, close);
  const host = canonicalInet6(inner);
  const parsed =
    port === undefined
      ? ({
          ok: true,
          address: { kind: "tcp", host: `[${host}]`, port: defaultPort },
          lastPort: defaultPort,
        } as const)
      : tcp(`[${host}]`, port.first, port.last);
  if (!parsed.ok) return parsed;
  if (inner === "") return fail("no host");
  return host === undefined ? fail("invalid IPv6 address") : parsed;
}

function splitPort(text: string, listen: boolean): { first: string; last: string | undefined } {
  const dash = listen ? text.indexOf("-") : -1;
  return dash === -1
    ? { first: text, last: undefined }
    : { first: text.slice(0, dash), last: text.slice(dash + 1) };
}

function tcp(host: string, first: string, last: string | undefined): ParsedAddress {
  const lastPort = last === undefined ? undefined : portNumber(last);
  const port = portNumber(first);
  if (port === undefined || (last !== undefined && lastPort === undefined)) return fail("invalid port");
  if (lastPort !== undefined && port > lastPort) return fail("invalid port range");
  return { ok: true, address: { kind: "tcp", host, port }, lastPort: lastPort ?? port };
}

function portNumber(text: string): number | undefined {
  const port = /^\d{1,30}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65535 ? port : undefined;
}

/** `0.0.0.0` is nginx's `*` where it listens. */
function hostName(host: string, listen: boolean): string {
  const name = host.toLowerCase();
  return listen && name === "0.0.0.0" ? "*" : name;
}

/** The shortest form (RFC 5952) so that equal addresses are equal texts; undefined where it is no address. */
function canonicalInet6(text: string): string | undefined {
  const halves = text.toLowerCase().split("::");
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === "" ? [] : inet6Groups(half)));
  const [head, tail] = groups;
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const given = head.length + (tail?.length ?? 0);
  if (halves.length === 1 ? given !== 8 : given > 7) return undefined;
  const all = [...head, ...new Array<number>(8 - given).fill(0), ...(tail ?? [])];
  return shortest(all);
}

function inet6Groups(half: string): number[] | undefined {
  const groups: number[] = [];
  const parts = half.split(":");
  for (const [index, part] of parts.entries()) {
    const dotted =
      index === parts.length - 1 ? /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(part) : null;
    if (dotted !== null) {
      const [a = 0, b = 0, c = 0, d = 0] = dotted.slice(1).map(Number);
      if (Math.max(a, b, c, d) > 255) return undefined;
      groups.push(a * 256 + b, c * 256 + d);
    } else if (/^[0-9a-f]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

function shortest(groups: readonly number[]): string {
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length += 1;
    if (length > best.length) best = { start, length };
  }
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(":");
  if (best.start === -1) return text(groups);
  return `${text(groups.slice(0, best.start))}::${text(groups.slice(best.start + best.length))}`;
}
