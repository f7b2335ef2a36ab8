import type { Argument, ProcessEnvironment } from "../../model/command.ts";
import { derive, type Value, written } from "../../model/value.ts";
import { spanText } from "../../text/span.ts";
import { launchers, pythonValued } from "./launchers.ts";
import { overlaidEnvironment } from "./overlaid-environment.ts";
import { shellCommand } from "./shell-command.ts";

/** A command that starts gunicorn. */
export interface GunicornCommand {
  /** The arguments after `gunicorn`. */
  readonly arguments: readonly Argument[];
  /** The environment with what the command itself sets. */
  readonly environment: ProcessEnvironment;
  /** Where a `cd` or an option of a launcher goes before it starts; undefined where none does. */
  readonly workingDirectory: Value<string> | undefined;
}

/** Whether a command starts gunicorn; see `gunicornArguments`. */
export function isGunicornCommand(words: readonly Argument[]): boolean {
  return gunicornArguments(words, { get: () => notSet }) !== undefined;
}

const notSet: Value<string | undefined> = {
  known: true,
  label: "variable",
  value: undefined,
  origin: { kind: "fact", how: "nothing is set" },
};

/**
 * Finds gunicorn in a command: by name or path, as `python -m gunicorn`, behind launchers (`exec`, `env`, `sudo`,
 * `poetry run`, ...) and in a `sh -c` of plain commands. Undefined where the command does not start gunicorn, or
 * where that cannot be seen.
 */
export function gunicornArguments(
  words: readonly Argument[],
  environment: ProcessEnvironment,
): GunicornCommand | undefined {
  return new CommandReader(words, environment).read();
}

/** More shells inside shells than anybody writes. */
const deepestShell = 3;

class CommandReader {
  #words: readonly Argument[];
  #index = 0;
  #environment: ProcessEnvironment;
  #directory: Value<string> | undefined;
  readonly #depth: number;

  constructor(words: readonly Argument[], environment: ProcessEnvironment, depth = 0) {
    this.#words = words;
    this.#environment = environment;
    this.#depth = depth;
  }

  read(): GunicornCommand | undefined {
    for (;;) {
      const word = this.#words[this.#index];
      if (word === undefined) return undefined;
      const name = programName(word);
      if (isGunicorn(name)) return this.#found(this.#index + 1);
      if (name === "bash" || name === "sh" || name === "dash" || name === "ash") return this.#shell();
      const after = this.#afterModule(name);
      if (after !== undefined) return this.#found(after);
      if (!this.#passLauncher(name)) return undefined;
    }
  }

  #found(start: number): GunicornCommand {
    return {
      arguments: this.#words.slice(start),
      environment: this.#environment,
      workingDirectory: this.#directory,
    };
  }

