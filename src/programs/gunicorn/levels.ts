import { byDefault, type Known, unknown, type Value } from "../../model/value.ts";
import type { Span } from "../../text/span.ts";
import { optionValue } from "../start/option-value.ts";
import type { SettingValue } from "./setting-value.ts";

/**
 * The settings while gunicorn collects them: defaults, the configuration file, GUNICORN_CMD_ARGS, the command
 * line, each level over the one before.
 */
export class Levels {
  readonly #values: Map<string, Value<SettingValue>>;
  readonly #losers = new Map<string, readonly Value<SettingValue>[]>();

  /** @param defaults becomes the values */
  constructor(defaults: Map<string, Value<SettingValue>>) {
    this.#values = defaults;
  }

  get(name: string): Value<SettingValue> | undefined {
    return this.#values.get(name);
  }

  values(): ReadonlyMap<string, Value<SettingValue>> {
    return this.#values;
  }

  /** A value of the file. */
  put(name: string, value: Value<SettingValue>): void {
    this.#remember(name);
    this.#values.set(name, value);
  }

  /**
   * The value of an option; the values that it replaces become its losers.
   *
   * @param texts the words that hold it
   */
  write(name: string, value: SettingValue, at: Span, texts: readonly Known<string>[]): void {
    this.#remember(name);
    this.#values.set(name, optionValue(name, value, at, texts, this.#losers.get(name) ?? []));
  }

  /** Everything but what `except` names may be something else. */
  spoil(why: string, at: Span, except: ReadonlySet<string>, from: readonly Value<unknown>[] = []): void {
    for (const name of this.#values.keys())
      if (!except.has(name)) this.put(name, unknown<SettingValue>(name, why, { at, from }));
  }

  /** Every default holds only under the assumption. */
  assume(assuming: string): void {
    this.#values.forEach((value, name) => {
      if (value.known) this.#values.set(name, assumed(value, assuming));
    });
  }

  #remember(name: string): void {
    const before = this.#values.get(name);
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
