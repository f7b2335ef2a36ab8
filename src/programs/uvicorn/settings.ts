import type { Argument, ProcessEnvironment } from "../../model/command.ts";
import type { ServerCall } from "../../model/container.ts";
import { assuming, byDefault, placeOf, unknown, type Value } from "../../model/value.ts";
import type { Problem } from "../../syntax/problem.ts";
import type { Span } from "../../text/span.ts";
import { pythonInteger, pythonString } from "../gunicorn/setting-value.ts";
import { optionValue } from "../start/option-value.ts";
import { type ClickOption, parseClick } from "./click-arguments.ts";
import { type UvicornCommand, uvicornCommand } from "./command.ts";
import { type UvicornOption, uvicornOptions } from "./options.ts";

export type UvicornValue = string | number | boolean | undefined;

/** Everything that decides how one uvicorn runs. */
export interface UvicornInput {
  /** The command that starts it. */
  readonly at: Span;
  /** From `uvicorn` or `fastapi` on; those of Python where a script starts it. */
  readonly words: readonly Argument[];
  /** The call in a Python script that starts it; undefined where the command line does. */
  readonly call?: ServerCall;
  readonly environment: ProcessEnvironment;
  /** The directory that it starts in; `--app-dir` does not change it. */
  readonly workingDirectory: Value<string>;
}

/** The options that one uvicorn is started with. */
export interface UvicornOptions {
  readonly problems: readonly Problem[];
  /** It prints something and ends. */
  readonly printsOnly: boolean;
  /** It ends with it before it serves. */
  refuse(why: string, at: Span): void;
  /** With more than one worker or with reload it must be told the name of the application. */
  checkApplication(workers: Value<number>, reload: Value<boolean>): void;
  /** Undefined where certainly nothing sets it: then the default holds. */
  get(name: string): Value<UvicornValue>;
  /** What is set, by name. */
  written(): ReadonlyMap<string, Value<unknown>>;
  /** The same with a default for where nothing is set. */
  withDefault(name: string, value: UvicornValue): Value<UvicornValue>;
  default<T>(name: string, value: T): Value<T>;
  /** How it is written where it is set: `--env-file`, `env_file=`. */
  spelled(name: string): string;
}

/** The options of a command line, else its variables (UVICORN_*), else the defaults. */
export class UvicornSettings implements UvicornOptions {
  readonly problems: Problem[] = [];
  readonly printsOnly: boolean;
  readonly #input: UvicornInput;
  readonly #command: UvicornCommand;
  readonly #given: readonly ClickOption[];
  readonly #anything: Value<string> | undefined;
  readonly #values = new Map<string, Value<UvicornValue>>();