  #text(index: number): string | undefined {
    const text = this.#words[index]?.text;
    return text?.known ? text.value : undefined;
  }

  /** Index after `python -m gunicorn` or `python /path/gunicorn`. */
  #afterModule(name: string): number | undefined {
    const start = this.#index + 1;
    const interpreter = /^(python|pypy)[0-9.]*$/.test(name);
    if (!interpreter && this.#words[this.#index]?.text.known) return undefined;
    for (let index = start; index < this.#words.length; index++) {
      const text = this.#text(index);
      if (text === "-m" || (text !== undefined && /^-[a-zA-Z]*m$/.test(text))) {
        const module = this.#text(index + 1);
        return module !== undefined && /^gunicorn(\.app\.wsgiapp|\.__main__)?$/.test(module)
          ? index + 2
          : undefined;
      }
      const word = this.#words[index];
      if (interpreter && word !== undefined && isGunicorn(programName(word))) return index + 1;
      if (text === undefined || !text.startsWith("-")) return undefined;
      if (pythonValued.includes(text)) index++;
    }
    return undefined;
  }

  /** Steps over a launcher, its options and assignments; false where the word is no launcher. */
  #passLauncher(name: string): boolean {
    const launcher = launchers.get(name);
    const assignment = this.#assignment(this.#index);
    if (launcher === undefined) {
      if (assignment === undefined || this.#depth === 0) return false;
      this.#assign(assignment);
      this.#index++;
      return true;
    }
    this.#index++;
    this.#passOptions(launcher.valued ?? [], launcher.clears ?? []);
    if (launcher.verb !== undefined) {
      if (this.#text(this.#index) !== launcher.verb) return false;
      this.#index++;
      this.#passOptions(launcher.valued ?? [], []);
    }
    for (let next = this.#assignment(this.#index); launcher.assigns && next !== undefined; ) {
      this.#assign(next);
      this.#index++;
      next = this.#assignment(this.#index);
    }
    this.#index += launcher.operands ?? 0;
    if (this.#text(this.#index) === "--") this.#index++;
    return true;
  }

  #passOptions(valued: readonly string[], clears: readonly string[]): void {
    for (; ; this.#index++) {
      const text = this.#text(this.#index);
      if (text === undefined || !text.startsWith("-") || text === "--") return;
      if (clears.includes(text)) this.#environment = overlaidEnvironment(undefined, new Map());
      const [option = "", attached] = text.split("=", 2);
      const directory = option === "-C" || option === "--chdir" || option === "--directory";
      if (attached === undefined && !valued.includes(option)) continue;
      if (attached === undefined) this.#index++;
      const word = this.#words[this.#index];
      if (directory && word !== undefined)
        this.#directory = attached === undefined ? word.text : written("directory", attached, word.at);
      const variable = this.#text(this.#index);
      if (
        (option === "-u" || option === "--unset") &&
        clears.includes("-i") &&
        variable !== undefined &&
        word !== undefined
      )
        this.#environment = overlaidEnvironment(
          this.#environment,
          new Map([[variable, written(variable, undefined, word.at)]]),
        );
    }
  }

  #assignment(index: number): { name: string; value: Value<string> } | undefined {
    const word = this.#words[index];
    if (word === undefined) return undefined;
    const raw = word.text.known ? word.text.value : spanText(word.at).replace(/^["']/, "");
    const name = /^([A-Za-z_]\w*)=/.exec(raw)?.[1];
    if (name === undefined) return undefined;
    const value = word.text.known
      ? written(name, word.text.value.slice(name.length + 1), word.at)
      : { ...word.text, label: name };
    return { name, value };
  }

  #assign({ name, value }: { name: string; value: Value<string> }): void {
    this.#environment = overlaidEnvironment(this.#environment, new Map([[name, value]]));
  }

  #shell(): GunicornCommand | undefined {
    let index = this.#index + 1;
    while (/^-[a-zA-Z]*$/.test(this.#text(index) ?? "") && !/^-[a-zA-Z]*c$/.test(this.#text(index) ?? ""))
      index++;
    const script = this.#words[index + 1];
    if (!/^-[a-zA-Z]*c$/.test(this.#text(index) ?? "") || script === undefined) return undefined;
    if (this.#depth >= deepestShell) return undefined;
    const command = shellCommand(script, this.#environment);
    if (command === undefined) return undefined;
    const inner = new CommandReader(command.words, command.environment, this.#depth + 1).read();
    if (inner === undefined) return undefined;
    const directory = inner.workingDirectory ?? command.workingDirectory ?? this.#directory;
    return { ...inner, workingDirectory: directory };
  }
}

/** Last part of the path of a program; of an unknown word, what certainly stands at its end. */
function programName(word: Argument): string {
  const text = word.text.known ? word.text.value : spanText(word.at).replace(/["']$/, "");
  return text.slice(text.lastIndexOf("/") + 1);
}

function isGunicorn(name: string): boolean {
  return /^gunicorn(-?3(\.\d+)?)?$/.test(name);
}

/** Where a command that changes its directory by itself starts, seen from the directory it was started in. */
export function changedDirectory(start: Value<string>, change: Value<string> | undefined): Value<string> {
  if (change === undefined) return start;
  if (change.known && change.value.startsWith("/")) return change;
  return derive("working directory", "cd", [start, change], (from, to) =>
    to.startsWith("/") ? to : `${from.replace(/\/$/, "")}/${to}`,
  );
}
