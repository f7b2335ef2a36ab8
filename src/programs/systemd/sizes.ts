const factors: readonly (readonly [suffix: string, factor: bigint])[] = [
  ["E", 1024n ** 6n],
  ["P", 1024n ** 5n],
  ["T", 1024n ** 4n],
  ["G", 1024n ** 3n],
  ["M", 1024n ** 2n],
  ["K", 1024n],
  ["B", 1n],
  ["", 1n],
];

export type SizeFault = "Invalid argument" | "Numerical result out of range";

/**
 * A size in bytes: `512M`, `1.5G`, `1G 512M` (parse_size of src/basic/parse-util.c with base 1024; suffixes in
 * upper case and falling order).
 */
export function parseSize(text: string): number | SizeFault {
  let rest = text;
  let total = 0n;
  let from = 0;
  do {
    const match = /^[ \t\n\r]*([+-]?)(\d+)(?:\.(\d*))?[ \t\n\r]*/.exec(rest);
    if (match === null) return "Invalid argument";
    const [all, sign, whole = "", fraction = ""] = match;
    if (sign === "-" || whole.length > 30) return "Numerical result out of range";
    rest = rest.slice(all.length);
    const index = factors.findIndex(([suffix], place) => place >= from && rest.startsWith(suffix));
    const [suffix, factor] = factors[index] ?? [];
    if (suffix === undefined || factor === undefined) return "Invalid argument";
    const part = fraction === "" ? 0 : Math.trunc(Number(`0.${fraction}`) * Number(factor));
    total += BigInt(whole) * factor + BigInt(part);
    if (total >= 2n ** 64n) return "Numerical result out of range";
    rest = rest.slice(suffix.length);
    from = index + 1;
  } while (rest !== "");
  return Number(total);
}
