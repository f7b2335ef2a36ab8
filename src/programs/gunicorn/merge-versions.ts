import { type FactName, unknown, type Value } from "../../model/value.ts";

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
  if (kept !== undefined && values.every((value) => value === kept)) return kept;
  const missing = values.find((value) => !value.known);
  const choices = values.map((value) => (value.known ? [value] : value.candidates));
  const known = choices.every((choice) => choice !== undefined) ? choices.flat() : undefined;
  const candidates = known?.filter(
    (value, index) => known.findIndex((each) => sameValue(each.value, value.value)) === index,
  );
  if (missing !== undefined && !missing.known) {
    const { kind: _kind, why: reason, ...origin } = missing.origin;
    return unknown<T>(label, reason, { ...origin, ...(candidates === undefined ? {} : { candidates }) });
  }
  if (kept?.known === true && candidates?.length === 1) return kept;
  return unknown<T>(label, why, {
    ...(fact === undefined ? {} : { fact }),
    ...(candidates === undefined ? {} : { from: candidates, candidates }),
  });
}
