import type { Span } from "../../text/span.ts";
import { holesWithin, maskHoles, type TemplateHole } from "../unit/template-holes.ts";
import type { UnitValue } from "../unit/unit-file.ts";
import { type ExtractedWord, extractWord, isBlank } from "./extract-word.ts";

/** A word of a command line, before specifiers and variables. */
export interface ExecWord {
  readonly at: Span;
  /** Without quotes, escapes decoded; the characters of a hole are meaningless. */
  readonly text: string;
  /** The text as it stands in the file, quotes included. */
  readonly raw: string;
  readonly holes: readonly TemplateHole[];
}

/** One command of an Exec*= line. */
export interface ExecCommand {
  readonly at: Span;
  /** The characters before the program, in any order: `-`, `@`, `:`, `+`, `!`, `!!`, `|`. */
  readonly prefixes: string;
  /** The program without its prefixes; empty where only prefixes stand. */
  readonly program: ExecWord;
  /** All words after the program, the zeroth argument of `@` included. */
  readonly words: readonly ExecWord[];
  /** The first word that has no balanced quotes; what follows is lost. */
  readonly unbalanced: Span | undefined;
}

export interface ExecLine {
  readonly commands: readonly ExecCommand[];
  /** A quote of the first word is not closed: systemd drops the line and no command comes of it. */
  readonly unbalanced: Span | undefined;
  /** Words with a backslash that is no escape; systemd keeps the backslash and warns. */
  readonly unknownEscapes: readonly ExecWord[];
}

/**
 * Splits the value of an Exec*= line as config_parse_exec of src/core/load-fragment.c does (systemd 247 to 262).
 *
 * @param shellPrefix whether `|` is a prefix (since 258)
 */
export function parseExecLine(value: UnitValue, shellPrefix: boolean): ExecLine {
  return new Reader(value, shellPrefix).read();
}

class Reader {
  readonly #value: UnitValue;
  readonly #masked: string;
  readonly #prefix: RegExp;
  readonly #unknownEscapes: ExecWord[] = [];
  #at = 0;

  constructor(value: UnitValue, shellPrefix: boolean) {
    this.#value = value;
    this.#masked = maskHoles(value.text.text, value.holes);
    this.#prefix = shellPrefix ? /[-@:+!|]/ : /[-@:+!]/;
  }

  read(): ExecLine {
    const commands: ExecCommand[] = [];
    for (;;) {
      const start = this.#at;
      const first = this.#word();
      if (first === undefined) break;
      if (first === "unbalanced")
        return {
          commands,
          unbalanced: this.#span(start, this.#masked.length),
          unknownEscapes: this.#unknownEscapes,
        };
      if (first.text === ";") continue;
      const command = this.#command(first);
      commands.push(command.command);
      if (!command.more) break;
    }
    return { commands, unbalanced: undefined, unknownEscapes: this.#unknownEscapes };
  }

  #command(first: ExecWord & { start: number; end: number }): { command: ExecCommand; more: boolean } {
    const prefixes = this.#prefixes(first.text);
    const program = this.#program(first, prefixes.length);
    const words: ExecWord[] = [];
    let unbalanced: Span | undefined;
    let end = first.end;
    let more = false;
    while (this.#at < this.#masked.length) {
      const start = this.#at;
      if (this.#isLone(";", start)) {
        this.#at = this.#afterBlanks(start + 1);
        more = true;
        break;
      }
      if (this.#isLone("\\;", start)) {
        words.push({ at: this.#span(start, start + 2), text: ";", raw: "\\;", holes: [] });
        end = start + 2;
        this.#at = this.#afterBlanks(start + 2);
        continue;
      }
      const word = this.#word();
      if (word === undefined) break;
      if (word === "unbalanced") {
        unbalanced = this.#span(start, this.#masked.length);
        break;
      }
      words.push(word);
      end = word.end;
    }
    return { command: { at: this.#span(first.start, end), prefixes, program, words, unbalanced }, more };
  }

  /** Each of `-`, `@`, `:` and `|` counts once; `+`, `!` and `!!` exclude each other. */
  #prefixes(text: string): string {
    let taken = "";
    for (const character of text) {
      if (!this.#prefix.test(character)) break;
      const isPrivilege = character === "+" || character === "!";
      if (isPrivilege ? !mayFollow(character, taken) : taken.includes(character)) break;
      taken += character;
    }
    return taken;
  }

  #program(word: ExecWord & { start: number; end: number }, skip: number): ExecWord {
    const plain = word.raw.startsWith(word.text.slice(0, skip));
    const start = plain ? word.start + skip : word.start;
    return {
      at: this.#span(start, word.end),
      text: word.text.slice(skip),
      raw: this.#value.text.text.slice(start, word.end),
      holes: holesWithin(this.#value.holes, start, word.end),
    };
  }

  #word(): (ExecWord & { start: number; end: number }) | "unbalanced" | undefined {
    const strict = extractWord(this.#masked, this.#at, { escapes: true });
    if (strict.kind === "word") return this.#taken(strict);
    if (strict.kind === "end") {
      this.#at = this.#masked.length;
      return undefined;
    }
    const kept = extractWord(this.#masked, this.#at, { escapes: true, keepUnknownEscapes: true });
    if (kept.kind !== "word") return "unbalanced";
    const word = this.#taken(kept);
    this.#unknownEscapes.push(word);
    return word;
  }

  #taken(word: ExtractedWord): ExecWord & { start: number; end: number } {
    this.#at = word.next;
    return {
      at: this.#span(word.start, word.end),
      text: word.text,
      raw: this.#value.text.text.slice(word.start, word.end),
      holes: holesWithin(this.#value.holes, word.start, word.end),
      start: word.start,
      end: word.end,
    };
  }

  #isLone(sign: string, at: number): boolean {
    if (!this.#masked.startsWith(sign, at)) return false;
    const after = this.#masked.charAt(at + sign.length);
    return after === "" || isBlank(after);
  }

  #afterBlanks(at: number): number {
    let next = at;
    while (next < this.#masked.length && isBlank(this.#masked.charAt(next))) next++;
    return next;
  }

  #span(start: number, end: number): Span {
    return this.#value.text.span(start, end);
  }
}

function mayFollow(character: string, taken: string): boolean {
  const privileges = taken.replace(/[^+!]/g, "");
  return character === "+" ? privileges === "" : privileges === "" || privileges === "!";
}
