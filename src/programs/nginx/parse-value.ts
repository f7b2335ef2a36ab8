/** The largest number that nginx holds (NGX_MAX_INT_T_VALUE on a 64-bit machine). */
const largest = 2n ** 63n - 1n;

function digits(text: string): bigint | undefined {
  if (!/^[0-9]+$/.test(text) || text.length > 4096) return undefined;
  const value = BigInt(text);
  return value <= largest ? value : undefined;
}

/** ngx_atoi: digits only. undefined where nginx refuses the text; the same below. */
export function parseNumber(text: string): number | undefined {
  const value = digits(text);
  return value === undefined ? undefined : Number(value);
}

function scaled(text: string, units: Readonly<Record<string, bigint>>): number | undefined {
  const scale = units[text.slice(-1).toLowerCase()];
  const value = digits(scale === undefined ? text : text.slice(0, -1));
  if (value === undefined || value * (scale ?? 1n) > largest) return undefined;
  return Number(value * (scale ?? 1n));
}

/** ngx_parse_size: bytes, `k` and `m` in either case. */
export function parseSize(text: string): number | undefined {
  return scaled(text, { k: 1024n, m: 1024n ** 2n });
}

/** ngx_parse_offset: bytes, also with `g`. */
export function parseOffset(text: string): number | undefined {
  return scaled(text, { k: 1024n, m: 1024n ** 2n, g: 1024n ** 3n });
}

/** Units of a time from the largest, in milliseconds; each may stand once and only after a larger one. */
const timeUnits = ["y", "M", "w", "d", "h", "m", "s", "ms"] as const;
const milliseconds: Readonly<Record<(typeof timeUnits)[number], bigint>> = {
  y: 365n * 86_400_000n,
  M: 30n * 86_400_000n,
  w: 7n * 86_400_000n,
  d: 86_400_000n,
  h: 3_600_000n,
  m: 60_000n,
  s: 1000n,
  ms: 1n,
};

/**
 * A time in seconds, as ngx_parse_time reads it: units in descending order, spaces after a unit, a number without
 * unit counts seconds. `y` and `M` belong to times kept in seconds, `ms` to those kept in milliseconds.
 */
export function parseTime(text: string, kept: "milliseconds" | "seconds"): number | undefined {
  if (text.length > 4096) return undefined;
  const ceiling = kept === "seconds" ? largest * 1000n : largest;
  let step = kept === "seconds" ? -1 : timeUnits.indexOf("M");
  let total = 0n;
  let number = "";
  let seen = false;
  for (let at = 0; at < text.length; ) {
    const character = text.charAt(at);
    if (/[0-9]/.test(character)) {
      number += character;
      seen = true;
      at += 1;
      continue;
    }
    const bare = character === " ";
    const unit = bare ? "s" : text.startsWith("ms", at) ? "ms" : timeUnits.find((each) => each === character);
    if (unit === undefined || (unit === "ms" && kept === "seconds")) return undefined;
    const rank = timeUnits.indexOf(unit);
    if (rank <= step) return undefined;
    step = bare ? timeUnits.length : rank;
    const value = number === "" ? 0n : digits(number);
    if (value === undefined) return undefined;
    total += value * milliseconds[unit];
    if (total > ceiling) return undefined;
    number = "";
    at += bare ? 1 : unit.length;
    while (text.charAt(at) === " ") at += 1;
  }
  const rest = number === "" ? 0n : digits(number);
  if (!seen || rest === undefined) return undefined;
  total += rest * 1000n;
  return total > ceiling ? undefined : Number(total) / 1000;
}

/** ngx_conf_set_flag_slot: `on` and `off` in any case. */
export function parseFlag(text: string): boolean | undefined {
  const word = text.toLowerCase();
  return word === "on" ? true : word === "off" ? false : undefined;
}
