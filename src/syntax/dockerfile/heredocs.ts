import type { SourceFile } from "../../text/source-file.ts";
import { type Span, span } from "../../text/span.ts";
import type { Heredoc } from "./instruction.ts";
import type { JoinedText } from "./joined-text.ts";
import type { Line } from "./lines.ts";
import { shellWords } from "./words.ts";

/** `<<EOF`, `<<-"EOF"`, `3<<EOF` taken apart. */
interface HeredocMark {
  readonly name: string;
  readonly chomp: boolean;
  readonly expand: boolean;
  readonly at: Span;
}

/** Whether a word of an instruction opens a heredoc, and which (ParseHeredoc of BuildKit's parser.go). */
export function heredocName(word: string): string | undefined {
  return mark(word)?.name;
}

function mark(word: string): { name: string; chomp: boolean; expand: boolean } | undefined {
  const match = /^\d*<<(-?)([^<\s]+)$/.exec(word);
  const written = match?.[2];
  if (written === undefined) return undefined;
  let name = "";
  let quote: string | undefined;
  for (let at = 0; at < written.length; at++) {
    const character = written.charAt(at);
    if (character === quote) quote = undefined;
    else if (quote === undefined && (character === "'" || character === '"')) quote = character;
    else if (character === "\\" && quote !== "'") {
      at += 1;
      name += written.charAt(at);
    } else name += character;
  }
  if (name === "" || quote !== undefined) return undefined;
  return { name, chomp: match?.[1] === "-", expand: !/['"]/.test(written) };
}

/** The heredocs that an instruction opens, in order. */
export function heredocMarks(joined: JoinedText, start: number, end: number): HeredocMark[] {
  const { text } = joined;
  const first = text.indexOf("<<", start);
  if (first === -1 || first >= end) return [];
  return shellWords(text, start, end).flatMap((word) => {
    const found = mark(text.slice(word.start, word.end));
    return found === undefined ? [] : [{ ...found, at: joined.span(word.start, word.end) }];
  });
}

/** Finds the lines that end heredocs; reads the file's lines once, whatever is asked. */
export class HeredocEnds {
  readonly #last = new Map<string, number>();
  #prepared = false;

  constructor(
    readonly file: SourceFile,
    readonly lines: readonly Line[],
  ) {}

  /** The heredoc whose content begins at a line, and the line behind it; undefined where nothing ends it. */
  read(from: number, opened: HeredocMark): { heredoc: Heredoc; nextLine: number } | undefined {
    this.#prepare();
    const last = Math.max(
      this.#last.get(opened.name) ?? -1,
      opened.chomp ? (this.#last.get(`\t${opened.name}`) ?? -1) : -1,
    );
    if (last < from) return undefined;
    const { text } = this.file;
    const lineStarts: number[] = [];
    const pieces: string[] = [];
    const begin = this.lines[from]?.start ?? text.length;
    for (let index = from; index <= last; index++) {
      const line = this.lines[index];
      if (line === undefined) return undefined;
      let { start } = line;
      if (opened.chomp) while (text[start] === "\t") start += 1;
      if (text.slice(start, line.end) === opened.name) {
        const heredoc: Heredoc = {
          name: opened.name,
          at: opened.at,
          body: span(this.file, begin, line.start),
          text: pieces.join(""),
          lineStarts,
          expand: opened.expand,
        };
        return { heredoc, nextLine: index + 1 };
      }
      lineStarts.push(start);
      pieces.push(text.slice(start, line.next));
    }
    return undefined;
  }

  /** Where each text stands last as a whole line; those behind tabs under the text with one tab before. */
  #prepare(): void {
    if (this.#prepared) return;
    this.#prepared = true;
    const { text } = this.file;
    for (const [index, line] of this.lines.entries()) {
      let { start } = line;
      while (text[start] === "\t") start += 1;
      // A delimiter is one word; longer lines are content.
      if (line.end - start > longestDelimiter) continue;
      const found = text.slice(start, line.end);
      this.#last.set(start === line.start ? found : `\t${found}`, index);
    }
  }
}

const longestDelimiter = 1000;
