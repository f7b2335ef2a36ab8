const units: readonly (readonly [names: RegExp, seconds: number])[] = [
  [/^(?:seconds|second|sec|s)/, 1],
  [/^(?:minutes|minute|min)/, 60],
  [/^(?:months|month|M)/, 2629800],
  [/^(?:msec|ms)/, 0.001],
  [/^m/, 60],
  [/^(?:hours|hour|hr|h)/, 3600],
  [/^(?:days|day|d)/, 86400],
  [/^(?:weeks|week|w)/, 604800],
  [/^(?:years|year|y)/, 31557600],
  [/^(?:usec|us|μs|µs)/, 0.000001],
];

/**
 * A time span in seconds: `90`, `1min 30s`, `2.5s`, `infinity` (parse_time of src/basic/time-util.c). Undefined
 * for what is none.
 */
export function parseTimeSpan(text: string): number | undefined {
  let rest = text.trim();
  if (rest === "infinity") return Number.POSITIVE_INFINITY;
  if (rest === "") return undefined;
  let total = 0;
  while (rest !== "") {
    const number = /^\+?(\d+(?:\.\d+)?)[ \t\n\r]*/.exec(rest);
    if (number === null) return undefined;
    const [all, digits = ""] = number;
    rest = rest.slice(all.length);
    const unit = units.find(([names]) => names.test(rest));
    const name = unit?.[0].exec(rest)?.[0] ?? "";
    if (name === "" && all.trimEnd() === all && rest !== "") return undefined;
    total += Number(digits) * (unit?.[1] ?? 1);
    rest = rest.slice(name.length).trimStart();
  }
  return total;
}
