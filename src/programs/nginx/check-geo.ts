import type { Version } from "../../model/facts.ts";
import type { Complaints } from "./complaint.ts";
import { parseListen } from "./parse-address.ts";
import type { PlacedDirective } from "./placement.ts";

/** The lines of a geo block (src/http/modules/ngx_http_geo_module.c). */
export function checkGeo(
  entries: readonly PlacedDirective[],
  version: Version | undefined,
  complaints: Complaints,
): void {
  const ranges: Range[] = [];
  let byRange = false;
  let filled = false;
  for (const entry of entries) {
    const { name, args } = entry;
    const refuse = (rule: string, message: string): void =>
      complaints.refuse(entry, rule, message, { at: entry.directive.nameSpan });
    if (args.length === 0) {
      if (name === "ranges" && filled)
        refuse("nginx/value", 'the "ranges" directive must be the first directive inside "geo" block');
      if (name === "ranges") byRange = true;
      if (name === "ranges" || name === "proxy_recursive") continue;
      if (name === "volatile" && (version === undefined || version.atLeast("1.29.3"))) continue;
    }
    if (args.length !== 1) {
      refuse("nginx/arguments", "invalid number of the geo parameters");
      continue;
    }
    if (name === "include") continue;
    const network = name === "delete" || name === "proxy" ? (args[0] ?? "") : name;
    if (name !== "proxy") filled = true;
    if (name === "default") continue;
    if (byRange && name !== "proxy") {
      const range = parseRange(network);
      if (range === undefined) refuse("nginx/value", `invalid range "${network}"`);
      else if (name !== "delete") {
        const other = addRange(ranges, range);
        if (other !== undefined)
          refuse(
            "nginx/value",
            `range "${network}" overlaps "${inetText(other.start)}-${inetText(other.end)}"`,
          );
      }
    } else if (!isNetwork(network)) refuse("nginx/value", `invalid network "${network}"`);
  }
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function parseRange(text: string): Range | undefined {
  const [first = "", last, ...more] = text.split("-");
  const start = inetNumber(first);
  const end = last === undefined ? undefined : inetNumber(last);
  if (start === undefined || end === undefined || start > end || more.length > 0) return undefined;
  return { start, end };
}

/**
 * Puts a range among others, in order: one inside of another splits it, one that crosses or encloses another is
 * refused (ngx_http_geo_add_range). nginx does so for each block of 65536 addresses; only ranges in one are judged.
 *
 * @returns the range in the way
 */
function addRange(ranges: Range[], { start, end }: Range): Range | undefined {
  if (Math.floor(start / 65_536) !== Math.floor(end / 65_536)) return undefined;
  for (let at = ranges.length - 1; at >= 0; at--) {
    const other = ranges[at];
    if (other === undefined || end < other.start) continue;
    if (start > other.end) {
      ranges.splice(at + 1, 0, { start, end });
      return undefined;
    }
    if (start < other.start || end > other.end) return other;
    const before = start > other.start ? [{ start: other.start, end: start - 1 }] : [];
    const after = end < other.end ? [{ start: end + 1, end: other.end }] : [];
    ranges.splice(at, 1, ...before, { start, end }, ...after);
    return undefined;
  }
  ranges.unshift({ start, end });
  return undefined;
}

function inetText(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

function isNetwork(text: string): boolean {
  const [address = "", bits, ...more] = text.split("/");
  if (more.length > 0) return false;
  const inet6 = address.includes(":");
  if (inet6 ? !parseListen(`[${address}]`, 1).ok : inetNumber(address) === undefined) return false;
  if (bits === undefined) return true;
  return /^\d+$/.test(bits) && Number(bits) <= (inet6 ? 128 : 32);
}

function inetNumber(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255))
    return undefined;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}
