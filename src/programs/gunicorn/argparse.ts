import type { Argument } from "../../model/command.ts";
import type { Known, Unknown } from "../../model/value.ts";
import { type Span, span } from "../../text/span.ts";
import { certainStart, endsAsApplication } from "./argument.ts";
import { type Action, Flags } from "./flags.ts";
import { pythonInteger, pythonString } from "./setting-value.ts";
import type { Setting } from "./settings.ts";

/** An option as argparse understood it. */
export interface ParsedOption {
  readonly setting: Setting;
  /** The flag in full, such as `--workers`. */
  readonly flag: string;
  /** After argparse's `type`; `unknown` where the word is. */
  readonly value:
    | {
        readonly kind: "known";
        readonly value: string | number | boolean;
        /** The word that holds it, which may stand for text of elsewhere; undefined for a switch. */
        readonly text: Known<string> | undefined;
      }
    | { readonly kind: "unknown"; readonly because: Unknown<string> };
  /** From the flag to the end of its argument. */
  readonly at: Span;
}

/** What argparse refuses: exit code 2, after the usage text. */
export interface ArgumentError {
  /** As gunicorn prints it after `gunicorn: error: `. */
  readonly message: string;
  readonly at: Span;
}

export interface ParsedArguments {
  readonly options: readonly ParsedOption[];
  /** The first is the application; gunicorn ignores the others. */
  readonly positionals: readonly Argument[];
  /** What argparse would report, the one that it stops at first. */
  readonly errors: readonly ArgumentError[];
  /** It prints its version or help and ends. */
  readonly printsOnly: boolean;
  /** Words that may be anything, with the number of options that stand before each. */
  readonly anything: readonly { readonly argument: Argument; readonly after: number }[];
}

interface OptionWord {
  readonly action: Action | undefined;
  readonly flag: string;
  /** Text after `=` or attached to a short flag; `unknown` where it has a hole. */
  readonly explicit: string | "unknown" | undefined;
}

/**
 * The command line as Python's argparse reads it (Lib/argparse.py of 3.11) with the parser that
 * gunicorn.config.Config.parser makes: unique prefixes, attached values, bundles of short flags, `--`.
 * After an error the rest is still read.
 */
export function parseArguments(
  words: readonly Argument[],
  settings: ReadonlyMap<string, Setting>,
): ParsedArguments {
  return new ArgumentParser(words, settings).parse();
}

class ArgumentParser {
  readonly #words: readonly Argument[];
  readonly #flags: Flags;
  readonly #optionWords = new Map<number, OptionWord>();
  /** Words of which nothing is certain. */
  readonly #holes = new Set<number>();
  readonly #options: ParsedOption[] = [];
  readonly #errors: ArgumentError[] = [];
  readonly #extras: Argument[] = [];
  readonly #anything: { argument: Argument; after: number }[] = [];
  #positionals: Argument[] | undefined;
  #printsOnly = false;

  constructor(words: readonly Argument[], settings: ReadonlyMap<string, Setting>) {
    this.#words = words;
    this.#flags = new Flags(settings);
  }

  parse(): ParsedArguments {
    const separator = this.#classify();
    for (let index = 0; index < this.#words.length; ) {
      if (this.#optionWords.has(index)) index = this.#consumeOption(index);
      else if (this.#holes.has(index)) index = this.#consumeHole(index);
      else index = this.#consumePositionals(index, separator);
    }
    const [first] = this.#extras;
    if (first !== undefined)
      this.#errors.push({
        message: `unrecognized arguments: ${this.#extras.map(wordText).join(" ")}`,
        at: first.at,
      });
    return {
      options: this.#options,
      positionals: this.#positionals ?? [],
      errors: this.#errors,
      printsOnly: this.#printsOnly,
      anything: this.#anything,
    };
  }

