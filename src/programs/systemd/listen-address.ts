import type { Address } from "../../model/address.ts";

export type AddressFault = "Invalid argument" | "Numerical result out of range";

/**
 * The value of ListenStream=: a port, `address:port`, `[v6]:port`, `/path`, `@name`, `vsock:cid:port`
 * (socket_address_parse of src/shared/socket-netlink.c). Names of hosts and services are refused.
 */
export function parseListenAddress(text: string): Address | AddressFault {
  if (/^[/@]/.test(text))
    return text.length > 108 || text.length < 2
      ? "Invalid argument"
      : { kind: "unix", path: withoutVarRun(text) };
  if (/^vsock:[^:]*:\d+$/.test(text)) return { kind: "other", text };
  const port = parsePort(text);
  if (port === "Numerical result out of range") return port;
  if (typeof port === "number") return { kind: "tcp", host: "[::]", port };
  const split = /^(?:\[([0-9a-fA-F:.]+)(?:%[\w.-]+)?\]|([0-9.]+)):([0-9+]+)$/.exec(text);
  const [, six, four, number = ""] = split ?? [];
  const wanted = parsePort(number);
  if (split === null || typeof wanted !== "number") return "Invalid argument";
  if (four !== undefined)
    return isIpv4(four) ? { kind: "tcp", host: four, port: wanted } : "Invalid argument";
  return isIpv6(six ?? "")
    ? { kind: "tcp", host: `[${(six ?? "").toLowerCase()}]`, port: wanted }
    : "Invalid argument";
}

/** systemd itself corrects the old place of sockets (patch_var_run of src/core/load-fragment.c). */
function withoutVarRun(path: string): string {
  return path.startsWith("/var/run/") ? path.slice("/var".length) : path;
}

/** parse_ip_port of src/basic/parse-util.c: decimal without leading zeros, not 0. */
function parsePort(text: string): number | AddressFault {
  if (!/^(?:0|[1-9]\d*)$/.test(text)) return "Invalid argument";
  const port = Number(text);
  if (port === 0) return "Invalid argument";
  return port > 65535 ? "Numerical result out of range" : port;
}

function isIpv4(text: string): boolean {
  return /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$/.test(text);
}

function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const embedded = groups.at(-1)?.includes(".") === true;
  const plain = embedded ? groups.slice(0, -1) : groups;
  if (!plain.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  if (embedded && !isIpv4(groups.at(-1) ?? "")) return false;
  const count = plain.length + (embedded ? 2 : 0);
  return halves.length === 2 ? count < 8 : count === 8;
}
