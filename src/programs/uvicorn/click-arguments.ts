import type { Argument } from "../../model/command.ts";
import type { Known, Unknown } from "../../model/value.ts";
import { type Span, span } from "../../text/span.ts";
import { certainStart, endsAsApplication } from "../gunicorn/argument.ts";
import type { UvicornCommand } from "./command.ts";
import type { UvicornOption } from "./options.ts";

/** An option as click understood it. */
export interface ClickOption {
  readonly option: UvicornOption;
  /** The flag as written. */
  readonly flag: string;
  /** The argument; undefined of a switch, `unknown` where its word is. */
  readonly value:
    | { readonly kind: "known"; readonly text: string | undefined; readonly word: Known<string> | undefined }
    | { readonly kind: "unknown"; readonly because: Unknown<string> };
  /** From the flag to the end of its argument. */
  readonly at: Span;
}

export interface ClickArguments {
  readonly options: readonly ClickOption[];
  readonly positionals: readonly Argument[];
  /** What click refuses: exit code 2. */
  readonly errors: readonly { readonly message: string; readonly at: Span }[];
  /** It prints its version or help and ends. */
  readonly printsOnly: boolean;
  /** A word that may be any option; undefined where none is. */
  readonly anything: Unknown<string> | undefined;
}

/**
 * The command line as click reads it (OptionParser of click/parser.py, 8.1): no prefixes of options, the word behind
 * an option is its argument whatever it looks like, `--` ends the options.
 */
export function parseClick(command: UvicornCommand): ClickArguments {
  const parser = new ClickParser(command);
  parser.parse();
  return parser;
}

class ClickParser implements ClickArguments {
  readonly options: ClickOption[] = [];
  readonly positionals: Argument[] = [];
  readonly errors: { message: string; at: Span }[] = [];
  printsOnly = false;
  anything: Unknown<string> | undefined;
  readonly #command: UvicornCommand;
  readonly #words: readonly Argument[];

  constructor(command: UvicornCommand) {
    this.#command = command;
    this.#words = command.arguments;
  }

  parse(): void {
    for (let index = 0; index < this.#words.length; ) {
      const word = this.#words[index];
      if (word === undefined) return;
      const start = certainStart(word);
      if (word.text.known && word.text.value === "--") {
        this.positionals.push(...this.#words.slice(index + 1));
        return;
      }
      if (!word.text.known && start === "" && !endsAsApplication(word)) {
        this.anything ??= word.text;
        index++;
      } else if (start.startsWith("-") && start.length > 1) index = this.#option(index, word, start);
      else {
        this.positionals.push(word);
        index++;
      }
    }
  }

  #option(index: number, word: Argument, start: string): number {
    const equals = start.indexOf("=");
    if (!word.text.known && equals === -1) {
      this.anything ??= word.text;
      return index + 1;
    }
    const flag = equals === -1 ? start : start.slice(0, equals);
    if (this.#command.printing.includes(flag)) {
      this.printsOnly = true;
      return index + 1;
    }
    const option = this.#command.options.get(flag);
    if (option === undefined) {
      if (!flag.startsWith("--")) return this.#letters(index, word, start);
      this.errors.push({ message: `there is no option ${flag}`, at: word.at });
      return index + 1;
    }
    if (option.kind === "switch") {
      if (equals !== -1) this.errors.push({ message: `${flag} does not take a value`, at: word.at });
      this.#add(option, flag, undefined, undefined, word.at);
      return index + 1;
    }
    if (equals !== -1) {
      const text = word.text.known ? word.text.value.slice(equals + 1) : undefined;
      this.#add(option, flag, word, text, word.at);
      return index + 1;
    }
    return this.#argument(index, word, option, flag);
  }

  /** Short options in one word: `-ve app:app`; the rest of the word behind one with an argument is that argument. */
  #letters(index: number, word: Argument, start: string): number {
    for (let letter = 1; letter < start.length; letter++) {
      const flag = `-${start[letter]}`;
      const option = this.#command.options.get(flag);
      if (this.#command.printing.includes(flag)) this.printsOnly = true;
      else if (option === undefined) {
        this.errors.push({ message: `there is no option ${flag}`, at: word.at });
        return index + 1;
      } else if (option.kind === "switch") this.#add(option, flag, undefined, undefined, word.at);
      else if (letter + 1 === start.length) return this.#argument(index, word, option, flag);
      else {
        const text = word.text.known ? word.text.value.slice(letter + 1) : undefined;
        this.#add(option, flag, word, text, word.at);
        return index + 1;
      }
    }
    return index + 1;
  }

  #argument(index: number, word: Argument, option: UvicornOption, flag: string): number {
    const following = this.#words[index + 1];
    if (following === undefined) {
      this.errors.push({ message: `${flag} requires an argument`, at: word.at });
      return index + 1;
    }
    const { at, text } = following;
    const whole =
      word.at.file === at.file && at.end >= word.at.start ? span(at.file, word.at.start, at.end) : at;
    this.#add(option, flag, following, text.known ? text.value : undefined, whole);
    return index + 2;
  }

  #add(
    option: UvicornOption,
    flag: string,
    word: Argument | undefined,
    text: string | undefined,
    at: Span,
  ): void {
    const value: ClickOption["value"] =
      word === undefined || word.text.known
        ? { kind: "known", text, word: word?.text.known ? word.text : undefined }
        : { kind: "unknown", because: word.text };
    this.options.push({ option, flag, value, at });
  }
}
