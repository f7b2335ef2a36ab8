import type { SourceFile } from "../../text/source-file.ts";
import type { CommentedText, Stretch } from "./commented-text.ts";

/** What an ignore comment covers: a stretch of its file, or nothing, with the reason. */
export type Coverage = Stretch | { readonly nothing: string };

/** Answers, for the comments of one file, what they stand before or behind. */
export class Coverages {
  readonly #text: string;
  readonly #statements: readonly Stretch[];
  /** Starts of the lines that hold a comment and nothing else. */
  readonly #commentLines: ReadonlySet<number>;
  /** Where the first line stands that is neither blank nor a comment. */
  readonly #body: number;
  /** The comment lines in a row that were met last, so that a long row is walked once. */
  #block = { first: -1, last: -1 };
  #belowBlock: Coverage = { nothing: "" };

  constructor(file: SourceFile, { comments, statements }: CommentedText) {
    this.#text = file.text;
    this.#statements = statements.filter(({ start, end }) => file.text.slice(start, end).includes("\n"));
    this.#commentLines = new Set(
      comments.filter((each) => this.#standsAlone(each)).map(({ start }) => this.#lineStart(start)),
    );
    let body = 0;
    while (body < file.text.length && (this.#commentLines.has(body) || this.#isBlank(body)))
      body = this.#nextLine(body);
    this.#body = body;
  }

  /** `hostlint-ignore-file`: the whole file. */
  ofFile({ start }: Stretch): Coverage {
    if (start < this.#body) return { start: 0, end: Number.POSITIVE_INFINITY };
    return { nothing: "it counts only in the comments at the top of the file" };
  }

  /** `hostlint-ignore`: the statement that begins on the next line, or the one that the comment stands behind. */
  ofComment(comment: Stretch): Coverage {
    const line = this.#lineStart(comment.start);
    if (!this.#commentLines.has(line)) return this.#behind(line);
    const { first, last } = this.#block;
    if (first <= line && line <= last) return this.#belowBlock;
    this.#block = { first: line, last: line };
    let next = this.#nextLine(line);
    while (this.#commentLines.has(next)) {
      this.#block.last = next;
      next = this.#nextLine(next);
    }
    this.#belowBlock = this.#below(next);
    return this.#belowBlock;
  }

  #below(line: number): Coverage {
    if (line >= this.#text.length) return { nothing: "nothing stands below it" };
    return this.#isBlank(line) ? { nothing: "the line below it is empty" } : this.#before(line);
  }

  #before(line: number): Stretch {
    let end = this.#nextLine(line);
    for (let index = this.#firstEndingAfter(line); ; index++) {
      const statement = this.#statements[index];
      if (statement === undefined || statement.start >= this.#nextLine(line)) return { start: line, end };
      if (statement.start >= line) end = Math.max(end, this.#nextLine(statement.end - 1));
    }
  }

  #behind(line: number): Stretch {
    let start = line;
    let end = this.#nextLine(line);
    for (let index = this.#firstEndingAfter(line); ; index++) {
      const statement = this.#statements[index];
      if (statement === undefined || statement.start >= this.#nextLine(line)) return { start, end };
      start = Math.min(start, statement.start);
      end = Math.max(end, this.#nextLine(statement.end - 1));
    }
  }

  /** Statements follow each other, so their ends are in order too. */
  #firstEndingAfter(offset: number): number {
    let [low, high] = [0, this.#statements.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#statements[middle]?.end ?? 0) > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #standsAlone({ start }: Stretch): boolean {
    return /^\uFEFF?[ \t]*$/.test(this.#text.slice(this.#lineStart(start), start));
  }

  #isBlank(line: number): boolean {
    return this.#text.slice(line, this.#nextLine(line)).trim() === "";
  }

  #lineStart(offset: number): number {
    return offset === 0 ? 0 : this.#text.lastIndexOf("\n", offset - 1) + 1;
  }

  /** One more than the length behind the last line, so that its end is covered too. */
  #nextLine(offset: number): number {
    const end = this.#text.indexOf("\n", offset);
    return end === -1 ? this.#text.length + 1 : end + 1;
  }
}
