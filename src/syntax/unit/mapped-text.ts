import type { SourceFile } from "../../text/source-file.ts";
import { type Span, span } from "../../text/span.ts";

/** A run of characters that stand side by side in the file too. */
export interface Piece {
  /** Where the run starts in the joined text. */
  readonly index: number;
  /** Where it starts in the file. */
  readonly offset: number;
}

/**
 * Text that was joined from several places of one file, such as a value with continuation lines, and the way
 * back from each of its characters to the file.
 */
export class MappedText {
  readonly #pieces: readonly Piece[];
  readonly #base: number;

  /**
   * @param pieces in order; the first one starts at or before `base`
   * @param base where `text` starts in the joined text that the pieces speak of
   */
  constructor(
    readonly file: SourceFile,
    readonly text: string,
    pieces: readonly Piece[],
    base = 0,
  ) {
    this.#pieces = pieces;
    this.#base = base;
  }

  /** A range of the file as it stands. */
  static of(file: SourceFile, start: number, end: number): MappedText {
    return new MappedText(file, file.text.slice(start, end), [{ index: 0, offset: start }]);
  }

  slice(start: number, end: number): MappedText {
    return new MappedText(this.file, this.text.slice(start, end), this.#pieces, this.#base + start);
  }

  /** The place of a range of the text; it may reach over lines that the text leaves out. */
  span(start: number, end: number): Span {
    const from = this.#offset(start);
    return span(this.file, from, end > start ? this.#offset(end - 1) + 1 : from);
  }

  get at(): Span {
    return this.span(0, this.text.length);
  }

  #offset(index: number): number {
    const wanted = this.#base + index;
    let low = 0;
    let high = this.#pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#pieces[middle]?.index ?? 0) <= wanted) low = middle;
      else high = middle - 1;
    }
    const piece = this.#pieces[low];
    return piece === undefined ? 0 : piece.offset + (wanted - piece.index);
  }
}
