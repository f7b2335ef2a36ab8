import type { LintResult, NotChecked } from "../lint/lint-result.ts";
import type { FactName } from "../model/value.ts";
import { factFlags } from "./fact-flags.ts";

/** What was not checked for one and the same reason. */
export interface NotCheckedGroup {
  readonly rules: readonly string[];
  readonly because: string;
  /** What the person can do about it. */
  readonly remedy?: string;
  /** The values that were asked for, where the reason is in the files. */
  readonly members: readonly NotChecked[];
}

/**
 * Grouped so that the list stays short: one group for each missing fact, in the order of the help text, then one
 * for each other reason, the one that stops most rules first.
 */
export function notCheckedGroups(result: LintResult): NotCheckedGroup[] {
  const byFact = new Map<FactName, NotChecked[]>();
  const byReason = new Map<string, NotChecked[]>();
  for (const each of result.notChecked)
    if (each.fact === undefined) append(byReason, each.reason, each);
    else append(byFact, each.fact, each);
  const factGroups = Object.entries(factFlags).flatMap(([name, { what, flag }]) => {
    const members = byFact.get(name as FactName);
    return members === undefined
      ? []
      : [{ rules: rulesOf(members), because: `${what} is not known`, remedy: `declare ${flag}`, members }];
  });
  const reasonGroups = [...byReason].map(([reason, members]) => ({
    rules: rulesOf(members),
    because: reason,
    members,
  }));
  reasonGroups.sort((a, b) => b.rules.length - a.rules.length);
  return [...factGroups, ...reasonGroups];
}

/** How many rules could not be checked in at least one place. */
export function notCheckedRules(result: LintResult): number {
  return rulesOf(result.notChecked).length;
}

function append<K>(groups: Map<K, NotChecked[]>, key: K, each: NotChecked): void {
  const members = groups.get(key);
  if (members === undefined) groups.set(key, [each]);
  else members.push(each);
}

function rulesOf(members: readonly NotChecked[]): string[] {
  return [...new Set(members.flatMap((each) => each.rules))].sort();
}
