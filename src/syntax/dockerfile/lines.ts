import type { SourceFile } from "../../text/source-file.ts";

/** One line of the file. */
export interface Line {
  readonly start: number;
  /** Behind the last character; CR and LF are left out. */
  readonly end: number;
  /** Where the next line begins. */
  readonly next: number;
}

/** Lines end at LF, as bufio.Scanner of BuildKit's parser cuts them; a byte order mark is no part of the first. */
export function linesOf(file: SourceFile): Line[] {
  const { text } = file;
  const lines: Line[] = [];
  let start = file.hasByteOrderMark ? 1 : 0;
  while (start < text.length) {
    const feed = text.indexOf("\n", start);
    const next = feed === -1 ? text.length : feed + 1;
    let end = next;
    while (end > start && (text[end - 1] === "\n" || text[end - 1] === "\r")) end -= 1;
    lines.push({ start, end, next });
    start = next;
  }
  return lines;
}
