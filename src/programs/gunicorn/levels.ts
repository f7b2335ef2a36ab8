import type { NamedSettings } from "../../model/gunicorn.ts";
import { byDefault, type Known, unknown, type Value } from "../../model/value.ts";
import type { Span } from "../../text/span.ts";
import { optionValue } from "../start/option-value.ts";
import type { DefaultSettings } from "./default-settings.ts";
import type { SettingValue } from "./setting-value.ts";

/**
 * The settings while gunicorn collects them: defaults, the configuration file, GUNICORN_CMD_ARGS, the command
 * line, each level over the one before.
 */
export class Levels implements NamedSettings<SettingValue> {
  readonly #defaults: DefaultSettings;
  readonly #written = new Map<string, Value<SettingValue>>();
  readonly #losers = new Map<string, readonly Value<SettingValue>[]>();
  #assuming: string | undefined;

  constructor(defaults: DefaultSettings) {
    this.#defaults = defaults;
  }

  get(name: string): Value<SettingValue> | undefined {
    const written = this.#written.get(name);
    if (written !== undefined) return written;
    const value = this.#defaults.get(name);
    return value?.known === true && this.#assuming !== undefined ? assumed(value, this.#assuming) : value;
  }

  keys(): Set<string> {
    return new Set([...this.#defaults.keys(), ...this.#written.keys()]);
  }

  /** A value as it is: of the file, or one that is not known. */
  put(name: string, value: Value<SettingValue>): void {
    this.#remember(name);
    this.#written.set(name, value);
  }

  /**
   * The value of an option; the values that it replaces become its losers.
   *
   * @param texts the words that hold it
   */
  write(name: string, value: SettingValue, at: Span, texts: readonly Known<string>[]): void {
    this.#remember(name);
    this.#written.set(name, optionValue(name, value, at, texts, this.#losers.get(name) ?? []));
  }

  /** Everything but what `except` names may be something else. */
  spoil(why: string, at: Span, except: ReadonlySet<string>, from: readonly Value<unknown>[] = []): void {
    for (const name of this.keys())
      if (!except.has(name)) this.put(name, unknown<SettingValue>(name, why, { at, from }));
  }

  /** Every default holds only under the assumption. */
  assume(assuming: string): void {
    this.#assuming = assuming;
  }

  #remember(name: string): void {
    const before = this.get(name);
    if (before === undefined || before.origin.kind === "default") return;
    this.#losers.set(name, [before, ...(this.#losers.get(name) ?? [])]);
  }
}

const kept = new WeakMap<Known<SettingValue>, { readonly value: Known<SettingValue>; assuming: string }>();

/** One object for all versions that share a default, which makes their values quick to compare. */
function assumed(value: Known<SettingValue>, assuming: string): Known<SettingValue> {
  const before = kept.get(value);
  if (before?.assuming === assuming) return before.value;
  const made = withAssumption(value, assuming);
  kept.set(value, { value: made, assuming });
  return made;
}

function withAssumption(value: Known<SettingValue>, assuming: string): Known<SettingValue> {
  if (value.origin.kind === "default")
    return byDefault(value.label, value.value, { ...value.origin, assuming });
  const absence = byDefault("configuration file of gunicorn", undefined, {
    program: "gunicorn",
    versions: "all",
    source: "gunicorn settings: config",
    assuming,
  });
  if (value.origin.kind !== "derived") return value;
  return { ...value, origin: { ...value.origin, from: [...value.origin.from, absence] } };
}
