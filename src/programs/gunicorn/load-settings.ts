import type { Argument } from "../../model/command.ts";
import type { NamedSettings } from "../../model/gunicorn.ts";
import {
  derive,
  type Known,
  placeOf,
  type Unknown,
  unknown,
  type Value,
  written,
} from "../../model/value.ts";
import type { Problem } from "../../syntax/problem.ts";
import type { Span } from "../../text/span.ts";
import { span } from "../../text/span.ts";
import type { ParsedArguments } from "./argparse.ts";
import { parseArguments } from "./argparse.ts";
import { applicationFault, argumentHelp } from "./argument-advice.ts";
import { type ConfigLocation, locateConfig } from "./config-location.ts";
import { DefaultSettings, effectiveSendfile, toData } from "./default-settings.ts";
import type { GunicornInput, StartFailure } from "./input.ts";
import { Levels } from "./levels.ts";
import type { SettingValue } from "./setting-value.ts";
import type { Setting, SettingSet } from "./settings.ts";
import { shlexSplit } from "./shell-words.ts";
import { validate } from "./validate.ts";

/** What one version of gunicorn makes of its inputs. */
export interface LoadedSettings {
  readonly version: SettingSet;
  readonly settings: NamedSettings<SettingValue>;
  readonly location: Value<ConfigLocation>;
  /** The application that it serves; undefined where none is named. */
  readonly application: Value<string | undefined>;
  /** It prints something and ends: --version, --help, --check-config, --print-config. */
  readonly endsAtOnce: boolean;
  readonly failure: StartFailure | undefined;
  readonly problems: readonly Problem[];
}

/** Puts the settings of a configuration file into the levels; its fault where the file stops gunicorn. */
export type LoadFile = (
  location: Extract<ConfigLocation, { kind: "file" }>,
  version: SettingSet,
  levels: Levels,
) => Promise<{ readonly failure: StartFailure | undefined; readonly problems: readonly Problem[] }>;

/** gunicorn.app.wsgiapp.WSGIApplication.load_config, unchanged in its order from 20.0 to 26.1. */
export async function loadSettings(
  version: SettingSet,
  input: GunicornInput,
  loadFile: LoadFile,
): Promise<LoadedSettings> {
  const loader = new Loader(version, input);
  return loader.load(loadFile);
}

type EnvironmentArguments = ParsedArguments | { readonly unknown: Unknown<string | undefined> } | undefined;

/** The values of an option that may be written again and again. */
interface AppendedList {
  readonly values: string[];
  readonly texts: Known<string>[];
  /** Where the first of them stands. */
  readonly at: Span;
  missing: Value<unknown> | undefined;
}

class Loader {
  readonly #version: SettingSet;
  readonly #input: GunicornInput;
  readonly #defaults: DefaultSettings;
  readonly #levels: Levels;
  readonly #problems: Problem[] = [];
  #failure: StartFailure | undefined;

  constructor(version: SettingSet, input: GunicornInput) {
    this.#version = version;
    this.#input = input;
    this.#defaults = new DefaultSettings(version, input);
    this.#levels = new Levels(this.#defaults);
  }

  async load(loadFile: LoadFile): Promise<LoadedSettings> {
    const input = this.#input;
    for (const fault of this.#defaults.faults)
      this.#fail(1, fault.message, {
        rule: "gunicorn/value",
        message: `gunicorn does not start: ${fault.plain}`,
        at: placeOf(fault.variable) ?? input.at,
      });
    const line = parseArguments(input.arguments, this.#version.settings);
    const printsOnly = line.printsOnly && this.#failure === undefined;
    this.#reportArguments(line);
    const variable = this.#environmentArguments();
    const location = this.#location(line, variable);
    if (location.known) await this.#loadLocation(location.value, loadFile);
    else this.#levels.spoil(location.origin.why, input.at, new Set(), [location]);
    if (variable !== undefined && "unknown" in variable)
      this.#levels.spoil(variable.unknown.origin.why, input.at, new Set(), [variable.unknown]);
    else if (variable !== undefined) this.#apply(variable);
    this.#apply(line);
    const sendfile = this.#levels.get("sendfile");
    if (sendfile !== undefined) this.#levels.put("sendfile", effectiveSendfile(sendfile, input));
    return {
      version: this.#version,
      settings: this.#levels,
      location,
      application: this.#application(line, printsOnly),
      endsAtOnce: printsOnly || this.#isSet("check_config") || this.#isSet("print_config"),
      failure: printsOnly ? undefined : this.#failure,
      problems: printsOnly ? [] : this.#problems,
    };
  }

