import { defaultText } from "../model/origin-text.ts";
import type { Value } from "../model/value.ts";
import { statement, valueText, verbOf } from "../model/value-text.ts";
import type { EvidenceStep } from "./lint-result.ts";
import { ownDefaults } from "./rule-options.ts";

/** A chain that nobody reads to its end is cut; real ones have three to eight steps. */
const mostSteps = 40;
const deepest = 8;
const mostOverridden = 3;

/**
 * The chain that proves a value, in reading order: the value itself, then one level deeper what it was computed
 * from, or which written values it overrode. A value that occurs twice in a chain is shown once.
 */
export function evidenceOf(value: Value<unknown>): EvidenceStep[] {
  const steps: EvidenceStep[] = [];
  addSteps(steps, value, 0, new Set());
  return steps;
}

function addSteps(steps: EvidenceStep[], value: Value<unknown>, depth: number, seen: Set<unknown>): void {
  if (seen.has(value.origin) || steps.length >= mostSteps) return;
  seen.add(value.origin);
  const { origin } = value;
  // An option that nobody has set: the number stands in the words of what is computed with it.
  if (origin.kind === "default" && origin.program === ownDefaults) return;
  steps.push({
    message: stepText(value),
    ...(origin.at === undefined ? {} : { at: origin.at }),
    depth,
  });
  if (origin.kind === "written") addOverridden(steps, value, origin.overrode, depth + 1);
  if ((origin.kind === "derived" || origin.kind === "unknown") && depth < deepest)
    for (const input of origin.from ?? []) addSteps(steps, input, depth + 1, seen);
}

function stepText(value: Value<unknown>): string {
  const { origin } = value;
  switch (origin.kind) {
    case "written":
      return statement(value);
    case "default":
      return `${statement(value)} by default (${defaultText(origin)})`;
    case "fact":
      return `${statement(value)} (declared by ${origin.how})`;
    case "derived":
      return `${statement(value)}: ${origin.how}`;
    case "unknown":
      return unknownText(value, origin.why);
  }
}

function unknownText(value: Value<unknown>, why: string): string {
  if (!value.known && value.candidates !== undefined && value.candidates.length > 0)
    return `${statement(value)}: ${why}`;
  const start = `${value.label} ${verbOf(value.label)} not `;
  return why.startsWith(value.label) ? why : `${start}known: ${why}`;
}

function addOverridden(
  steps: EvidenceStep[],
  winner: Value<unknown>,
  losers: readonly Value<unknown>[],
  depth: number,
): void {
  // A loser of which nothing is known, such as a variable that may be set, proves nothing.
  const told = losers.filter(
    (loser) => loser.known || loser.candidates !== undefined || loser.origin.at !== undefined,
  );
  for (const loser of told.slice(0, mostOverridden)) {
    const name = loser.label === winner.label ? "" : `${loser.label} `;
    const { origin } = loser;
    const whose = origin.kind === "default" ? `, the default (${defaultText(origin)})` : "";
    steps.push({
      message: `overrides ${name}${valueText(loser)}${whose}`,
      ...(origin.at === undefined ? {} : { at: origin.at }),
      depth,
    });
  }
  const rest = told.length - mostOverridden;
  if (rest > 0) steps.push({ message: `overrides ${rest} more`, depth });
}