  constructor(input: UvicornInput) {
    this.#input = input;
    this.#command = uvicornCommand(input.words);
    const { options, positionals, errors, printsOnly, anything } = parseClick(this.#command);
    this.#given = options;
    this.#anything = anything;
    this.printsOnly = printsOnly && errors.length === 0;
    for (const { message, at } of errors) this.refuse(message, at);
    // What follows an option that there is not may be its argument.
    if (errors.length === 0) this.#checkApplication(positionals);
    for (const option of this.#command.options.values())
      if (!this.#values.has(option.name)) this.#values.set(option.name, this.#valueOf(option));
    for (const { name } of uvicornOptions.values())
      if (!this.#values.has(name)) this.#values.set(name, this.default(name, undefined));
    this.#checkEntrypoint(positionals);
  }

  #checkApplication([first, second]: readonly Argument[]): void {
    if (second?.text.known)
      this.refuse(`it serves one application, ${pythonString(second.text.value)} is another`, second.at);
    if (this.#command.findsApplication) return;
    const variable = this.#input.environment.get("UVICORN_APP");
    if (
      first === undefined &&
      this.#anything === undefined &&
      variable.known &&
      (variable.value ?? "") === ""
    )
      this.refuse("no application is named", this.#input.at);
  }

  /** Of fastapi-cli since 0.0.11 (cli.py, _run). */
  #checkEntrypoint([path]: readonly Argument[]): void {
    const isGiven = (name: string): boolean => this.#given.some(({ option }) => option.name === name);
    if (!this.#command.findsApplication || !isGiven("entrypoint")) return;
    const entrypoint = this.get("entrypoint");
    const other = path ?? this.#given.find(({ option }) => option.name === "app");
    if (entrypoint.known && entrypoint.value !== "" && other !== undefined)
      this.refuse("--entrypoint names the application, a path or --app beside it is refused", other.at);
  }

  refuse(why: string, at: Span): void {
    const message = `${this.#command.name} does not start: ${why}`;
    this.problems.push({ rule: "uvicorn/arguments", message, at });
  }

  /** A command line names it with a text. */
  checkApplication(): void {}

  spelled(name: string): string {
    return `--${name.replaceAll("_", "-")}`;
  }

  get(name: string): Value<UvicornValue> {
    return this.#values.get(name) ?? unknown(name, `uvicorn has no option ${name}`);
  }

  written(): ReadonlyMap<string, Value<unknown>> {
    return new Map([...this.#values].filter(([, value]) => !value.known || value.value !== undefined));
  }

  withDefault(name: string, value: UvicornValue): Value<UvicornValue> {
    const given = this.get(name);
    if (!given.known || given.value !== undefined) return given;
    const otherwise = this.#command.defaults.get(name) ?? this.default(name, value);
    const assumption = given.origin.kind === "default" ? given.origin.assuming : undefined;
    return assumption === undefined ? otherwise : assuming(otherwise, assumption);
  }

  default<T>(name: string, value: T): Value<T> {
    const origin = { program: "uvicorn", versions: "all", source: "uvicorn/config.py", at: this.#input.at };
    return byDefault(name, value, origin);
  }

  #valueOf(option: UvicornOption): Value<UvicornValue> {
    const { name } = option;
    const given = this.#given.findLast((each) => each.option.name === name);
    if (given !== undefined) {
      const { value, at } = given;
      if (value.kind === "unknown")
        return unknown(name, value.because.origin.why, { at, from: [value.because] });
      if (value.text === undefined) return optionValue<UvicornValue>(name, given.option.sets, at, []);
      const read = this.#converted(option, value.text, at, given.flag);
      return read.ok
        ? optionValue<UvicornValue>(name, read.value, at, value.word === undefined ? [] : [value.word])
        : unknown(name, `${this.#command.name} refuses it`, { at });
    }
    if (this.#anything !== undefined && !this.#anything.known)
      return unknown(name, this.#anything.origin.why, { from: [this.#anything] });
    return this.#fromVariable(option);
  }

  /** click takes an empty variable for unset (Parameter.resolve_envvar_value). */
  #fromVariable(option: UvicornOption): Value<UvicornValue> {
    const { name, variable: variableName } = option;
    if (variableName === undefined) return this.default(name, undefined);
    const variable = this.#input.environment.get(variableName);
    const isGeneral = !variableName.startsWith("UVICORN_");
    if (!variable.known && isGeneral) return unknown(name, variable.origin.why, { from: [variable] });
    if (!variable.known)
      return byDefault<UvicornValue>(name, undefined, {
        program: "uvicorn",
        versions: "all",
        source: "uvicorn/main.py",
        assuming: `a file of variables that is not here does not set ${variableName}`,
      });
    if (variable.value === undefined || variable.value === "") return this.default(name, undefined);
    const at = placeOf(variable) ?? this.#input.at;
    const read = this.#converted(option, variable.value, at, variableName);
    if (!read.ok) return unknown(name, `${this.#command.name} refuses ${variableName}`, { at });
    const from = isGeneral ? [variable, portAsked(variableName, at)] : [variable];
    return {
      known: true,
      label: name,
      value: read.value,
      origin: { kind: "derived", how: variableName, from, at },
    };
  }

  #converted(
    { kind }: UvicornOption,
    text: string,
    at: Span,
    flag: string,
  ): { ok: true; value: UvicornValue } | { ok: false } {
    if (kind === "integer") {
      const number = pythonInteger(text);
      if (number !== undefined) return { ok: true, value: Number(number) };
      this.refuse(`${flag} must be a whole number, not ${pythonString(text)}`, at);
      return { ok: false };
    }
    if (kind === "switch" || kind === "boolean") {
      const word = text.trim().toLowerCase();
      if (["1", "true", "t", "yes", "y", "on"].includes(word)) return { ok: true, value: true };
      if (["0", "false", "f", "no", "n", "off"].includes(word)) return { ok: true, value: false };
      this.refuse(`${flag} must be yes or no, not ${pythonString(text)}`, at);
      return { ok: false };
    }
    return { ok: true, value: text };
  }
}

function portAsked(variable: string, at: Span): Value<string> {
  return byDefault("variable of --port", variable, {
    program: "fastapi-cli",
    versions: "since 0.0.12",
    source: "fastapi_cli/cli.py",
    at,
    assuming: "fastapi-cli is 0.0.12 or later",
  });
}
