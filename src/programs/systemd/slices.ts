import { byDefault, derive, type Known, placeOf, relabel, unknown, type Value } from "../../model/value.ts";
import { rejected } from "./complaint.ts";
import { type LoadedUnit, loadUnit, type UnitReader } from "./loaded-unit.ts";
import { packagedUnit } from "./packaged-unit.ts";
import { lastValid, reading, type Setting } from "./setting.ts";
import { expandSpecifiers, templateSlice } from "./specifiers.ts";
import { parseUnitName, type UnitName } from "./unit-name.ts";

/** The slice of a service: Slice=, else `system-<template>.slice` for an instance, else system.slice. */
export function sliceOf(reader: UnitReader, unit: LoadedUnit): Value<string> {
  const label = `Slice= of ${unit.name.text}`;
  const context = { name: unit.name, path: unit.path, version: reader.version };
  const found = lastValid<string>(unit.settings, "Service", "Slice", label, reader.complaints, (setting) => {
    const expansion = expandSpecifiers(setting.value.text.text, context);
    if (expansion.kind === "unknown")
      return { kind: "unknown", value: unknown<string>(label, expansion.why, { at: setting.at }) };
    if (expansion.kind === "text" && parseUnitName(expansion.text)?.type === "slice") {
      const odd = isSlice(expansion.text) ? undefined : oddSlice(setting, expansion.text, unit.name.text);
      if (odd?.ignored === true) return { kind: "rejected", complaint: odd.complaint };
      if (odd !== undefined) reader.complaints.add(odd.complaint);
      return reading(expansion.text);
    }
    return {
      kind: "rejected",
      complaint: noSlice(setting, expansion.kind === "text" ? expansion.text : undefined, unit.name.text),
    };
  }).value;
  if (found !== undefined) return found;
  if (unit.loadState === "absent" && packagedUnit(unit.name.text) === undefined)
    return unknown<string>(label, `the unit file of ${unit.name.text} is not here, only drop-ins of it`);
  const inTemplateSlice = unit.name.instance !== undefined || unit.name.isTemplate;
  return byDefault(label, inTemplateSlice ? templateSlice(unit.name) : "system.slice", {
    program: "systemd",
    versions: "all",
    source: "systemd.resource-control(5), Slice=",
    ...(unit.file === undefined ? {} : { at: unit.file }),
  });
}

function noSlice(setting: Setting, name: string | undefined, unit: string) {
  const text = setting.value.text.text;
  return rejected(
    setting,
    `Slice=${text} names no slice, so systemd ignores it`,
    name === undefined
      ? `Failed to resolve unit specifiers in ${text}, ignoring: Invalid slot`
      : parseUnitName(name) === undefined
        ? `Failed to load slice unit ${name}, ignoring: Unit name ${name} is not valid.`
        : `Failed to assign slice ${name} to unit ${unit}, ignoring: Invalid argument`,
  );
}

/**
 * A template is ignored. Every other unit name that ends in .slice is taken; where slice_name_is_valid says no, the
 * slice cannot be loaded later, and with it the unit cannot start.
 */
function oddSlice(setting: Setting, name: string, unit: string) {
  if (parseUnitName(name)?.isTemplate === true)
    return {
      ignored: true,
      complaint: rejected(
        setting,
        `Slice=${name} is a template without an instance, so systemd ignores it`,
        `Failed to load slice unit ${name}, ignoring: Unit name ${name} is missing the instance name.`,
      ),
    };
  const { problem } = rejected(
    setting,
    `Slice=${name} cannot be the name of a slice, so ${unit} cannot start`,
    "",
    "one dash stands between the names of a slice and of those around it",
  );
  return { ignored: false, complaint: { problem, journal: () => undefined } };
}

/** slice_name_is_valid of src/basic/unit-name.c: no dash at the ends and none twice; `-.slice` is the root. */
function isSlice(text: string): boolean {
  return text === "-.slice" || (parseUnitName(text)?.type === "slice" && !/^-|--|-\.slice$|@/.test(text));
}

/** A slice and those around it up to the root, which has no limits: `a-b.slice`, `a.slice`. */
export function sliceChain(slice: string): string[] {
  if (slice === "-.slice") return [];
  const parts = slice.slice(0, -".slice".length).split("-");
  return parts.map((_, index) => `${parts.slice(0, parts.length - index).join("-")}.slice`);
}

/** Reads one setting of a slice or service; undefined where nothing valid is written. */
type LimitReader<T> = (unit: LoadedUnit, section: string, label: string) => Value<T> | undefined;

export interface Limited<T> {
  readonly reader: UnitReader;
  readonly slices: Map<string, LoadedUnit | undefined>;
  /** `CPUQuota=`. */
  readonly key: string;
  readonly read: LimitReader<T>;
  /** What holds where nothing is written. */
  readonly none: Known<T>;
}

/** The smallest value of a service, its slice and the slices around it. */
export function smallestOfChain<T extends number>(
  limited: Limited<T>,
  unit: LoadedUnit,
  slice: Value<string>,
  ofService: Value<T>,
): Value<T> {
  const label = `${limited.key} in force for ${unit.name.text}`;
  if (!slice.known) {
    // The unit of a package hardly moves itself into a slice; what a drop-in says then stands.
    if (unit.loadState === "absent" && ofService.known) return ofService;
    const why = `the slice of ${unit.name.text} is not known: ${slice.origin.why}`;
    return unknown<T>(label, why, { from: [ofService, slice] });
  }
  const chain = sliceChain(slice.value).map((name) => ofSlice(limited, name));
  const relevant = [ofService, ...chain].filter(
    (value) => !value.known || value.value !== limited.none.value,
  );
  const [only, ...others] = relevant;
  if (only === undefined) return relabel(label, ofService.known ? ofService : limited.none);
  if (others.length === 0) return only;
  return derive(
    label,
    "the smallest of the service and the slices around it",
    relevant,
    (...values: readonly T[]) => Math.min(...values) as T,
    placeOf(only),
  );
}

function ofSlice<T>(limited: Limited<T>, text: string): Value<T> {
  const label = `${limited.key} of ${text}`;
  const name = parseUnitName(text);
  const unit = name === undefined ? undefined : cached(limited, name);
  const value = unit === undefined ? undefined : limited.read(unit, "Slice", label);
  if (value !== undefined) return value;
  if (isImplicit(text) || unit?.loadState === "loaded") return relabel(label, limited.none);
  return unknown<T>(label, `the unit file of ${text} is not here`);
}

function cached<T>({ slices, reader }: Limited<T>, name: UnitName): LoadedUnit | undefined {
  if (!slices.has(name.text)) slices.set(name.text, loadUnit(reader, name));
  return slices.get(name.text);
}

/** systemd makes these itself, without limits; a file or drop-in of the tree would have been found. */
function isImplicit(slice: string): boolean {
  return /^(?:system|user|machine|app)(?:-.*)?\.slice$/.test(slice);
}
