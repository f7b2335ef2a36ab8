import type { SourceFile } from "../../text/source-file.ts";
import { type Span, span } from "../../text/span.ts";

/** A run of characters that stands in one line of the file. */
interface Piece {
  /** Where it begins in the joined text. */
  readonly index: number;
  /** Where it begins in the file. */
  readonly offset: number;
}

/** An instruction whose continuation lines are joined; every character still knows its place in the file. */
export class JoinedText {
  readonly text: string;
  readonly #pieces: readonly Piece[];

  private constructor(
    readonly file: SourceFile,
    text: string,
    pieces: readonly Piece[],
  ) {
    this.text = text;
    this.#pieces = pieces;
  }

  /** Joins lines of the file, given by where each begins and ends, in order. */
  static from(file: SourceFile, lines: readonly { start: number; end: number }[]): JoinedText {
    const pieces: Piece[] = [];
    const texts: string[] = [];
    let index = 0;
    for (const { start, end } of lines) {
      if (end === start && pieces.length > 0) continue;
      pieces.push({ index, offset: start });
      texts.push(file.text.slice(start, end));
      index += end - start;
    }
    return new JoinedText(file, texts.join(""), pieces);
  }

  /** Offset in the file of a character of the joined text. */
  offset(index: number): number {
    let low = 0;
    let high = this.#pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#pieces[middle]?.index ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    const piece = this.#pieces[low] ?? { index: 0, offset: 0 };
    return piece.offset + index - piece.index;
  }

  span(start: number, end: number): Span {
    if (end <= start) {
      const at = start === 0 ? this.offset(0) : this.offset(start - 1) + 1;
      return span(this.file, at, at);
    }
    return span(this.file, this.offset(start), this.offset(end - 1) + 1);
  }
}
