import type { Complaints } from "./complaint.ts";
import { parseNumber } from "./parse-value.ts";
import type { Level, PlacedDirective } from "./placement.ts";

/** Bytes of a cache line, the smallest bucket. */
const cacheLine = 64;

/**
 * A key of a map too long for a bucket of its hash, which nginx finds at the end of the map: a pointer, two bytes of
 * length and the key, rounded up to 8, and the pointer that ends a bucket (src/core/ngx_hash.c ngx_hash_init).
 */
export function checkMapHash(
  map: PlacedDirective,
  entries: readonly PlacedDirective[],
  complaints: Complaints,
): void {
  const [setting] = map.level.named("map_hash_bucket_size");
  if (setting !== undefined && (setting.order > map.order || setting.directive.hole)) return;
  const set = setting === undefined ? cacheLine : parseNumber(setting.args[0] ?? "");
  if (set === undefined || map.directive.close === undefined) return;
  const bucket = Math.ceil(set / cacheLine) * cacheLine;
  if (entries.some(({ name }) => name === "hostnames" || name === "include")) return;
  const long = entries.find(({ name }) => {
    const key = name.replace(/^\\/, "");
    return (
      name !== "default" && !name.startsWith("~") && 16 + Math.ceil((byteLength(key) + 2) / 8) * 8 > bucket
    );
  });
  if (long === undefined) return;
  complaints.refuseAt(
    map.closed,
    long,
    "nginx/value",
    `could not build map_hash, you should increase map_hash_bucket_size: ${bucket}`,
    { at: long.directive.nameSpan, help: `Write map_hash_bucket_size ${bucket * 2}; before this map.` },
    undefined,
  );
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** `map_hash_...` after a map, which has fixed it (ngx_http_map_block). */
export function isFixedByMap(placed: PlacedDirective, level: Level): PlacedDirective | undefined {
  return level.named("map").find((map) => map.order < placed.order && map.block !== undefined);
}

/**
 * A key with `*` or `.` in a map of hostnames that is none (src/core/ngx_hash.c ngx_hash_add_key): one `*`, at the
 * start before a dot or at the end after one.
 */
export function isHostname(name: string): boolean {
  const stars = name.split("*").length - 1;
  if (stars > 1 || name.includes("..") || name.includes("\0")) return false;
  if (stars === 0) return true;
  return (
    (name.length > 1 && name.startsWith(".")) ||
    (name.length > 2 && (/^\*\./.test(name) || /\.\*$/.test(name)))
  );
}
