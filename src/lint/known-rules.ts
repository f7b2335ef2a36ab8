import { didYouMean } from "../text/did-you-mean.ts";

/** What is wrong with a rule id that a person wrote; undefined where the rule exists. */
export function ruleIdFault(id: string, ruleIds: readonly string[]): string | undefined {
  if (ruleIds.includes(id)) return undefined;
  const sameName = ruleIds.find((each) => each.endsWith(`/${id}`));
  const hint = sameName === undefined ? didYouMean(id, ruleIds) : `, did you mean ${sameName}?`;
  return `unknown rule ${id}${hint}`;
}
