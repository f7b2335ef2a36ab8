import type { Argument, ProcessEnvironment } from "../../model/command.ts";
import { unknown, type Value, written } from "../../model/value.ts";
import { type Span, span, spanText } from "../../text/span.ts";
import { overlaidEnvironment } from "./overlaid-environment.ts";

/** The last command of a script of plain commands joined by `&&` or `;`. */
export interface ShellCommand {
  readonly words: readonly Argument[];
  readonly environment: ProcessEnvironment;
  readonly workingDirectory: Value<string> | undefined;
}

/**
 * The command that `sh -c` runs at the end, when the text is nothing but words, quotes, simple variables and
 * commands before it that only prepare (`cd`, `source`, `export`, `set`). Undefined for everything else.
 */
export function shellCommand(script: Argument, environment: ProcessEnvironment): ShellCommand | undefined {
  if (!script.text.known) return undefined;
  const commands = new ShellReader(script, script.text.value, environment).commands();
  const words = commands?.at(-1);
  if (commands === undefined || words === undefined) return undefined;
  let directory: Value<string> | undefined;
  let inside = environment;
  for (const command of commands.slice(0, -1)) {
    const [name, operand] = command;
    const text = name?.text.known ? name.text.value : "";
    if (text === "cd" && operand !== undefined && command.length === 2) directory = operand.text;
    else if (text === "export") {
      for (const word of command.slice(1)) inside = exported(inside, word);
    } else if (!["source", ".", "set", "ulimit", "umask", "mkdir", "true"].includes(text)) return undefined;
  }
  return { words, environment: inside, workingDirectory: directory };
}

function exported(environment: ProcessEnvironment, word: Argument): ProcessEnvironment {
  const raw = word.text.known ? word.text.value : spanText(word.at);
  const name = /^([A-Za-z_]\w*)=/.exec(raw)?.[1];
  if (name === undefined) return environment;
  const value = word.text.known
    ? written(name, word.text.value.slice(name.length + 1), word.at)
    : { ...word.text, label: name };
  return overlaidEnvironment(environment, new Map([[name, value]]));
}

class ShellReader {
  readonly #place: Span;
  readonly #offset: number;
  readonly #text: string;
  readonly #environment: ProcessEnvironment;
  #index = 0;
  #word: { text: string; start: number; missing: Value<unknown> | undefined } | undefined;
  #command: Argument[] = [];
  readonly #commands: Argument[][] = [];

  constructor(script: Argument, text: string, environment: ProcessEnvironment) {
    this.#place = script.at;
    this.#text = text;
    this.#environment = environment;
    this.#offset = spanText(script.at).indexOf(text);
  }

  commands(): readonly (readonly Argument[])[] | undefined {
    while (this.#index < this.#text.length) if (!this.#step()) return undefined;
    this.#endWord();
    this.#endCommand();
    return this.#commands;
  }

  /** Reads one character or one quoted part; false for what is more than words. */
  #step(): boolean {
    const character = this.#text.charAt(this.#index);
    if (" \t".includes(character)) this.#endWord();
    else if (character === ";" || character === "\n") {
      this.#endWord();
      this.#endCommand();
    } else if (this.#text.startsWith("&&", this.#index)) {
      this.#endWord();
      this.#endCommand();
      this.#index++;
    } else if (character === "'") {
      const end = this.#text.indexOf("'", this.#index + 1);
      if (end === -1) return false;
      this.#add(this.#text.slice(this.#index + 1, end));
      this.#index = end;
    } else if (character === '"') return this.#doubleQuoted();
    else if (character === "\\") {
      if (this.#text.charAt(this.#index + 1) !== "\n") this.#add(this.#text.charAt(this.#index + 1));
      this.#index++;
    } else if (character === "$") return this.#variable(false);
    else if (/[&|<>()`*?[\]{}~#!]/.test(character)) return false;
    else this.#add(character);
    this.#index++;
    return true;
  }

  #doubleQuoted(): boolean {
    this.#add("");
    for (this.#index++; this.#index < this.#text.length; ) {
      const character = this.#text.charAt(this.#index);
      if (character === '"') {
        this.#index++;
        return true;
      }
      if (character === "`") return false;
      if (character === "$") {
        if (!this.#variable(true)) return false;
        continue;
      }
      const next = this.#text.charAt(this.#index + 1);
      if (character === "\\" && '"\\$`\n'.includes(next) && next !== "") {
        if (next !== "\n") this.#add(next);
        this.#index += 2;
      } else {
        this.#add(character);
        this.#index++;
      }
    }
    return false;
  }

  /** `$NAME`, `${NAME}` and `${NAME:-default}` with a plain default; leaves the index after it. */
  #variable(quoted: boolean): boolean {
    const found = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?-)([^{}$`"'\\]*))?\})/.exec(
      this.#text.slice(this.#index, this.#index + 1000),
    );
    if (found === null) return false;
    const name = found[1] ?? found[2] ?? "";
    const variable = this.#environment.get(name);
    this.#index += found[0].length;
    if (!variable.known) {
      this.#add("", variable);
      return true;
    }
    const absent = variable.value === undefined || (found[3] === ":-" && variable.value === "");
    const value = absent ? (found[4] ?? "") : (variable.value ?? "");
    if (quoted) this.#add(value);
    else if (/[*?[]/.test(value)) return false;
    else this.#split(value);
    return true;
  }

  /** An unquoted value: its blanks separate words. */
  #split(value: string): void {
    for (const [index, part] of value.split(/[ \t\n]+/).entries()) {
      if (index > 0) this.#endWord();
      if (part !== "") this.#add(part);
    }
  }

  #add(text: string, missing?: Value<unknown>): void {
    this.#word ??= { text: "", start: this.#index, missing: undefined };
    this.#word.text += text;
    this.#word.missing ??= missing;
  }

  #endWord(): void {
    if (this.#word === undefined) return;
    const { text, start, missing } = this.#word;
    const { file } = this.#place;
    const at =
      this.#offset === -1
        ? this.#place
        : span(
            file,
            this.#place.start + this.#offset + start,
            this.#place.start + this.#offset + this.#index,
          );
    this.#command.push({
      at,
      text:
        missing === undefined || missing.known
          ? written("argument", text, at)
          : unknown("argument", missing.origin.why, { at, from: [missing] }),
    });
    this.#word = undefined;
  }

  #endCommand(): void {
    if (this.#command.length > 0) this.#commands.push(this.#command);
    this.#command = [];
  }
}
