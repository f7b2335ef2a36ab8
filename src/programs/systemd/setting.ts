import { type Unknown, unknown, type Value, written } from "../../model/value.ts";
import type { UnitValue } from "../../syntax/unit/unit-file.ts";
import type { Span } from "../../text/span.ts";
import type { Complaint, Complaints } from "./complaint.ts";

/** One assignment as it reaches a unit, in the order in which systemd applies them. */
export interface Setting {
  readonly section: string | undefined;
  /** Undefined for a template hole that may put any assignment there. */
  readonly key: string | undefined;
  readonly value: UnitValue;
  readonly keyAt: Span;
  /** Key and value. */
  readonly at: Span;
  readonly conditional: boolean;
  /** Host path of the file, as systemd names it. */
  readonly path: string;
  readonly line: number;
}

/** What one assignment does to a setting. */
export type Reading<T> =
  | { readonly kind: "value"; readonly value: T }
  /** Something that is not here decides. */
  | { readonly kind: "unknown"; readonly value: Unknown<T> }
  /** Computed from other values, such as a share of the memory. */
  | { readonly kind: "derived"; readonly value: Value<T> }
  /** As if nothing had been written before. */
  | { readonly kind: "reset" }
  | { readonly kind: "rejected"; readonly complaint: Complaint };

export function reading<T>(value: T): Reading<T> {
  return { kind: "value", value };
}

/** The values of a setting that takes one value, the last valid assignment winning. */
export interface Winner<T> {
  /** Undefined where nothing valid is written, or an empty assignment took it back. */
  readonly value: Value<T> | undefined;
  /** The empty assignment that took it back. */
  readonly resetAt: Span | undefined;
}

/**
 * Goes through the assignments of one setting. A template hole in a value makes it unknown; one that may add or
 * leave out an assignment makes it unknown what is in force.
 */
export function lastValid<T>(
  settings: readonly Setting[],
  section: string,
  key: string | readonly string[],
  label: string,
  complaints: Complaints,
  read: (setting: Setting, current: Value<T> | undefined) => Reading<T>,
): Winner<T> {
  let current: Value<T> | undefined;
  let resetAt: Span | undefined;
  const losers: Value<unknown>[] = [];
  for (const setting of settings) {
    if (!concerns(setting, section, key)) continue;
    const before = current;
    const found =
      setting.key === undefined ? uncertain<T>(label, setting) : readOne(label, setting, before, read);
    if (found.kind === "rejected") {
      complaints.add(found.complaint);
      continue;
    }
    const value = found.kind === "reset" ? undefined : valueRead(label, setting, found);
    if (setting.conditional || setting.key === undefined) {
      current = conditionally(label, setting, value, before);
      resetAt = undefined;
      continue;
    }
    if (before !== undefined) losers.push(before);
    if (losers.length > mostLosers) losers.shift();
    current = value;
    resetAt = found.kind === "reset" ? setting.at : undefined;
  }
  return { value: current === undefined ? undefined : withLosers(current, losers.toReversed()), resetAt };
}

/** Enough to see who won over whom; a file that repeats a setting forever is no reason to keep it all. */
const mostLosers = 32;

function withLosers<T>(value: Value<T>, losers: readonly Value<unknown>[]): Value<T> {
  if (!value.known || value.origin.kind !== "written" || losers.length === 0) return value;
  return { ...value, origin: { ...value.origin, overrode: losers } };
}

export function concerns(setting: Setting, section: string, key: string | readonly string[]): boolean {
  if (setting.section !== section) return false;
  return (
    setting.key === undefined || (typeof key === "string" ? setting.key === key : key.includes(setting.key))
  );
}

/** Why the value of a setting with a template hole is not known. */
export function holeText(setting: Setting): string {
  const { text, holes } = setting.value;
  const [hole] = holes;
  const shown = hole === undefined ? text.text : text.text.slice(hole.start, hole.end);
  return `\`${shown}\` is filled in by a template`;
}

function readOne<T>(
  label: string,
  setting: Setting,
  before: Value<T> | undefined,
  read: (setting: Setting, current: Value<T> | undefined) => Reading<T>,
): Reading<T> {
  if (setting.value.holes.length > 0)
    return { kind: "unknown", value: unknown<T>(label, holeText(setting), { at: setting.at }) };
  return read(setting, before);
}

function uncertain<T>(label: string, setting: Setting): Reading<T> {
  return {
    kind: "unknown",
    value: unknown<T>(label, `${holeText(setting)}, which may set it`, { at: setting.at }),
  };
}

function conditionally<T>(
  label: string,
  setting: Setting,
  value: Value<T> | undefined,
  before: Value<T> | undefined,
): Unknown<T> {
  const why =
    setting.key === undefined
      ? `${holeText(setting)}, which may set it`
      : "a condition of a template decides whether this line is there";
  return unknown<T>(label, why, {
    at: setting.at,
    from: [value, before].filter((each) => each?.known).filter((each) => each !== undefined),
  });
}

function valueRead<T>(
  label: string,
  setting: Setting,
  found: Exclude<Reading<T>, { kind: "rejected" | "reset" }>,
): Value<T> {
  return found.kind === "value" ? written(label, found.value, setting.at) : found.value;
}
