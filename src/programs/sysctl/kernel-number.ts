/** One number of a text that is written to /proc/sys, and where the next one may start. */
export interface KernelNumber {
  readonly value: bigint;
  readonly negative: boolean;
  readonly next: number;
}

const unsignedLongMax = 2n ** 64n - 1n;
/** TMPBUFLEN - 1 of the kernel: a longer number is refused. */
const longestNumber = 20;

/**
 * What proc_get_long makes of the text from `at` on (kernel/sysctl.c, Linux 5.10 to 7.2): leading blanks are
 * skipped, `0x` is hexadecimal, a leading 0 octal, and a blank or the end must follow.
 *
 * @returns `none` when only blanks are left, `invalid` when there is no number
 */
export function kernelNumber(text: string, at: number): KernelNumber | "none" | "invalid" {
  const match = /[ \t\n\v\f\r]*(?:(-?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)(?=[ \t\n]|$)|$)/y;
  match.lastIndex = at;
  const found = match.exec(text);
  if (found === null) return "invalid";
  const digits = found[2];
  if (digits === undefined) return "none";
  const sign = found[1] ?? "";
  if (digits.length + sign.length > longestNumber) return "invalid";
  const value = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  if (value > unsignedLongMax) return "invalid";
  return { value: sign === "" ? value : -value, negative: sign !== "", next: match.lastIndex };
}
