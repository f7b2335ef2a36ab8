import type { Argument, ProcessEnvironment } from "../../model/command.ts";
import { type Value, written } from "../../model/value.ts";
import { spanText } from "../../text/span.ts";
import { resolvedDirectory } from "./directory.ts";
import { fastapiCommand } from "./fastapi-command.ts";
import { launchers, pythonValued } from "./launchers.ts";
import { overlaidEnvironment } from "./overlaid-environment.ts";

/** A command line without the launchers before the program. */
export interface ReadCommand {
  /** Base name; the module of `python -m`; uvicorn for what `fastapi run` and `fastapi dev` start. */
  readonly program: string;
  /** From the program on; word 0 is the program as written. */
  readonly words: readonly Argument[];
  /** The environment with what the launchers change. */
  readonly environment: ProcessEnvironment;
  readonly workingDirectory: Value<string>;
  /** It is a module that `python -m` runs; undefined for every other program. */
  readonly isModule?: true;
}

/**
 * Steps over launchers (`exec`, `env`, `sudo`, `poetry run`, `wait-for-it.sh db:5432 --`, ...) to the program that a
 * command line starts. Undefined where there is none: no words, or a launcher without a command.
 */
export function readCommand(
  words: readonly Argument[],
  environment: ProcessEnvironment,
  workingDirectory: Value<string>,
): ReadCommand | undefined {
  return new CommandReader(words, environment, workingDirectory).read();
}

class CommandReader {
  readonly #words: readonly Argument[];
  #index = 0;
  #environment: ProcessEnvironment;
  #directory: Value<string>;

  constructor(words: readonly Argument[], environment: ProcessEnvironment, directory: Value<string>) {
    this.#words = words;
    this.#environment = environment;
    this.#directory = directory;
  }

  read(): ReadCommand | undefined {
    for (;;) {
      const word = this.#words[this.#index];
      if (word === undefined) return undefined;
      const name = programName(word);
      const python = this.#python(name);
      if (python === "launcher") continue;
      if (python !== undefined) return python;
      if (name === "su" || name === "runuser") {
        const shell = this.#switchUser(name);
        if (shell !== undefined) return shell;
      }
      if (!this.#passLauncher(name)) return this.#found(canonicalName(name), this.#index);
    }
  }

  #found(name: string, start: number): ReadCommand {
    const words = this.#words.slice(start);
    return {
      program: isFastapi(name) && fastapiCommand(words) !== undefined ? "uvicorn" : name,
      words,
      environment: this.#environment,
      workingDirectory: this.#directory,
    };
  }

