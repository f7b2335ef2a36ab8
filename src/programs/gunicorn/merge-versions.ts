import type { FactName, Known } from "../../model/value.ts";
import { unknown, type Value } from "../../model/value.ts";

/** Whether two values are the same, whatever their origin. */
export function sameValue(one: unknown, other: unknown): boolean {
  return Object.is(one, other) || JSON.stringify(one) === JSON.stringify(other);
}

/**
 * One value for several possibilities, in each of which it is what `values` says. The latest is kept where all
 * agree; where they do not, they are the candidates of an unknown.
 */
export function mergeValues<T>(
  values: readonly Value<T>[],
  label: string,
  why: string,
  fact?: FactName,
): Value<T> {
  const kept = values.at(-1);
  const missing = values.find((value) => !value.known);
  if (missing !== undefined && !missing.known)
    return values.every((value) => value === missing) || values.length === 1
      ? missing
      : unknown<T>(label, missing.origin.why, { ...withoutKind(missing.origin) });
  const known = values.filter((value): value is Known<T> => value.known);
  if (kept !== undefined && known.every((value) => sameValue(value.value, kept.known && kept.value)))
    return kept;
  const candidates = known.filter(
    (value, index) => known.findIndex((each) => sameValue(each.value, value.value)) === index,
  );
  return unknown<T>(label, why, { ...(fact === undefined ? {} : { fact }), from: candidates, candidates });
}

function withoutKind<T extends { kind: string; why: string }>(origin: T): Omit<T, "kind" | "why"> {
  const { kind: _kind, why: _why, ...rest } = origin;
  return rest;
}