  #isSet(name: string): boolean {
    const value = this.#levels.get(name);
    return value?.known === true && value.value === true;
  }

  #fail(exit: 1 | 2, message: string, problem: Problem): void {
    this.#failure ??= { exit, message };
    this.#problems.push(problem);
  }

  #reportArguments(parsed: ParsedArguments): void {
    for (const { message, at } of parsed.errors) {
      const help = argumentHelp(message, this.#version.settings);
      this.#fail(2, `gunicorn: error: ${message}`, {
        rule: "gunicorn/arguments",
        message: `gunicorn does not start: ${message}`,
        at,
        ...(help === undefined ? {} : { help }),
      });
    }
  }

  /** GUNICORN_CMD_ARGS; undefined where it is not set. */
  #environmentArguments(): EnvironmentArguments {
    const variable = this.#input.environment.get("GUNICORN_CMD_ARGS");
    if (!variable.known) return { unknown: variable };
    if (variable.value === undefined) return undefined;
    const at = placeOf(variable) ?? this.#input.at;
    const words = shlexSplit(variable.value);
    if ("error" in words) {
      this.#fail(1, `Error: ${words.error}`, {
        rule: "gunicorn/arguments",
        message: `gunicorn does not start: GUNICORN_CMD_ARGS: ${words.error}`,
        at,
      });
      return undefined;
    }
    const offset = at.file.text.slice(at.start, at.end).indexOf(variable.value);
    const place = (start: number, end: number): Span =>
      offset === -1 ? at : span(at.file, at.start + offset + start, at.start + offset + end);
    const parsed = parseArguments(
      words.map((word): Argument => {
        const position = place(word.start, word.end);
        const text = written("GUNICORN_CMD_ARGS", word.text, position);
        return variable.origin.kind === "written"
          ? { at: position, text }
          : { at: position, text: derive(text.label, "a word of it", [variable], () => word.text, position) };
      }),
      this.#version.settings,
    );
    this.#reportArguments(parsed);
    return parsed;
  }

  #location(line: ParsedArguments, variable: EnvironmentArguments): Value<ConfigLocation> {
    const own = this.#named(line);
    const named =
      own === "" && variable !== undefined
        ? "unknown" in variable
          ? variable.unknown
          : this.#named(variable)
        : own;
    if (typeof named !== "string") return unknown("configuration file", named.origin.why, { from: [named] });
    return written("configuration file", locateConfig(named, this.#input), this.#input.at);
  }

  /** What -c names; empty where it is absent. */
  #named(parsed: ParsedArguments): string | Unknown<unknown> {
    const index = parsed.options.findLastIndex((option) => option.setting.name === "config");
    const hole = parsed.anything.findLast((each) => each.after > index);
    const option = parsed.options[index];
    if (hole !== undefined && !hole.argument.text.known) return hole.argument.text;
    if (option === undefined) return "";
    return option.value.kind === "known" ? String(option.value.value) : option.value.because;
  }

  async #loadLocation(location: ConfigLocation, loadFile: LoadFile): Promise<void> {
    if (location.kind === "maybe") this.#levels.assume(location.assuming);
    if (location.kind === "missing") {
      this.#fail(1, `Error: ${location.message}`, {
        rule: "gunicorn/config-missing",
        message: `gunicorn does not start: its configuration file ${location.message}`,
        at: this.#input.at,
      });
    }
    if (location.kind === "missing" || location.kind === "elsewhere") {
      const why =
        location.kind === "missing"
          ? `the configuration file ${location.named} does not exist`
          : `the configuration file ${location.named} is not here: ${location.why}`;
      this.#levels.spoil(why, this.#input.at, new Set());
    }
    if (location.kind !== "file") return;
    const loaded = await loadFile(location, this.#version, this.#levels);
    this.#failure ??= loaded.failure;
    this.#problems.push(...loaded.problems);
  }

  #apply(parsed: ParsedArguments): void {
    const lists = new Map<Setting, AppendedList>();
    let done = 0;
    for (const { argument, after } of [...parsed.anything, undefined].map(
      (each) => each ?? { argument: undefined, after: parsed.options.length },
    )) {
      for (; done < after; done++) {
        const option = parsed.options[done];
        if (option === undefined) continue;
        if (option.setting.action === "append") {
          const list = lists.get(option.setting) ?? {
            values: [],
            texts: [],
            at: option.at,
            missing: undefined,
          };
          if (option.value.kind === "known") {
            list.values.push(String(option.value.value));
            if (option.value.text !== undefined) list.texts.push(option.value.text);
          }
          if (option.value.kind === "unknown") list.missing ??= option.value.because;
          lists.set(option.setting, list);
        } else if (option.value.kind === "unknown")
          this.#unknown(option.setting.name, option.value.because, option.at);
        else {
          const { value, text } = option.value;
          this.#set(option.setting, value, option.at, text === undefined ? [] : [text]);
        }
      }
      if (argument === undefined) continue;
      const switches = parsed.options
        .slice(0, after)
        .filter((option) => option.setting.action === "store_true");
      this.#levels.spoil(
        argument.text.known ? "" : argument.text.origin.why,
        argument.at,
        new Set(switches.map((option) => option.setting.name)),
        [argument.text],
      );
      for (const list of lists.values()) list.missing ??= argument.text;
    }
    for (const [setting, list] of lists)
      if (list.missing !== undefined) this.#unknown(setting.name, list.missing, list.at);
      else this.#set(setting, list.values, list.at, list.texts);
  }

  #unknown(name: string, because: Value<unknown>, at: Span): void {
    const why = because.known ? "" : because.origin.why;
    this.#levels.put(name, unknown<SettingValue>(name, why, { at, from: [because] }));
  }

  #set(
    setting: Setting,
    value: string | number | boolean | readonly string[],
    at: Span,
    texts: readonly Known<string>[],
  ): void {
    const directory = this.#input.workingDirectory;
    const checked = validate(
      setting,
      toData(value),
      this.#version,
      directory.known ? directory.value : undefined,
    );
    if (checked.kind === "value") this.#levels.write(setting.name, checked.value, at, texts);
    else {
      const why = checked.kind === "undecided" ? checked.why : `gunicorn refuses it: ${checked.plain}`;
      this.#levels.put(setting.name, unknown<SettingValue>(setting.name, why, { at }));
    }
    if (checked.kind === "error")
      this.#fail(1, `Error: ${checked.error}`, {
        rule: "gunicorn/value",
        message: `gunicorn does not start: ${setting.name} ${Array.isArray(value) ? value.join(" ") : value}: ${checked.plain}`,
        at,
      });
  }

  #application(line: ParsedArguments, printsOnly: boolean): Value<string | undefined> {
    const [first] = line.positionals;
    const [hole] = line.anything;
    if (first !== undefined) {
      const fault = first.text.known ? applicationFault(first.text.value) : undefined;
      if (fault !== undefined && !printsOnly)
        this.#fail(1, fault.error, { rule: "gunicorn/arguments", message: fault.plain, at: first.at });
      return first.text;
    }
    if (hole !== undefined)
      return unknown("application", "it may be named by an unknown argument", { from: [hole.argument.text] });
    const paste = this.#levels.get("paste");
    if (paste === undefined || !paste.known || paste.value !== null)
      return unknown("application", "it comes from a Paste file");
    const wsgi = this.#levels.get("wsgi_app");
    if (wsgi !== undefined && !wsgi.known) return unknown("application", wsgi.origin.why, { from: [wsgi] });
    if (wsgi?.known && typeof wsgi.value === "string") return { ...wsgi, value: wsgi.value };
    if (!printsOnly)
      this.#fail(1, "Error: No application module specified.", {
        rule: "gunicorn/arguments",
        message: "gunicorn does not start: no application is named",
        at: this.#input.at,
      });
    return written("application", undefined, this.#input.at);
  }
}