  #text(index: number): string | undefined {
    const text = this.#words[index]?.text;
    return text?.known ? text.value : undefined;
  }

  /** `python -m gunicorn`, `python /path/gunicorn`; undefined where the word is no interpreter. */
  #python(name: string): ReadCommand | "launcher" | undefined {
    const interpreter = /^(python|pypy)[0-9.]*$/.test(name);
    if (!interpreter && this.#words[this.#index]?.text.known) return undefined;
    for (let index = this.#index + 1; index < this.#words.length; index++) {
      const text = this.#text(index);
      if (text === "-m" || (text !== undefined && /^-[a-zA-Z]*m$/.test(text)))
        return this.#module(index + 1, interpreter);
      const word = this.#words[index];
      if (interpreter && word !== undefined && isServer(canonicalName(programName(word))))
        return this.#found(canonicalName(programName(word)), index);
      if (text === undefined || !text.startsWith("-")) break;
      if (pythonValued.includes(text)) index++;
    }
    return interpreter ? this.#found("python", this.#index) : undefined;
  }

  /** An unknown word before `-m` is an interpreter only where the module is a server: `$PYTHON -m gunicorn`. */
  #module(index: number, interpreter: boolean): ReadCommand | "launcher" | undefined {
    const module = this.#text(index);
    const program = module?.replace(/^(gunicorn)\.app\.wsgiapp$|\.__main__$/, "$1") ?? "python";
    if (!interpreter && !isServer(program)) return undefined;
    if (module === "newrelic.admin" || module === "ddtrace.commands.ddtrace_run") {
      this.#index = index + (module === "newrelic.admin" ? 2 : 1);
      return "launcher";
    }
    if (launchers.has(program)) {
      this.#index = index;
      return "launcher";
    }
    if (module === undefined) return this.#found("python", this.#index);
    return { ...this.#found(program, index), isModule: true };
  }

  /** `su [-] [USER] -c TEXT` is a shell with that text; undefined where no text follows. */
  #switchUser(name: string): ReadCommand | undefined {
    for (let index = this.#index + 1; index < this.#words.length; index++) {
      const text = this.#text(index);
      if (text === "--") return undefined;
      const script = this.#words[index + 1];
      const option = this.#words[index];
      if (text === "-u" && name === "runuser") return undefined;
      if ((text === "-c" || text === "--command") && script !== undefined && option !== undefined)
        return {
          program: "sh",
          words: [
            { at: option.at, text: written("argument", "sh", option.at) },
            { at: option.at, text: written("argument", "-c", option.at) },
            script,
          ],
          environment: this.#environment,
          workingDirectory: this.#directory,
        };
    }
    return undefined;
  }

  /** Steps over a launcher, its options and assignments; false where the word is no launcher. */
  #passLauncher(name: string): boolean {
    const launcher = launchers.get(name);
    if (launcher === undefined) return false;
    const start = this.#index;
    this.#index++;
    if (launcher.behindDashes) {
      const dashes = this.#words.findIndex((_, index) => index > start && this.#text(index) === "--");
      if (dashes !== -1 && (launcher.verb === undefined || this.#text(start + 1) === launcher.verb)) {
        this.#index = dashes + 1;
        return true;
      }
      this.#index = start;
      return false;
    }
    this.#passOptions(launcher.valued ?? [], launcher.clears ?? []);
    if (launcher.verb !== undefined) {
      if (this.#text(this.#index) !== launcher.verb) {
        this.#index = start;
        return false;
      }
      this.#index++;
      this.#passOptions(launcher.valued ?? [], []);
    }
    for (let next = this.#assignment(this.#index); launcher.assigns && next !== undefined; ) {
      this.#assign(next.name, next.value);
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
      const directory =
        option === "-C" || option === "--chdir" || option === "--directory" || option === "--cwd";
      if (attached === undefined && !valued.includes(option)) continue;
      if (attached === undefined) this.#index++;
      const word = this.#words[this.#index];
      if (directory && word !== undefined)
        this.#directory = resolvedDirectory(
          this.#directory,
          attached === undefined ? word.text : written("directory", attached, word.at),
        );
      const variable = this.#text(this.#index);
      if (
        (option === "-u" || option === "--unset") &&
        clears.includes("-i") &&
        variable !== undefined &&
        word !== undefined
      )
        this.#assign(variable, written(variable, undefined, word.at));
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
      : { known: false as const, label: name, origin: word.text.origin };
    return { name, value };
  }

  #assign(name: string, value: Value<string | undefined>): void {
    this.#environment = overlaidEnvironment(this.#environment, new Map([[name, value]]));
  }
}

/** Last part of the path of a program; of an unknown word, what certainly stands at its end. */
export function programName(word: Argument): string {
  const text = word.text.known ? word.text.value : spanText(word.at).replace(/["']$/, "");
  return text.slice(text.lastIndexOf("/") + 1);
}

/** Debian names its gunicorn `gunicorn3`, others `gunicorn-3.11`. */
function canonicalName(name: string): string {
  return /^gunicorn(-?3(\.\d+)?)?$/.test(name) ? "gunicorn" : name;
}

/** The command `fastapi`, and the module that holds it beside `fastapi.__main__`. */
export function isFastapi(name: string): boolean {
  return name === "fastapi" || name === "fastapi_cli";
}

/** Servers that Python starts by their path or as a module. */
export function isServer(name: string): boolean {
  return (
    isFastapi(name) ||
    ["gunicorn", "uvicorn", "hypercorn", "daphne", "celery", "supervisord", "granian"].includes(name)
  );
}
