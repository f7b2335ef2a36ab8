import { assuming, byDefault, type Known, unknown, type Value } from "../../model/value.ts";
import { type Complaint, rejected } from "./complaint.ts";
import type { LoadedUnit, UnitReader } from "./loaded-unit.ts";
import { parseBoolean } from "./numbers.ts";
import { packagedUnit } from "./packaged-unit.ts";
import { lastValid, type Reading, reading, type Setting } from "./setting.ts";
import { expandSpecifiers } from "./specifiers.ts";

/** Reads single values of the [Service] or [Socket] section of one unit. */
export class UnitSettings {
  readonly reader: UnitReader;
  readonly unit: LoadedUnit;

  constructor(reader: UnitReader, unit: LoadedUnit) {
    this.reader = reader;
    this.unit = unit;
  }

  label(key: string): string {
    return `${key}= of ${this.unit.name.text}`;
  }

  /**
   * Undefined where nothing valid is written.
   *
   * @param key the setting, or several that write the same value; the first one names it
   */
  last<T>(
    section: string,
    key: string | readonly string[],
    read: (setting: Setting, current: Value<T> | undefined) => Reading<T>,
  ): Value<T> | undefined {
    const label = this.label(typeof key === "string" ? key : (key[0] ?? ""));
    return lastValid<T>(this.unit.settings, section, key, label, this.reader.complaints, read).value;
  }

  /** What is in force: the written value, else the default; unknown where the unit file is not here. */
  inForce<T>(key: string, value: Value<T> | undefined, whenUnset: Value<T>): Value<T> {
    if (value !== undefined) return value;
    if (this.unit.loadState !== "absent") return whenUnset;
    const packaged = packagedUnit(this.unit.name.text);
    if (packaged !== undefined) return assuming(whenUnset, packaged);
    return unknown<T>(
      this.label(key),
      `the unit file of ${this.unit.name.text} is not here, only drop-ins of it`,
    );
  }

  /** What holds where nothing is written. */
  byDefault<T>(key: string, value: T, source = "systemd.exec(5)"): Known<T> {
    const { file } = this.unit;
    return byDefault(this.label(key), value, {
      program: "systemd",
      versions: "all",
      source,
      ...(file === undefined ? {} : { at: file }),
    });
  }

  boolean(section: string, key: string): Value<boolean> | undefined {
    return this.last<boolean>(section, key, (setting) => {
      const value = parseBoolean(setting.value.text.text);
      return value === undefined ? { kind: "rejected", complaint: noBoolean(setting) } : reading(value);
    });
  }

  /** Text with specifiers; an empty assignment takes it back. */
  text(section: string, key: string): Value<string> | undefined {
    return this.last<string>(section, key, (setting) => this.expanded(setting));
  }

  expanded(setting: Setting): Reading<string> {
    const text = setting.value.text.text;
    if (text === "") return { kind: "reset" };
    const expansion = expandSpecifiers(text, this.context());
    if (expansion.kind === "text") return reading(expansion.text);
    if (expansion.kind === "unknown")
      return {
        kind: "unknown",
        value: unknown<string>(setting.key ?? "", expansion.why, { at: setting.at }),
      };
    return {
      kind: "rejected",
      complaint: badSpecifier(setting, expansion.specifier, "systemd ignores the line"),
    };
  }

  context() {
    return { name: this.unit.name, path: this.unit.path, version: this.reader.version };
  }
}

function noBoolean(setting: Setting): Complaint {
  const text = setting.value.text.text;
  return rejected(
    setting,
    `${setting.key}=${text} is neither yes nor no, so systemd ignores it`,
    `Failed to parse boolean value, ignoring: ${text}`,
  );
}

export function badSpecifier(setting: Setting, specifier: string, consequence: string): Complaint {
  const text = setting.value.text.text;
  return rejected(
    setting,
    `\`${specifier}\` in \`${text}\` is no specifier, so ${consequence}`,
    `Failed to resolve unit specifiers in '${text}', ignoring: Invalid slot`,
    "write `%%` for a percent sign",
  );
}
