/** Whether Python's ipaddress.ip_address() takes it. */
export function isIpAddress(text: string): boolean {
  return ipv4(text) !== undefined || ipv6(text) !== undefined;
}

/** Why ipaddress.ip_network() refuses it, in Python's words; undefined where it accepts it. */
export function networkFault(text: string): string | undefined {
  const [address = "", mask, ...more] = text.split("/");
  const bits = ipv4(address) ?? ipv6(address);
  const fault = `'${text}' does not appear to be an IPv4 or IPv6 network`;
  if (bits === undefined || more.length > 0) return fault;
  if (mask === undefined) return undefined;
  const prefix = prefixLength(mask, bits.length);
  if (prefix === undefined) return fault;
  return bits.slice(prefix).includes("1") ? `${text} has host bits set` : undefined;
}

/** Bits of a netmask such as 24 or 255.255.255.0; IPv4 host masks (0.0.0.255) too. */
function prefixLength(mask: string, width: number): number | undefined {
  if (/^[0-9]+$/.test(mask)) return Number(mask) <= width ? Number(mask) : undefined;
  const bits = width === 32 ? ipv4(mask) : undefined;
  if (bits === undefined) return undefined;
  if (/^1*0*$/.test(bits)) return bits.lastIndexOf("1") + 1;
  return /^0*1*$/.test(bits) ? bits.indexOf("1") : undefined;
}

/** 32 bits; undefined for anything but four decimal octets without leading zeros. */
function ipv4(text: string): string | undefined {
  const octets = text.split(".");
  if (
    octets.length !== 4 ||
    !octets.every((octet) => /^(0|[1-9][0-9]{0,2})$/.test(octet) && Number(octet) < 256)
  )
    return undefined;
  return octets.map((octet) => Number(octet).toString(2).padStart(8, "0")).join("");
}

/** 128 bits; a scope after `%` is allowed. */
function ipv6(text: string): string | undefined {
  const [address = "", scope, ...more] = text.split("%");
  if (scope === "" || more.length > 0) return undefined;
  const halves = address.split("::");
  if (halves.length > 2) return undefined;
  const groups = halves.map((half, index) => ipv6Groups(half, index === halves.length - 1));
  const [head, tail] = groups;
  if (head === undefined || groups.includes(undefined)) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  return [
    ...head,
    ...Array<string>(tail === undefined ? 0 : missing).fill("0".repeat(16)),
    ...(tail ?? []),
  ].join("");
}

function ipv6Groups(text: string, isLast: boolean): string[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  const groups: string[] = [];
  for (const [index, part] of parts.entries()) {
    const embedded = isLast && index === parts.length - 1 ? ipv4(part) : undefined;
    if (embedded !== undefined) groups.push(embedded.slice(0, 16), embedded.slice(16));
    else if (/^[0-9a-fA-F]{1,4}$/.test(part))
      groups.push(Number.parseInt(part, 16).toString(2).padStart(16, "0"));
    else return undefined;
  }
  return groups;
}
