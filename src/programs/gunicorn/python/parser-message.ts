import type { Problem } from "../../../syntax/problem.ts";

/** What CPython 3.11 says of a file that it cannot parse, for the faults that are told apart here. */
export function parserMessage({ message, at }: Problem): string {
  const { file } = at;
  if (file.text.includes("\0")) return "ValueError: source code string cannot contain null bytes";
  const lineStart = file.text.lastIndexOf("\n", at.start - 1) + 1;
  const [line = ""] = file.text.slice(lineStart).split("\n", 1);
  const strange = /[\u2018-\u201f\u2013\u2014\u00a0]/.exec(line)?.[0];
  if (strange !== undefined && message === "invalid Python syntax") {
    const code = (strange.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return strange === "\u00a0"
      ? `SyntaxError: invalid non-printable character U+${code}`
      : `SyntaxError: invalid character '${strange}' (U+${code})`;
  }
  if (message.startsWith("print"))
    return "SyntaxError: Missing parentheses in call to 'print'. Did you mean print(...)?";
  if (message.startsWith("a number with leading zeros"))
    return "SyntaxError: leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers";
  if (message.startsWith("this string does not end")) {
    const triple = /^[A-Za-z]*("""|''')/.test(file.text.slice(at.start, at.end));
    const lines = file.text.endsWith("\n") ? file.text.length - 1 : file.text.length;
    const number = file.position(triple ? lines : at.start).line;
    const kind = triple ? "triple-quoted string" : "string";
    return `SyntaxError: unterminated ${kind} literal (detected at line ${number})`;
  }
  if (message.startsWith("`return`")) return "SyntaxError: 'return' outside function";
  return "SyntaxError: invalid syntax";
}
