/** What one unit of a value stands for; `nice` counts from 20 downwards. */
const units: ReadonlyMap<string, number | "nice"> = new Map<string, number | "nice">([
  ["core", 1024],
  ["data", 1024],
  ["fsize", 1024],
  ["memlock", 1024],
  ["rss", 1024],
  ["stack", 1024],
  ["as", 1024],
  ["cpu", 60],
  ["nofile", 1],
  ["nproc", 1],
  ["locks", 1],
  ["sigpending", 1],
  ["msgqueue", 1],
  ["rtprio", 1],
  ["rttime", 1],
  ["nice", "nice"],
]);

/** Items that are no limit of setrlimit(2); `chroot` is Debian's. */
const others = new Set(["maxlogins", "maxsyslogins", "priority", "nonewprivs", "chroot"]);

/** Values that mean no limit. */
export const words: ReadonlySet<string> = new Set(["unlimited", "infinity", "-1", "-"]);

const unsignedLongMax = 2n ** 64n - 1n;

export function isLimitItem(item: string): boolean {
  return units.has(item);
}

export function isOtherItem(item: string): boolean {
  return others.has(item);
}

/**
 * The limit that setrlimit(2) gets, in its units (bytes, seconds, counts): process_limit of pam_limits.c. Text after
 * the number is ignored, a sign is allowed, and a number below zero wraps around.
 *
 * @param value in lower case
 * @returns Infinity for no limit; undefined where pam_limits ignores the line
 */
export function limitNumber(item: string, value: string): number | undefined {
  const unit = units.get(item);
  if (unit === undefined) return undefined;
  const text = /^[ \t\n\v\f\r]*([+-]?)(\d+)/.exec(value);
  if (unit === "nice") {
    if (text === null) return undefined;
    const nice = Number(`${text[1]}${text[2]}`);
    return 20 - Math.min(19, Math.max(-20, nice));
  }
  if (words.has(value)) return Number.POSITIVE_INFINITY;
  if (text === null) return undefined;
  const digits = BigInt((text[2] ?? "").slice(0, 40));
  if (digits > unsignedLongMax) return Number.POSITIVE_INFINITY;
  const signed = text[1] === "-" ? BigInt.asUintN(64, -digits) : digits;
  if (signed >= unsignedLongMax / BigInt(unit))
    return unit === 1 && signed !== unsignedLongMax ? Number(signed) : Number.POSITIVE_INFINITY;
  return Number(signed) * unit;
}
