import type { Complaints } from "./complaint.ts";
import { fitsBucket, type HashSetting, isOptimal, notOptimal, wholeLines } from "./hash-size.ts";
import { parseNumber } from "./parse-value.ts";
import type { Level, PlacedDirective } from "./placement.ts";

interface HashDefaults {
  readonly maxSize: number;
  readonly bucketSize: number;
}

/** Buckets that are larger nginx refuses. */
const largestBucket = 65_472;

/**
 * What the directives of a hash say.
 *
 * @param levels the innermost first
 * @param ignored directives that do not count, such as later ones
 * @returns undefined where it is not known, or nginx refuses it
 */
export function hashSetting(
  name: string,
  levels: readonly Level[],
  defaults: HashDefaults,
  ignored: (placed: PlacedDirective) => boolean = () => false,
): HashSetting | undefined {
  const setting = writtenSetting(name, levels, defaults, ignored);
  return setting === undefined || hashRefusal(setting) !== undefined ? undefined : setting;
}

function writtenSetting(
  name: string,
  levels: readonly Level[],
  defaults: HashDefaults,
  ignored: (placed: PlacedDirective) => boolean,
): HashSetting | undefined {
  const number = (directive: string, fallback: number): number | undefined => {
    const [setting] = levels.flatMap((level) => level.named(directive).filter((each) => !ignored(each)));
    if (setting === undefined) return fallback;
    if (setting.directive.hole || setting.directive.file.conditional) return undefined;
    return parseNumber(setting.args[0] ?? "");
  };
  const maxSize = number(`${name}_max_size`, defaults.maxSize);
  const bucketSize = number(`${name}_bucket_size`, defaults.bucketSize);
  if (maxSize === undefined || bucketSize === undefined) return undefined;
  return { name, maxSize, bucketSize: wholeLines(bucketSize) };
}

/** What nginx says of a hash that cannot be built with any names (src/core/ngx_hash.c ngx_hash_init). */
function hashRefusal({ name, maxSize, bucketSize }: HashSetting): string | undefined {
  if (maxSize === 0) return `could not build ${name}, you should increase ${name}_max_size: 0`;
  if (bucketSize > largestBucket)
    return `could not build ${name}, too large ${name}_bucket_size: ${bucketSize}`;
  return bucketSize === 0 ? tooNarrow({ name, maxSize, bucketSize }) : undefined;
}

/** A name is longer than a bucket. */
function tooNarrow({ name, bucketSize }: HashSetting): string {
  return `could not build ${name}, you should increase ${name}_bucket_size: ${bucketSize}`;
}

/**
 * Refuses a hash that nginx cannot build of some names.
 *
 * @param order when nginx builds it
 */
export function checkBuildable(
  hash: { readonly name: string; readonly levels: readonly Level[]; readonly defaults: HashDefaults },
  names: readonly string[],
  order: number,
  complaints: Complaints,
  ignored: (placed: PlacedDirective) => boolean = () => false,
): void {
  const { name, levels, defaults } = hash;
  const setting = writtenSetting(name, levels, defaults, ignored);
  if (setting === undefined) return;
  const long = names.find((each) => !fitsBucket(each, setting.bucketSize));
  const said = hashRefusal(setting) ?? (long === undefined ? undefined : tooNarrow(setting));
  const [place] = levels.flatMap((level) => [
    ...level.named(`${name}_max_size`),
    ...level.named(`${name}_bucket_size`),
    ...(level.owner === undefined ? [] : [level.owner]),
  ]);
  if (said === undefined || place === undefined) return;
  complaints.refuseAt(
    order,
    place,
    "nginx/hash-size",
    said,
    long === undefined
      ? {}
      : {
          help: `The name ${long} is too long for a bucket: write ${name}_bucket_size ${setting.bucketSize * 2 || 64};`,
        },
    undefined,
  );
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
