import type { SourceFile } from "../../text/source-file.ts";
import { type Span, span } from "../../text/span.ts";
import type { Problem } from "../problem.ts";
import { expandEscapes } from "./escapes.ts";

/** One statement of a .env file or of a file that `env_file` names. */
export interface DotenvAssignment {
  /** From the name to the end of the value. */
  readonly at: Span;
  readonly name: string;
  /**
   * Without quotes and escapes. `$` in it is still a variable, and `$$` a dollar, unless `quote` is single.
   * Undefined for a name alone, which is taken from the surroundings.
   */
  readonly value: string | undefined;
  readonly quote: "none" | "single" | "double";
}

export interface ParsedDotenv {
  readonly assignments: readonly DotenvAssignment[];
  /** Of the rule `container/compose`: docker compose refuses the whole file. */
  readonly problems: readonly Problem[];
}

const mostProblems = 10;
/** Blanks but no line end, as isSpace of dotenv/parser.go knows them. */
const blank = /[\t\v\f\r \u0085\u00a0]/;
const whitespace = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const nameCharacter = /[\p{L}\p{N}_.[\]-]/u;

/**
 * The assignments of a dotenv file in order, as compose-go reads them (dotenv/parser.go, 2.9). Never throws; where
 * compose-go stops, the statement is left out and the next line is read.
 */
export function parseDotenv(file: SourceFile): ParsedDotenv {
  return new Reader(file).read();
}

class Reader {
  readonly #file: SourceFile;
  readonly #text: string;
  readonly #assignments: DotenvAssignment[] = [];
  readonly #problems: Problem[] = [];
  #at = 0;

  constructor(file: SourceFile) {
    this.#file = file;
    this.#text = file.text;
    if (file.hasByteOrderMark) this.#at = 1;
  }

  read(): ParsedDotenv {
    while (this.#skipToStatement()) this.#readStatement();
    return { assignments: this.#assignments, problems: this.#problems };
  }

  #skipToStatement(): boolean {
    while (this.#at < this.#text.length) {
      const character = this.#text.charAt(this.#at);
      if (character === "#") this.#at = this.#lineEnd();
      else if (whitespace.test(character)) this.#at += 1;
      else return true;
    }
    return false;
  }

  #readStatement(): void {
    const exported = /^export[\t\n\v\f\r ]+/.exec(this.#text.slice(this.#at, this.#at + 64));
    if (exported !== null) {
      this.#at += "export".length;
      this.#skipBlanks();
    }
    const start = this.#at;
    const stop = this.#nameEnd();
    if (stop === undefined) return;
    const name = this.#text.slice(start, stop).trimEnd();
    const inherited = this.#text.charAt(stop) === "\n";
    this.#at = Math.min(stop + 1, this.#text.length);
    if (name.includes(" ")) {
      this.#report(`the name ${name} contains a blank`, start, start + name.length);
      if (!inherited) this.#at = this.#lineEnd();
      return;
    }
    if (inherited || stop >= this.#text.length) {
      const at = span(this.#file, start, start + name.length);
      if (name !== "") this.#assignments.push({ at, name, value: undefined, quote: "none" });
      return;
    }
    this.#skipBlanks();
    this.#readValue(start, name);
  }

  /** Offset of the `=`, `:` or line end behind a name; undefined where a character may not stand in one. */
  #nameEnd(): number | undefined {
    for (let offset = this.#at; offset < this.#text.length; ) {
      const character = String.fromCodePoint(this.#text.codePointAt(offset) ?? 0);
      if (character === "=" || character === ":" || character === "\n") return offset;
      if (!blank.test(character) && !nameCharacter.test(character)) {
        this.#report(
          `${character} cannot stand in the name of a variable`,
          offset,
          offset + character.length,
        );
        this.#at = this.#lineEnd();
        return undefined;
      }
      offset += character.length;
    }
    return this.#text.length;
  }

  #readValue(start: number, name: string): void {
    const first = this.#text.charAt(this.#at);
    if (first === "'" || first === '"') {
      this.#readQuoted(start, name, first);
      return;
    }
    const from = this.#at;
    const end = this.#lineEnd();
    const line = this.#text.slice(from, end);
    const comment = line.indexOf(" #");
    const value = (comment === -1 ? line : line.slice(0, comment)).trimEnd();
    this.#assignments.push({ at: span(this.#file, start, from + value.length), name, value, quote: "none" });
    this.#at = end;
  }

  #readQuoted(start: number, name: string, mark: "'" | '"'): void {
    const open = this.#at;
    let value = "";
    let from = open + 1;
    for (let offset = from; offset < this.#text.length; offset++) {
      const character = this.#text.charAt(offset);
      if (character === "\\") {
        if (this.#text.charAt(offset + 1) === mark) {
          value += this.#text.slice(from, offset);
          from = offset + 1;
        }
        offset += 1;
      } else if (character === mark) {
        value += this.#text.slice(from, offset);
        this.#at = offset + 1;
        const quote = mark === "'" ? "single" : "double";
        const decoded = quote === "double" ? expandEscapes(value) : value;
        this.#assignments.push({ at: span(this.#file, start, offset + 1), name, value: decoded, quote });
        return;
      }
    }
    this.#report(`the quoted value of ${name} does not end`, open, this.#lineEnd());
    this.#at = this.#lineEnd();
  }

  #skipBlanks(): void {
    while (blank.test(this.#text.charAt(this.#at))) this.#at += 1;
  }

  #lineEnd(): number {
    const end = this.#text.indexOf("\n", this.#at);
    return end === -1 ? this.#text.length : end;
  }

  #report(message: string, start: number, end: number): void {
    if (this.#problems.length >= mostProblems) return;
    this.#problems.push({ rule: "container/compose", message, at: span(this.#file, start, end) });
  }
}
