import type { SourceFile } from "../../text/source-file.ts";
import { MappedText, type Piece } from "./mapped-text.ts";
import type { TemplateHole } from "./template-holes.ts";

/** One line as systemd puts it together: lines that end in a backslash are joined with the next. */
export interface LogicalLine {
  /** Where its first line starts. */
  readonly start: number;
  /** Where its last line ends, without the line end. */
  readonly end: number;
  /** Where the next one starts. */
  readonly next: number;
  /** Comment lines keep their text too; a comment never continues. */
  readonly text: MappedText;
  readonly comment: boolean;
  /** Comment lines between the parts of a continuation, which systemd leaves out. */
  readonly commentsInside: readonly { readonly start: number; readonly end: number }[];
  /** The number that systemd gives in its messages: that of the last line, counted from 1. */
  readonly line: number;
  /** Longer than 1 MiB, which systemd refuses (LONG_LINE_MAX, src/basic/fileio.h). */
  readonly tooLong: boolean;
}

const longest = 1024 * 1024;

/**
 * The logical lines of a unit file in order; together they cover the whole text. Lines end at LF, CR, NUL and
 * CRLF (read_line_full of src/basic/fileio.c), continuations follow config_parse of src/shared/conf-parser.c.
 * A template hole that reaches over line ends keeps them inside its line.
 */
export function* logicalLines(file: SourceFile, holes: readonly TemplateHole[]): Generator<LogicalLine> {
  const { text } = file;
  let at = 0;
  let line = 0;
  let hole = 0;
  let continued: Continuation | undefined;
  while (at < text.length) {
    let end = lineEnd(text, at);
    while (hole < holes.length && (holes[hole]?.end ?? 0) <= end) hole++;
    for (
      let over = holes[hole];
      over !== undefined && over.start < end && over.end > end;
      over = holes[++hole]
    )
      end = lineEnd(text, over.end);
    const next = afterLineEnd(text, end);
    line++;
    const contentStart = at === 0 && file.hasByteOrderMark ? 1 : at;
    const tooLong = isTooLong(text, at, end);
    if (startsComment(text, at, end)) {
      if (continued === undefined || tooLong) {
        if (continued !== undefined) yield continued.finish(file, line);
        continued = undefined;
        yield plain(file, at, at, end, next, line, { comment: true, tooLong });
      } else continued.skip(at, end, next);
    } else if (continuesAfter(text, contentStart, end)) {
      continued ??= new Continuation(at);
      continued.add(contentStart, `${text.slice(contentStart, end - 1)} `, end, next, tooLong);
    } else if (continued !== undefined) {
      continued.add(contentStart, text.slice(contentStart, end), end, next, tooLong);
      yield continued.finish(file, line);
      continued = undefined;
    } else yield plain(file, at, contentStart, end, next, line, { comment: false, tooLong });
    at = next;
  }
  if (continued !== undefined) yield continued.finish(file, line + 1);
}

function plain(
  file: SourceFile,
  start: number,
  contentStart: number,
  end: number,
  next: number,
  line: number,
  more: { comment: boolean; tooLong: boolean },
): LogicalLine {
  return {
    start,
    end,
    next,
    line,
    text: MappedText.of(file, contentStart, end),
    commentsInside: [],
    ...more,
  };
}

class Continuation {
  readonly #parts: string[] = [];
  readonly #pieces: Piece[] = [];
  readonly #comments: { start: number; end: number }[] = [];
  #length = 0;
  #end: number;
  #next: number;
  #tooLong = false;

  constructor(readonly start: number) {
    this.#end = start;
    this.#next = start;
  }

  add(offset: number, content: string, end: number, next: number, tooLong: boolean): void {
    this.#end = end;
    this.#next = next;
    this.#tooLong ||= tooLong || this.#length + content.length > longest;
    if (this.#tooLong && this.#length > 0) return;
    this.#pieces.push({ index: this.#length, offset });
    this.#parts.push(content);
    this.#length += content.length;
  }

  skip(start: number, end: number, next: number): void {
    this.#comments.push({ start, end });
    this.#next = next;
    this.#end = end;
  }

  finish(file: SourceFile, line: number): LogicalLine {
    return {
      start: this.start,
      end: this.#end,
      next: this.#next,
      text: new MappedText(file, this.#parts.join(""), this.#pieces),
      comment: false,
      commentsInside: this.#comments,
      line,
      tooLong: this.#tooLong,
    };
  }
}

const lineEnds = /[\n\r\0]/g;

function lineEnd(text: string, from: number): number {
  lineEnds.lastIndex = from;
  return lineEnds.exec(text)?.index ?? text.length;
}

/** Line end characters belong together while none comes twice and no NUL came before. */
function afterLineEnd(text: string, end: number): number {
  let seen = "";
  let at = end;
  for (; at < text.length; at++) {
    const character = text.charAt(at);
    if (!/[\n\r\0]/.test(character) || seen.includes(character) || seen.includes("\0")) break;
    seen += character;
  }
  return at;
}

function startsComment(text: string, start: number, end: number): boolean {
  let at = start;
  while (at < end && /[ \t]/.test(text.charAt(at))) at++;
  return at < end && (text.charAt(at) === "#" || text.charAt(at) === ";");
}

/** An odd number of backslashes at the end. */
function continuesAfter(text: string, start: number, end: number): boolean {
  let backslashes = 0;
  while (end - backslashes > start && text.charAt(end - backslashes - 1) === "\\") backslashes++;
  return backslashes % 2 === 1;
}

/** Counted in bytes of UTF-8. */
function isTooLong(text: string, start: number, end: number): boolean {
  if ((end - start) * 3 < longest) return false;
  return end - start >= longest || new TextEncoder().encode(text.slice(start, end)).length >= longest;
}
