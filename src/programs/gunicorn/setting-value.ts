/** What a setting can hold after validation. Hooks and classes are named by their dotted path. */
export type SettingValue =
  | null
  | boolean
  | number
  | string
  | readonly (string | number)[]
  | { readonly callable: string };

/** Python's repr() of a string. */
export function pythonString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = quote;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (character === "\\" || character === quote) out += `\\${character}`;
    else if (character === "\n") out += "\\n";
    else if (character === "\r") out += "\\r";
    else if (character === "\t") out += "\\t";
    else if (code < 32 || code === 127) out += `\\x${code.toString(16).padStart(2, "0")}`;
    else out += character;
  }
  return out + quote;
}

/** Characters that str.strip() and int() take as blanks. */
const blanks = "[\\s\\x1c-\\x1f\\x85]*";

/**
 * Python's int(text, base) for the bases gunicorn and configuration files use; undefined where it raises
 * ValueError. Base 0 reads the prefix as Python source does, and refuses leading zeros.
 */
export function pythonInteger(text: string, base = 10): bigint | undefined {
  const trimmed = new RegExp(`^${blanks}([+-]?)(.*?)${blanks}$`, "s").exec(text);
  const negative = trimmed?.[1] === "-";
  let digits = (trimmed?.[2] ?? "").toLowerCase();
  if (base !== 0 && (base < 2 || base > 36)) return undefined;
  const prefix = /^0([box])_?/.exec(digits);
  const prefixBase = { b: 2, o: 8, x: 16 }[prefix?.[1] ?? ""];
  if (prefix !== null && prefixBase !== undefined && (base === 0 || base === prefixBase)) {
    digits = digits.slice(prefix[0].length);
    base = prefixBase;
  } else if (base === 0) {
    if (/^0/.test(digits) && !/^0+(_0+)*$/.test(digits)) return undefined;
    base = 10;
  }
  if (!/^[0-9a-z]+(_[0-9a-z]+)*$/.test(digits) || digits.length > 4300) return undefined;
  let value = 0n;
  const step = BigInt(base);
  for (const digit of digits.replaceAll("_", "")) {
    const worth = Number.parseInt(digit, 36);
    if (worth >= base) return undefined;
    value = value * step + BigInt(worth);
  }
  return negative ? -value : value;
}
