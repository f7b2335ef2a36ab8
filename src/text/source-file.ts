/** Where a line and a column are counted from 1; a column counts UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * One text as it stands on the machine, unchanged: a byte order mark, CRLF, lone CR and NUL bytes survive.
 *
 * Bytes that are no valid UTF-8 are read as latin-1, one character a byte, so that every offset still means
 * one place in the file and nothing is lost; `encoding` tells which it was.
 */
export class SourceFile {
  #lineStarts: number[] | undefined;

  /**
   * @param path how the file is named to the user: relative to the working directory, with `/`
   * @param text the whole content, the byte order mark included
   * @param placeholders words that something else is put in the place of before a program reads the file
   */
  constructor(
    readonly path: string,
    readonly text: string,
    readonly encoding: "utf-8" | "latin-1" = "utf-8",
    readonly placeholders: readonly string[] = [],
  ) {}

  static fromBytes(path: string, bytes: Uint8Array, placeholders: readonly string[] = []): SourceFile {
    try {
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
      return new SourceFile(path, text, "utf-8", placeholders);
    } catch {
      let text = "";
      for (let start = 0; start < bytes.length; start += 8192)
        text += String.fromCharCode(...bytes.subarray(start, start + 8192));
      return new SourceFile(path, text, "latin-1", placeholders);
    }
  }

  get hasByteOrderMark(): boolean {
    return this.text.charCodeAt(0) === 0xfeff;
  }

  /** Lines end at LF, as nginx, git and editors count them. */
  position(offset: number): Position {
    const starts = this.#starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  }

  /** Offset of a place counted from 1, kept inside the text. */
  offset(position: Position): number {
    const starts = this.#starts();
    const line = Math.min(Math.max(position.line, 1), starts.length) - 1;
    const end = starts[line + 1] ?? this.text.length;
    return Math.min((starts[line] ?? 0) + Math.max(position.column, 1) - 1, end);
  }

  get lineCount(): number {
    return this.#starts().length;
  }

  /** The text of a line (counted from 1) without its line end. */
  line(number: number): string {
    const starts = this.#starts();
    const start = starts[number - 1];
    if (start === undefined) return "";
    const end = starts[number] ?? this.text.length;
    return this.text.slice(start, end).replace(/\r?\n$/, "");
  }

  #starts(): number[] {
    if (this.#lineStarts === undefined) {
      const starts = [0];
      for (let at = this.text.indexOf("\n"); at !== -1; at = this.text.indexOf("\n", at + 1))
        starts.push(at + 1);
      this.#lineStarts = starts;
    }
    return this.#lineStarts;
  }
}
