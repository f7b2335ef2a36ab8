import { parseListen } from "./parse-address.ts";
import { parseNumber } from "./parse-value.ts";

/** A network as nginx keeps it. */
export interface Network {
  readonly family: "inet" | "inet6";
  /** The address with the bits behind the prefix cleared. */
  readonly address: bigint;
  readonly bits: number;
  /** Bits behind the prefix were set: nginx warns and clears them. */
  readonly lowBits: boolean;
}

/** An address, or one with the length of its prefix (src/core/ngx_inet.c ngx_ptocidr); undefined where it is none. */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf("/");
  const host = slash === -1 ? text : text.slice(0, slash);
  const inet = inetNumber(host);
  // All ones is also what ngx_inet_addr answers where it fails.
  const family = inet === undefined || inet === 0xff_ff_ff_ff ? "inet6" : "inet";
  const whole = family === "inet" ? BigInt(inet ?? 0) : inet6Number(host);
  if (whole === undefined) return undefined;
  const width = family === "inet" ? 32 : 128;
  const bits = slash === -1 ? width : parseNumber(text.slice(slash + 1));
  if (bits === undefined || bits > width) return undefined;
  const behind = BigInt(width - bits);
  const address = (whole >> behind) << behind;
  return { family, address, bits, lowBits: address !== whole };
}

/** The network in short notation, without the bits that nginx clears. */
export function networkText({ family, address, bits }: Network): string {
  if (family === "inet")
    return `${[24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join(".")}/${bits}`;
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((address >> BigInt(16 * (7 - index))) & 0xffffn).toString(16),
  );
  const parsed = parseListen(`[${groups.join(":")}]`, 1);
  const host = parsed.ok && parsed.address.kind === "tcp" ? parsed.address.host : "";
  return `${host.slice(1, -1)}/${bits}`;
}

/** An IPv4 address in four parts, of which any may be empty (ngx_inet_addr). */
export function inetNumber(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d*$/.test(part) && Number(part) <= 255))
    return undefined;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

function inet6Number(text: string): bigint | undefined {
  if (!text.includes(":") || !parseListen(`[${text}]`, 1).ok) return undefined;
  const [head = "", tail] = text.split("::");
  const first = groupsOf(head);
  const last = tail === undefined ? [] : groupsOf(tail);
  const between = Array.from({ length: 8 - first.length - last.length }, () => 0);
  return [...first, ...between, ...last].reduce((sum, group) => (sum << 16n) | BigInt(group), 0n);
}

/** The groups of 16 bits; the last may be an IPv4 address. */
function groupsOf(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((part) => {
    const inet = inetNumber(part);
    return inet === undefined ? [Number.parseInt(part, 16)] : [Math.floor(inet / 65_536), inet % 65_536];
  });
}