  /** Finds the option words; returns the index of `--`, or the number of words. */
  #classify(): number {
    for (const [index, word] of this.#words.entries()) {
      if (word.text.known && word.text.value === "--") return index;
      const start = certainStart(word);
      if (!word.text.known && start === "" && !endsAsApplication(word)) this.#holes.add(index);
      else if (start.startsWith("-")) {
        const option = word.text.known ? this.#option(start, word) : this.#optionWithHole(start);
        if (option === "unknown") this.#holes.add(index);
        else if (option !== undefined) this.#optionWords.set(index, option);
      }
    }
    return this.#words.length;
  }

  /** argparse's _parse_optional; undefined for a positional. */
  #option(text: string, word: Argument): OptionWord | undefined {
    const exact = this.#flags.get(text);
    if (exact !== undefined) return { action: exact, flag: text, explicit: undefined };
    if (text.length === 1) return undefined;
    const equals = text.indexOf("=");
    if (equals !== -1) {
      const flag = text.slice(0, equals);
      const action = this.#flags.get(flag);
      if (action !== undefined) return { action, flag, explicit: text.slice(equals + 1) };
    }
    const matches = this.#prefixed(text);
    if (matches.length > 1) {
      const names = matches.map((match) => match.flag).join(", ");
      this.#errors.push({ message: `ambiguous option: ${text} could match ${names}`, at: word.at });
      return { action: undefined, flag: text, explicit: undefined };
    }
    if (matches[0] !== undefined) return matches[0];
    if (/^-\d+$|^-\d*\.\d+$/.test(text) || text.includes(" ")) return undefined;
    return { action: undefined, flag: text, explicit: undefined };
  }

  /** argparse's _get_option_tuples. */
  #prefixed(text: string): OptionWord[] {
    const long = text.startsWith("--");
    const equals = long ? text.indexOf("=") : -1;
    const prefix = equals === -1 ? text : text.slice(0, equals);
    const explicit = equals === -1 ? undefined : text.slice(equals + 1);
    const matches: OptionWord[] = [];
    for (const [flag, action] of this.#flags.all())
      if (!long && flag === text.slice(0, 2)) matches.push({ action, flag, explicit: text.slice(2) });
      else if (flag.startsWith(prefix)) matches.push({ action, flag, explicit });
    return matches;
  }

  #optionWithHole(start: string): OptionWord | "unknown" {
    const equals = start.indexOf("=");
    const name = equals === -1 ? start : start.slice(0, equals);
    if (equals === -1 && (start.startsWith("--") || start.length < 2)) return "unknown";
    const flag = name.startsWith("--") ? name : name.slice(0, 2);
    const exact = this.#flags.get(flag);
    const matches = exact === undefined ? this.#prefixed(name) : [{ action: exact, flag }];
    const [match] = matches;
    if (match === undefined || matches.length > 1) return "unknown";
    return { action: match.action, flag: match.flag, explicit: "unknown" };
  }

  #consumePositionals(index: number, separator: number): number {
    let end = index;
    while (end < this.#words.length && !this.#optionWords.has(end) && !this.#holes.has(end)) end++;
    const chunk = this.#words.slice(index, end);
    if (this.#positionals === undefined)
      this.#positionals = chunk.filter((_, offset) => index + offset !== separator);
    else this.#extras.push(...chunk);
    return end;
  }

  #consumeHole(index: number): number {
    const argument = this.#words[index];
    if (argument !== undefined) this.#anything.push({ argument, after: this.#options.length });
    return index + 1;
  }

  /** argparse's consume_optional. */
  #consumeOption(index: number): number {
    const word = this.#words[index];
    const option = this.#optionWords.get(index);
    if (word === undefined || option === undefined) return index + 1;
    let { action, flag, explicit } = option;
    for (;;) {
      if (action === undefined) {
        if (!this.#errors.some((error) => error.at === word.at)) this.#extras.push(word);
        return index + 1;
      }
      if (action === "help" || action === "version") {
        if (this.#errors.length === 0) this.#printsOnly = true;
        if (explicit !== undefined && explicit !== "unknown") {
          this.#printsOnly = false;
          this.#refuse(action, `ignored explicit argument ${pythonString(explicit)}`, word.at);
        }
        return index + 1;
      }
      const wantsArgument = action.action === "store" || action.action === "append";
      if (explicit === undefined) return this.#takeFollowing(index, action, flag, word);
      if (wantsArgument || action.action === "store_optional") {
        this.#store(action, flag, word, explicit === "unknown" ? undefined : explicit, word.at);
        return index + 1;
      }
      if (explicit === "unknown") return index + 1;
      const next: string = `-${explicit[0] ?? ""}`;
      const nextAction = this.#flags.get(next);
      if (flag.startsWith("--") || explicit === "" || nextAction === undefined) {
        this.#refuse(action, `ignored explicit argument ${pythonString(explicit)}`, word.at);
        return index + 1;
      }
      this.#options.push(constant(action, flag, word.at));
      action = nextAction;
      flag = next;
      explicit = explicit.length === 1 ? undefined : explicit.slice(1);
    }
  }

  #takeFollowing(index: number, action: Setting, flag: string, word: Argument): number {
    const following = this.#words[index + 1];
    const isArgument =
      following !== undefined &&
      !this.#optionWords.has(index + 1) &&
      !(following.text.known && following.text.value === "--");
    if (action.action === "store_true" || action.action === "store_const" || !isArgument) {
      if (action.action === "store" || action.action === "append")
        this.#refuse(action, "expected one argument", word.at);
      else this.#options.push(constant(action, flag, word.at));
      return index + 1;
    }
    const at =
      word.at.file === following.at.file && following.at.end >= word.at.start
        ? span(word.at.file, word.at.start, following.at.end)
        : following.at;
    this.#store(action, flag, following, following.text.known ? following.text.value : undefined, at);
    return index + 2;
  }

  /** `text` is the argument itself, which may be a part of the word; undefined where it is not known. */
  #store(setting: Setting, flag: string, word: Argument, text: string | undefined, at: Span): void {
    if (!word.text.known) {
      this.#options.push({ setting, flag, value: { kind: "unknown", because: word.text }, at });
      return;
    }
    const value = converted(setting, text ?? word.text.value);
    if (value === undefined)
      this.#refuse(setting, `invalid ${setting.type} value: ${pythonString(text ?? word.text.value)}`, at);
    else this.#options.push({ setting, flag, value: { kind: "known", value, text: word.text }, at });
  }

  #refuse(action: Action, message: string, at: Span): void {
    const names = [...this.#flags.all()].filter(([, each]) => each === action).map(([flag]) => flag);
    this.#errors.push({ message: `argument ${names.join("/")}: ${message}`, at });
  }
}

function constant(setting: Setting, flag: string, at: Span): ParsedOption {
  const value = setting.action === "store_true" ? true : (setting.constant ?? true);
  return { setting, flag, value: { kind: "known", value, text: undefined }, at };
}

/** argparse's `type` function; undefined where it raises. */
function converted(setting: Setting, text: string): string | number | undefined {
  if (setting.type === "int") return toNumber(pythonInteger(text));
  if (setting.type !== "auto_int") return text;
  return toNumber(pythonInteger(/^0\d/.test(text) ? text.replace("0", "0o") : text, 0));
}

function toNumber(value: bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

function wordText(word: Argument): string {
  return word.text.known ? word.text.value : certainStart(word);
}
