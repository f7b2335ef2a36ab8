import { checkBuildable, hashSetting, sayNotOptimal } from "./check-hash.ts";
import type { Complaints } from "./complaint.ts";
import { fitsBucket, isOptimal } from "./hash-size.ts";
import type { Level, PlacedDirective } from "./placement.ts";
import { exactNames, hashesOf, namesByKind } from "./wildcard-names.ts";

const defaults = { maxSize: 2048, bucketSize: 64 };

/**
 * The hash of a map, which nginx builds at the end of the map: a key too long for a bucket, or keys that do not fit
 * into so many buckets (src/http/modules/ngx_http_map_module.c ngx_http_map_block).
 */
export function checkMapHash(
  map: PlacedDirective,
  entries: readonly PlacedDirective[],
  complaints: Complaints,
): void {
  const later = ({ order }: PlacedDirective): boolean => order > map.order;
  const setting = hashSetting("map_hash", [map.level], defaults, later);
  if (map.directive.close === undefined) return;
  if (entries.some(({ name, directive }) => name === "include" || directive.file.template)) return;
  const hostnames = entries.findIndex(({ name, args }) => name === "hostnames" && args.length === 0);
  const keyed = entries.flatMap((entry, index) => {
    const { name, args } = entry;
    if (args.length !== 1 || name === "default" || name.startsWith("~")) return [];
    const key = name.replace(/^\\/, "").toLowerCase();
    return [{ entry, names: hostnames === -1 || index < hostnames ? exactNames(key) : namesByKind(key) }];
  });
  if (setting === undefined) {
    if (keyed.length > 0)
      checkBuildable({ name: "map_hash", levels: [map.level], defaults }, [], map.closed, complaints, later);
    return;
  }
  const long = keyed.find(({ names }) => !names.labels.every((name) => fitsBucket(name, setting.bucketSize)));
  if (long !== undefined) {
    complaints.refuseAt(
      map.closed,
      long.entry,
      "nginx/value",
      `could not build map_hash, you should increase map_hash_bucket_size: ${setting.bucketSize}`,
      {
        at: long.entry.directive.nameSpan,
        help: `Write map_hash_bucket_size ${setting.bucketSize * 2}; before this map.`,
      },
      undefined,
    );
    return;
  }
  for (const names of hashesOf(keyed.map((each) => each.names)))
    if (names.length > 0 && isOptimal(names, setting) === false)
      sayNotOptimal(map, map.closed, names, setting, complaints);
}

/** `map_hash_...` after a map, which has fixed it (ngx_http_map_block). */
export function isFixedByMap(placed: PlacedDirective, level: Level): PlacedDirective | undefined {
  return level.named("map").find((map) => map.order < placed.order && map.block !== undefined);
}
