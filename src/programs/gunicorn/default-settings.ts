import {
  byDefault,
  derive,
  type Known,
  placeOf,
  relabel,
  type Unknown,
  unknown,
  type Value,
} from "../../model/value.ts";
import type { GunicornInput } from "./input.ts";
import type { Data } from "./python/data.ts";
import { int, none, str, term } from "./python/data.ts";
import { pythonInteger, pythonString, type SettingValue } from "./setting-value.ts";
import { releasesWithDefault, type Setting, type SettingSet } from "./settings.ts";
import { validate } from "./validate.ts";

/** A variable that gunicorn cannot read. */
export interface VariableFault {
  readonly variable: Value<unknown>;
  /** The last line on standard error. */
  readonly message: string;
  readonly plain: string;
}

/**
 * The settings when nothing is written: gunicorn's defaults with WEB_CONCURRENCY, PORT and FORWARDED_ALLOW_IPS
 * folded in (gunicorn.config, read while it is imported). Each is made when it is first asked for: a gunicorn has a
 * hundred of them, and one of unknown version is sixteen gunicorns.
 */
export class DefaultSettings {
  readonly #version: SettingSet;
  readonly #input: GunicornInput;
  readonly #made = new Map<string, Value<SettingValue> | undefined>();
  readonly faults: readonly VariableFault[];

  constructor(version: SettingSet, input: GunicornInput) {
    this.#version = version;
    this.#input = input;
    const faults: VariableFault[] = [];
    for (const name of settingsOfVariables) {
      const setting = version.settings.get(name);
      const value = setting === undefined ? undefined : fromEnvironment(setting, version, input, faults);
      if (value !== undefined) this.#made.set(name, value);
    }
    this.faults = faults;
  }

