/** Why a text is no number, in the words of errno. */
export type NumberFault = "Invalid argument" | "Numerical result out of range";

/**
 * A whole number as safe_atou64 of src/basic/parse-util.c reads it: decimal, 0x hexadecimal, 0 or 0o octal, 0b
 * binary, a leading plus and leading blanks; at most `most`.
 */
export function parseUnsigned(text: string, most: bigint): number | NumberFault {
  const trimmed = text.replace(/^[ \t\n\v\f\r]+/, "");
  const prefixed = /^0([bBoO])\+?([0-9]+)$/.exec(trimmed);
  const plain = /^([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$/.exec(trimmed);
  if (trimmed.length > 200) return plain === null ? "Invalid argument" : "Numerical result out of range";
  let value: bigint;
  if (prefixed !== null) {
    const [, base = "", digits = ""] = prefixed;
    const binary = base.toLowerCase() === "b";
    if (!(binary ? /^[01]+$/ : /^[0-7]+$/).test(digits)) return "Invalid argument";
    value = BigInt(`0${binary ? "b" : "o"}${digits}`);
  } else if (plain !== null) {
    const [, sign, digits = ""] = plain;
    value = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
    if (sign === "-" && value !== 0n) return "Numerical result out of range";
  } else return "Invalid argument";
  return value > most ? "Numerical result out of range" : Number(value);
}

export const largest64 = 2n ** 64n - 1n;
export const largest32 = 2n ** 32n - 1n;

/**
 * A share in ten-thousandths: `150%`, `12.5%`, `0.01%`, `5‰`, `5‱` (parse_permyriad_unbounded of
 * src/basic/percent-util.c). Undefined for anything else.
 */
export function parseShare(text: string): number | undefined {
  const match = /^(.*?)(?:\.([0-9]{1,2}))?(%|‰|‱)$/s.exec(text);
  if (match === null) return undefined;
  const [, whole = "", decimals = "", sign = ""] = match;
  const places = sign === "%" ? 2 : sign === "‰" ? 1 : 0;
  if (decimals.length > places) return undefined;
  const number = parseUnsigned(whole, 2n ** 31n - 1n);
  if (typeof number !== "number") return undefined;
  const share = number * 10 ** places + Number(decimals.padEnd(places, "0") || "0");
  return share > 2 ** 31 - 1 ? undefined : share;
}

/** parse_boolean of src/basic/parse-util.c. */
export function parseBoolean(text: string): boolean | undefined {
  if (/^(?:1|yes|y|true|t|on)$/i.test(text)) return true;
  return /^(?:0|no|n|false|f|off)$/i.test(text) ? false : undefined;
}
