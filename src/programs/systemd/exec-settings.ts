import { unknown, type Value } from "../../model/value.ts";
import { type Complaint, rejected } from "./complaint.ts";
import type { LoadedUnit, UnitReader } from "./loaded-unit.ts";
import { parseBoolean } from "./numbers.ts";
import { lastValid, type Reading, reading, type Setting } from "./setting.ts";
import { expandSpecifiers } from "./specifiers.ts";
import type { UnitName } from "./unit-name.ts";

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
    return unknown<T>(this.label(key), `the unit file of ${this.unit.name.text} is not here, only drop-ins of it`);
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
      return { kind: "unknown", value: unknown<string>(setting.key ?? "", expansion.why, { at: setting.at }) };
    return { kind: "rejected", complaint: badSpecifier(setting, expansion.specifier, "systemd ignores the line") };
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

function badSpecifier(setting: Setting, specifier: string, consequence: string): Complaint {
  const text = setting.value.text.text;
  return rejected(
    setting,
    `\`${specifier}\` in \`${text}\` is no specifier, so ${consequence}`,
    `Failed to resolve unit specifiers in '${text}', ignoring: Invalid slot`,
    "write `%%` for a percent sign",
  );
}

/** A path that names nothing absolute stops the unit; with a leading dash only the line is ignored. */
export function workingDirectoryFault(setting: Setting, name: UnitName, path: string | undefined, version: number | undefined): Complaint | undefined {
  const text = setting.value.text.text;
  if (text === "" || text === "~" || text.startsWith("-") || setting.value.holes.length > 0) return undefined;
  const expansion = expandSpecifiers(text, { name, path, version });
  if (expansion.kind === "unknown") return undefined;
  if (expansion.kind === "invalid") return badSpecifier(setting, expansion.specifier, "systemd refuses to start the unit");
  if (expansion.text.startsWith("/")) return undefined;
  return rejected(
    setting,
    `WorkingDirectory=${text} is no absolute path, so systemd refuses to start the unit`,
    `WorkingDirectory= path is not absolute: ${expansion.text}`,
    text.includes("$") ? "systemd expands no variables here" : undefined,
  );
}

/** A name that no account can have stops the unit (config_parse_user_group_compat of src/core/load-fragment.c). */
export function accountFault(setting: Setting, name: UnitName, path: string | undefined, version: number | undefined): Complaint | undefined {
  const text = setting.value.text.text;
  if (text === "" || setting.value.holes.length > 0) return undefined;
  const expansion = expandSpecifiers(text, { name, path, version });
  if (expansion.kind === "unknown") return undefined;
  if (expansion.kind === "invalid") return badSpecifier(setting, expansion.specifier, "systemd refuses to start the unit");
  if (isAccount(expansion.text)) return undefined;
  return rejected(
    setting,
    `${setting.key}=${text} is no name of an account, so systemd refuses to start the unit`,
    `Invalid user/group name or numeric ID: ${expansion.text}`,
  );
}

/** A name that systemd takes, though it hardly is one: the start fails with 217/USER. */
export function oddAccount(setting: Setting, name: UnitName, path: string | undefined, version: number | undefined): Complaint | undefined {
  if (setting.value.holes.length > 0) return undefined;
  const expansion = expandSpecifiers(setting.value.text.text, { name, path, version });
  if (expansion.kind !== "text" || !isAccount(expansion.text) || /^\d+$/.test(expansion.text)) return undefined;
  const { text } = expansion;
  if (text === "" || (/^[A-Za-z_][A-Za-z0-9_-]*$/.test(text) && text.length < 32)) return undefined;
  const { problem } = rejected(
    setting,
    `\`${text}\` is taken as the whole name of an account, which hardly exists`,
    "",
    /\s[#;]/.test(text) ? "a comment needs a line of its own" : "systemd expands no variables here",
  );
  return {
    problem: /[\s$]/.test(text) ? problem : undefined,
    journal: () => `Accepting user/group name '${text}', which does not match strict user/group name rules.`,
  };
}

/** valid_user_group_name with VALID_USER_RELAX of src/basic/user-util.c. */
function isAccount(text: string): boolean {
  if (/^(?:0|[1-9]\d*)$/.test(text)) return Number(text) < 2 ** 32 - 1 && Number(text) !== 65535;
  if (/^ | $/.test(text) || text === "." || text === "..") return false;
  return !/[\x00-\x1f\x7f:/]/.test(text) && !/^-?\d+$/.test(text);
}
