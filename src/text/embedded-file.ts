import { type Position, SourceFile } from "./source-file.ts";
import type { Span } from "./span.ts";

/**
 * A file that is written inside another one: a heredoc of a Dockerfile, a key of a ConfigMap. It reads as a file
 * of its own; its positions are those of the file that holds it.
 */
export class EmbeddedFile extends SourceFile {
  readonly #at: Span;
  readonly #lineStarts: readonly number[] | undefined;

  /**
   * @param text the content as the program sees it
   * @param at where it stands in the file that holds it
   * @param lineStarts offset in that file of each line of `text`; without it every position is the beginning of `at`
   */
  constructor(text: string, at: Span, lineStarts: readonly number[] | undefined) {
    super(at.file.path, text);
    this.#at = at;
    this.#lineStarts = lineStarts;
  }

  override position(offset: number): Position {
    const inner = super.position(offset);
    const start = this.#lineStarts?.[inner.line - 1];
    if (start === undefined) return this.#at.file.position(this.#at.start);
    const outer = this.#at.file.position(start);
    return { line: outer.line, column: outer.column + inner.column - 1 };
  }

  override get lineCount(): number {
    return this.#at.file.lineCount;
  }

  override line(number: number): string {
    return this.#at.file.line(number);
  }
}
