import type { Argument } from "../../model/command.ts";
import type { Known, Unknown } from "../../model/value.ts";
import { type Span, span } from "../../text/span.ts";
import { certainStart, endsAsApplication } from "../gunicorn/argument.ts";
import { type UvicornOption, uvicornOptions } from "./options.ts";

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
 * The command line as click reads it (OptionParser of click/parser.py, 8.1): no prefixes of options, no short
 * options, the word behind an option is its argument whatever it looks like, `--` ends the options.
 */
export function parseClick(words: readonly Argument[]): ClickArguments {
  const parser = new ClickParser(words);
  parser.parse();
  return parser;
}

class ClickParser implements ClickArguments {
  readonly options: ClickOption[] = [];
  readonly positionals: Argument[] = [];
  readonly errors: { message: string; at: Span }[] = [];
  printsOnly = false;
  anything: Unknown<string> | undefined;
  readonly #words: readonly Argument[];

  constructor(words: readonly Argument[]) {
    this.#words = words;
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
    if (flag === "--help" || flag === "--version") {
      this.printsOnly = true;
      return index + 1;
    }
    const option = uvicornOptions.get(flag);
    if (option === undefined) {
      const name = flag.startsWith("--") ? flag : flag.slice(0, 2);
      this.errors.push({ message: `there is no option ${name}`, at: word.at });
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
