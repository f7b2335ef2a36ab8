import type { Span } from "../../text/span.ts";

/** Where each line of a block scalar begins in the file; undefined for a folded one (`>`), whose lines were joined. */
export function literalLineStarts(text: string, at: Span): readonly number[] | undefined {
  const source = at.file.text;
  if (source.charAt(at.start) !== "|") return undefined;
  const starts: number[] = [];
  let lineStart = source.indexOf("\n", at.start) + 1;
  for (const line of text.replace(/\n$/, "").split("\n")) {
    if (lineStart === 0) return undefined;
    const next = source.indexOf("\n", lineStart);
    let end = next === -1 ? source.length : next;
    if (source.charAt(end - 1) === "\r" && end > lineStart && !line.endsWith("\r")) end -= 1;
    const start = end - line.length;
    if (start < lineStart || source.slice(start, end) !== line) return undefined;
    starts.push(start);
    lineStart = next + 1;
  }
  return starts;
}
