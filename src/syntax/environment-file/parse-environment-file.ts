import type { SourceFile } from "../../text/source-file.ts";
import { type Span, span } from "../../text/span.ts";

/** `NAME=value` of a file that EnvironmentFile= names. */
export interface EnvironmentFileAssignment {
  /** From the name to the end of the value. */
  readonly at: Span;
  /** As written; systemd drops names that no environment variable may have. */
  readonly name: string;
  readonly value: string;
  /** Follows a comment line that ends in a backslash, so that systemd before 254 takes it for a comment. */
  readonly afterContinuedComment: boolean;
}

const blanks = " \t\n\r";
const lineEnds = "\n\r";
/** What a backslash takes its meaning from inside double quotes (SHELL_NEED_ESCAPE of src/basic/escape.h). */
const escapable = '"\\`$';

/**
 * The assignments of an environment file in order, as parse_env_file_internal of src/basic/env-file.c reads them
 * (systemd 247 to 262). Never throws: any text is a valid file, lines without `=` are left out.
 */
export function parseEnvironmentFile(file: SourceFile): EnvironmentFileAssignment[] {
  return new Reader(file).read();
}

class Reader {
  readonly #file: SourceFile;
  readonly #text: string;
  readonly #assignments: EnvironmentFileAssignment[] = [];
  #at = 0;

  constructor(file: SourceFile) {
    this.#file = file;
    const nul = file.text.indexOf("\0");
    this.#text = nul === -1 ? file.text : file.text.slice(0, nul);
  }

  read(): EnvironmentFileAssignment[] {
    let continuedComment = false;
    while (this.#at < this.#text.length) {
      const character = this.#text.charAt(this.#at);
      if (character === "#" || character === ";") {
        continuedComment = this.#skipComment();
        continue;
      }
      if (blanks.includes(character)) {
        if (lineEnds.includes(character)) continuedComment = false;
        this.#at++;
        continue;
      }
      this.#readAssignment(continuedComment);
      continuedComment = false;
    }
    return this.#assignments;
  }

  /** Stops behind the line end; whether the line ended in a backslash. */
  #skipComment(): boolean {
    let escaped = false;
    for (; this.#at < this.#text.length; this.#at++) {
      const character = this.#text.charAt(this.#at);
      if (lineEnds.includes(character)) {
        this.#at++;
        return escaped;
      }
      escaped = character === "\\" && !escaped;
    }
    return false;
  }

  #readAssignment(afterContinuedComment: boolean): void {
    const start = this.#at;
    while (this.#at < this.#text.length && this.#text.charAt(this.#at) !== "=") {
      if (lineEnds.includes(this.#text.charAt(this.#at))) return;
      this.#at++;
    }
    if (this.#at >= this.#text.length) return;
    const name = trimEnd(this.#text.slice(start, this.#at));
    this.#at++;
    const value = this.#readValue();
    const end = start + trimEnd(this.#text.slice(start, this.#at)).length;
    this.#assignments.push({ at: span(this.#file, start, end), name, value, afterContinuedComment });
  }

  /**
   * Quoted parts may stand one after another with blanks between, which are dropped; once a bare character has
   * come, quotes are plain and blanks count except at the end.
   */
  #readValue(): string {
    let value = "";
    let bare = false;
    let keep = 0;
    for (; this.#at < this.#text.length; this.#at++) {
      const character = this.#text.charAt(this.#at);
      if (lineEnds.includes(character)) break;
      if (character === "\\") {
        this.#at++;
        const escaped = this.#text.charAt(this.#at);
        if (!lineEnds.includes(escaped)) value += escaped;
        bare = true;
        keep = value.length;
      } else if (!bare && (character === "'" || character === '"')) {
        this.#at++;
        value += this.#readQuoted(character);
        keep = value.length;
      } else if (bare || !blanks.includes(character)) {
        value += character;
        bare = true;
        if (!blanks.includes(character)) keep = value.length;
      }
    }
    return value.slice(0, keep);
  }

  /** Stops on the closing quote, or at the end of the file. */
  #readQuoted(quote: string): string {
    let value = "";
    for (; this.#at < this.#text.length; this.#at++) {
      const character = this.#text.charAt(this.#at);
      if (character === quote) return value;
      if (character !== "\\" || quote === "'") {
        value += character;
        continue;
      }
      this.#at++;
      const escaped = this.#text.charAt(this.#at);
      if (escapable.includes(escaped)) value += escaped;
      else if (escaped !== "\n") value += `\\${escaped}`;
    }
    return value;
  }
}

function trimEnd(text: string): string {
  return text.replace(/[ \t\n\r]+$/, "");
}
