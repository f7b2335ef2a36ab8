/** A Python number: an integer, a float, or undefined for what is neither (complex, leading zeros). */
export function readNumber(text: string): bigint | number | undefined {
  const plain = text.replaceAll("_", "").toLowerCase();
  if (/^0[xob]/.test(plain)) return plain.length > 1100 ? undefined : BigInt(plain);
  if (/^[0-9]+$/.test(plain)) {
    if (plain.length > 4300 || (/^0/.test(plain) && !/^0+$/.test(plain))) return undefined;
    return BigInt(plain);
  }
  return plain.endsWith("j") ? undefined : Number(plain);
}

/** Prefix, quotes and where the content begins and ends inside a string token. */
export function stringShape(token: string): {
  readonly raw: boolean;
  readonly bytes: boolean;
  readonly start: number;
  readonly end: number;
  /** Whether the closing quotes are there. */
  readonly closed: boolean;
} {
  const prefix = /^[A-Za-z]*/.exec(token)?.[0] ?? "";
  const quote = token.charAt(prefix.length);
  const triple = token.startsWith(quote.repeat(3), prefix.length);
  const width = triple ? 3 : 1;
  const closed = token.length >= prefix.length + 2 * width && token.endsWith(quote.repeat(width));
  return {
    raw: /r/i.test(prefix),
    bytes: /b/i.test(prefix),
    start: prefix.length + width,
    end: closed ? token.length - width : token.length,
    closed,
  };
}

const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
  ["0", "\0"],
  ["a", "\x07"],
  ["b", "\b"],
  ["f", "\f"],
  ["v", "\v"],
  ["\\", "\\"],
  ["'", "'"],
  ['"', '"'],
]);

/** Escapes of a string that is not raw; an escape that Python does not know stays as it is. */
export function unescapeString(content: string): string {
  if (!content.includes("\\")) return content.replaceAll("\r\n", "\n");
  return content.replace(
    /\\(\r\n|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|[\s\S])/g,
    (whole, sequence: string) => {
      if (/^[xuU]./.test(sequence)) {
        const code = Number.parseInt(sequence.slice(1), 16);
        return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      }
      if (/^[0-7]/.test(sequence)) return String.fromCharCode(Number.parseInt(sequence, 8));
      if (/^\r?\n$/.test(sequence)) return "";
      return simpleEscapes.get(sequence) ?? whole;
    },
  );
}
