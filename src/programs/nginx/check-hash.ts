import type { Complaints } from "./complaint.ts";
import { type HashSetting, isOptimal, notOptimal, wholeLines } from "./hash-size.ts";
import { parseNumber } from "./parse-value.ts";
import type { Level, PlacedDirective } from "./placement.ts";

/**
 * What the directives of a hash say.
 *
 * @param levels the innermost first
 * @param ignored directives that do not count, such as later ones
 * @returns undefined where it is not known
 */
export function hashSetting(
  name: string,
  levels: readonly Level[],
  defaults: { readonly maxSize: number; readonly bucketSize: number },
  ignored: (placed: PlacedDirective) => boolean = () => false,
): HashSetting | undefined {
  const number = (directive: string, fallback: number): number | undefined => {
    const [setting] = levels.flatMap((level) => level.named(directive).filter((each) => !ignored(each)));
    if (setting === undefined) return fallback;
    if (setting.directive.hole || setting.directive.file.conditional) return undefined;
    return parseNumber(setting.args[0] ?? "");
  };
  const maxSize = number(`${name}_max_size`, defaults.maxSize);
  const bucketSize = number(`${name}_bucket_size`, defaults.bucketSize);
  if (maxSize === undefined || bucketSize === undefined || maxSize === 0 || bucketSize > 65_472)
    return undefined;
  return { name, maxSize, bucketSize: wholeLines(bucketSize) };
}

/** nginx builds the hash with larger buckets than it is told, and says so. */
export function sayNotOptimal(
  placed: PlacedDirective,
  order: number,
  names: readonly string[],
  setting: HashSetting,
  complaints: Complaints,
): void {
  const { name, maxSize, bucketSize } = setting;
  complaints.printAt(order, notOptimal(setting), undefined);
  const better = betterSetting(names, setting);
  const changes = [
    ...(better.maxSize === maxSize ? [] : [`${name}_max_size ${better.maxSize};`]),
    ...(better.bucketSize === bucketSize ? [] : [`${name}_bucket_size ${better.bucketSize};`]),
  ];
  complaints.warn(
    placed,
    "nginx/hash-size",
    `nginx cannot build an optimal ${name} of ${names.length} names with ${name}_max_size ${maxSize} and ${name}_bucket_size ${bucketSize}`,
    { at: placed.directive.nameSpan, help: `Write ${changes.join(" and ")}` },
  );
}

/** A setting with which nginx builds the hash, as far as it is found quickly. */
function betterSetting(names: readonly string[], setting: HashSetting): HashSetting {
  const { maxSize, bucketSize } = setting;
  const least = 2 ** Math.ceil(Math.log2(Math.max(names.length, 512)));
  const tries = [1, 2, 4].map((times) => ({
    ...setting,
    maxSize: Math.max(maxSize, least * Math.min(times, 2)),
    bucketSize: bucketSize * times,
  }));
  const found = tries.find((each) =>
    each.maxSize > maxSize || each.bucketSize > bucketSize ? isOptimal(names, each) : false,
  );
  return found ?? { ...setting, maxSize: Math.max(maxSize, least * 2), bucketSize: bucketSize * 4 };
}
