import type { Version } from "../../model/facts.ts";
import type { Value } from "../../model/value.ts";
import { listedVersions, settingRows } from "./settings-table.ts";

/** What gunicorn.config says of one setting. */
interface SettingFields {
  /** Command line spellings, `-w` before `--workers`; empty where the setting has none. */
  readonly flags: readonly string[];
  /** argparse's action; `store_optional` is `store` with `nargs="?"`. */
  readonly action: "store" | "store_optional" | "store_true" | "store_const" | "append";
  /** What argparse makes of the argument; `auto_int` is gunicorn's own, with octal numbers. */
  readonly type: "str" | "int" | "auto_int" | "callable";
  /** Name of gunicorn's `validate_...` function. */
  readonly validator: string;
  /** As written in gunicorn's source; absent for hooks and dictionaries. */
  readonly default?: string | number | boolean | null | readonly string[];
  /** What the flag alone stands for. */
  readonly constant?: string | boolean;
}

/** A line of the generated table; numbers are indexes of `listedVersions`. */
export interface SettingRow extends SettingFields {
  readonly name: string;
  readonly in: readonly (readonly [number, number])[];
  readonly differs?: readonly (Partial<SettingFields> & { readonly from: number; readonly to: number })[];
}

export interface Setting extends SettingFields {
  readonly name: string;
}

/** The settings of one gunicorn version, in the order of gunicorn's source. */
export interface SettingSet {
  /** Such as `23.0.0`, `debian-20.1.0-6+deb12u1`. */
  readonly version: string;
  readonly settings: ReadonlyMap<string, Setting>;
  /** Its place in the list of versions. */
  readonly index: number;
  /** Whether it is the named release or a later one. */
  atLeast(version: string): boolean;
}

const built = new Map<number, SettingSet>();

function settingSet(index: number): SettingSet {
  const before = built.get(index);
  if (before !== undefined) return before;
  const settings = new Map<string, Setting>();
  for (const row of settingRows)
    if (isIn(row, index)) settings.set(row.name, settingOf(row, changeIn(row, index)));
  const version = listedVersions[index] ?? "";
  const made: SettingSet = {
    version,
    settings,
    index,
    atLeast: (wanted) => indexOf(wanted) <= index,
  };
  built.set(index, made);
  return made;
}

type Change = NonNullable<SettingRow["differs"]>[number];

// Asked some thousand times in a run that does not know its version, which notices what a closure or a pattern makes.
function isIn(row: SettingRow, index: number): boolean {
  for (let at = 0; at < row.in.length; at++) {
    const range = row.in[at];
    if (range !== undefined && index >= range[0] && index <= range[1]) return true;
  }
  return false;
}

function changeIn(row: SettingRow, index: number): Change | undefined {
  return row.differs?.find((change) => index >= change.from && index <= change.to);
}

const shared = new Map<object, Setting>();

/** One object for all versions in which a setting is the same, so that what is computed from it is computed once. */
function settingOf(row: SettingRow, change: Change | undefined): Setting {
  const kept = shared.get(change ?? row);
  if (kept !== undefined) return kept;
  const { differs: _differs, in: _in, ...fields } = row;
  const { from: _from, to: _to, ...changed } = change ?? { from: 0, to: 0 };
  const setting = { ...fields, ...changed };
  shared.set(change ?? row, setting);
  return setting;
}

/**
 * The releases around a version in which a setting has the same default, in words: `all`, `since 23.0.0`,
 * `since 20.1.0, before 23.0.0`.
 */
export function releasesWithDefault(name: string, { index }: SettingSet): string {
  const row = rowsByName().get(name);
  if (row === undefined) return "all";
  let first = index;
  while (first > 0 && sameDefault(row, first - 1, index)) first--;
  let end = index + 1;
  while (end < listedVersions.length && sameDefault(row, end, index)) end++;
  const since = first === 0 ? "" : `since ${listedVersions[first]}`;
  const before = end === listedVersions.length ? "" : `before ${listedVersions[end]}`;
  return [since, before].filter((part) => part !== "").join(", ") || "all";
}

let flags: ReadonlyMap<string, readonly string[]> | undefined;

/** Names of the settings that have a flag in some version. */
export function settingNamesByFlag(): ReadonlyMap<string, readonly string[]> {
  if (flags !== undefined) return flags;
  const names = new Map<string, string[]>();
  for (const row of settingRows)
    for (const flag of new Set([row, ...(row.differs ?? [])].flatMap((each) => each.flags ?? []))) {
      const known = names.get(flag);
      if (known === undefined) names.set(flag, [row.name]);
      else known.push(row.name);
    }
  flags = names;
  return names;
}

let rows: ReadonlyMap<string, SettingRow> | undefined;

function rowsByName(): ReadonlyMap<string, SettingRow> {
  rows ??= new Map(settingRows.map((row) => [row.name, row]));
  return rows;
}

function sameDefault(row: SettingRow, one: number, other: number): boolean {
  if (!isIn(row, one)) return false;
  if (row.differs === undefined) return true;
  const [left, right] = [defaultIn(row, one), defaultIn(row, other)];
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}

function defaultIn(row: SettingRow, index: number): SettingFields["default"] {
  const change = changeIn(row, index);
  return change !== undefined && "default" in change ? change.default : row.default;
}

/** The first listed version that is not older. */
function indexOf(version: string): number {
  const found = listedVersions.findIndex((each) => compare(numbers(each), numbers(version)) >= 0);
  return found === -1 ? listedVersions.length : found;
}

function numbers(version: string): number[] {
  return (/\d+(?:\.\d+)*/.exec(version)?.[0] ?? "0").split(".").map(Number);
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (let index = 0; index < Math.max(one.length, other.length); index++) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The settings of every listed version, oldest first. */
export function everyVersion(): readonly SettingSet[] {
  return listedVersions.map((_, index) => settingSet(index));
}

/**
 * The settings of the versions that it can be: one for a known version (the latest listed one that is not newer;
 * Debian's own 20.1 where the text says so), those of its candidates, else all of them.
 */
export function versionsOf(version: Value<Version>): readonly SettingSet[] {
  if (version.known) return [versionFor(version.value)];
  if (version.candidates !== undefined && version.candidates.length > 0)
    return [...new Set(version.candidates.map((each) => versionFor(each.value)))];
  return everyVersion();
}

function versionFor(version: Version): SettingSet {
  const debian = /deb|ubuntu/i.test(version.text);
  let best = 0;
  for (const [index, listed] of listedVersions.entries()) {
    if (listed.startsWith("debian-") && !debian) continue;
    if (version.atLeast(listed)) best = index;
  }
  return settingSet(best);
}