  /** Undefined where gunicorn has no such setting, or one without a value, such as a hook. */
  get(name: string): Value<SettingValue> | undefined {
    if (this.#made.has(name)) return this.#made.get(name);
    const setting = this.#version.settings.get(name);
    const value = setting === undefined ? undefined : plainDefault(setting, this.#version, this.#input);
    this.#made.set(name, value);
    return value;
  }

  /** In the order of gunicorn's source. */
  keys(): string[] {
    return [...this.#version.settings.keys()].filter((name) => this.get(name) !== undefined);
  }
}

function plainDefault(
  setting: Setting,
  version: SettingSet,
  input: GunicornInput,
): Value<SettingValue> | undefined {
  const { name } = setting;
  if (name === "chdir") return relabel(name, input.workingDirectory);
  if (name === "user" || name === "group")
    return unknown(name, `gunicorn keeps the ${name} that starts it`, { at: input.at });
  if (name === "control_socket" && version.atLeast("25.2.0"))
    return unknown(name, "it depends on XDG_RUNTIME_DIR and HOME", { at: input.at });
  if (setting.default === undefined) return undefined;
  const kept = defaultsOf(input).get(setting);
  if (kept !== undefined) return kept;
  const value = byDefault(name, checkedDefault(setting, version), {
    program: "gunicorn",
    versions: releasesWithDefault(name, version),
    source: `gunicorn settings: ${name}`,
    at: input.at,
  });
  defaultsOf(input).set(setting, value);
  return value;
}

/** One object for all versions in which a setting is the same, which makes their values quick to compare. */
const madeDefaults = new WeakMap<GunicornInput, Map<Setting, Value<SettingValue>>>();

function defaultsOf(input: GunicornInput): Map<Setting, Value<SettingValue>> {
  const kept = madeDefaults.get(input);
  if (kept !== undefined) return kept;
  const made = new Map<Setting, Value<SettingValue>>();
  madeDefaults.set(input, made);
  return made;
}

const checkedDefaults = new WeakMap<Setting, { readonly value: SettingValue }>();

/** A default as its validator leaves it; defaults pass the validators of every version alike. */
function checkedDefault(setting: Setting, version: SettingSet): SettingValue {
  const kept = checkedDefaults.get(setting);
  if (kept !== undefined) return kept.value;
  const checked = validate(setting, toData(setting.default ?? null), version, undefined);
  const value = checked.kind === "value" ? checked.value : (setting.default as SettingValue);
  checkedDefaults.set(setting, { value });
  return value;
}

function fromEnvironment(
  setting: Setting,
  version: SettingSet,
  input: GunicornInput,
  faults: VariableFault[],
): Value<SettingValue> | undefined {
  const name = variables[setting.name];
  if (name === undefined) return undefined;
  const variable = input.environment.get(name);
  if (!variable.known) return unknownDefault(setting, variable);
  const text = variable.value;
  if (text === undefined) return undefined;
  let data: Data = str(text);
  if (setting.name === "bind") data = { kind: "list", items: [term(str(`0.0.0.0:${text}`))] };
  if (setting.name === "workers") {
    const number = pythonInteger(text);
    if (number === undefined) {
      const message = `ValueError: invalid literal for int() with base 10: ${pythonString(text)}`;
      faults.unshift({ variable, message, plain: `${name}=${text} is no whole number` });
      return unknown(setting.name, `gunicorn refuses ${name}=${text}`, { from: [variable] });
    }
    data = int(number);
  }
  const checked = validate(setting, data, version, undefined);
  if (checked.kind === "error") {
    faults.push({ variable, message: `Error: ${checked.error}`, plain: `${name}=${text}: ${checked.plain}` });
    return unknown(setting.name, `gunicorn refuses ${name}=${text}`, { from: [variable] });
  }
  if (checked.kind === "undecided") return unknown(setting.name, checked.why, { from: [variable] });
  return derive<readonly Value<unknown>[], SettingValue>(
    setting.name,
    `$${name}`,
    [variable],
    () => checked.value,
    placeOf(variable),
  );
}

const variables: Readonly<Record<string, string>> = {
  workers: "WEB_CONCURRENCY",
  bind: "PORT",
  forwarded_allow_ips: "FORWARDED_ALLOW_IPS",
};
/** In the order in which gunicorn reads the variables. */
const settingsOfVariables = ["bind", "workers", "forwarded_allow_ips"];

function unknownDefault(setting: Setting, variable: Unknown<string | undefined>): Value<SettingValue> {
  return unknown(setting.name, variable.origin.why, {
    ...(variable.origin.fact === undefined ? {} : { fact: variable.origin.fact }),
    from: [variable],
  });
}

/** Whether files are sent with sendfile(2): gunicorn.config.Config.sendfile. */
export function effectiveSendfile(setting: Value<SettingValue>, input: GunicornInput): Value<boolean> {
  const variable = input.environment.get("SENDFILE");
  const isOff = (value: SettingValue): boolean => value !== null;
  if (!setting.known) return unknown("sendfile", setting.origin.why, { from: [setting] });
  if (isOff(setting.value)) return { ...setting, value: false } satisfies Known<boolean>;
  if (!variable.known) return unknown("sendfile", variable.origin.why, { from: [variable] });
  const { value } = variable;
  if (value === undefined)
    return byDefault("sendfile", true, {
      program: "gunicorn",
      versions: "all",
      source: "gunicorn settings: sendfile",
    });
  return derive<readonly Value<unknown>[], boolean>("sendfile", "$SENDFILE", [variable], () =>
    ["y", "1", "yes", "true"].includes(value.toLowerCase()),
  );
}

/** A value of the settings table in Python's terms. */
export function toData(value: string | number | boolean | null | readonly string[]): Data {
  if (value === null) return none.data;
  if (typeof value === "string") return str(value);
  if (typeof value === "number") return int(value);
  if (typeof value === "boolean") return { kind: "bool", value };
  return { kind: "list", items: value.map((item) => term(str(item))) };
}
