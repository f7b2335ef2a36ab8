import { didYouMean } from "../../text/did-you-mean.ts";
import { ruleIdFault } from "../known-rules.ts";

/** The rules that a name in an ignore comment stands for, or why it stands for none. */
type NamedRules = { readonly ids: readonly string[] } | { readonly fault: string };

const layerOfThis = "ignore/";

/**
 * @param name `queue/somaxconn-below-backlog`, or a whole layer: `queue/*`
 */
export function namedRules(name: string, ruleIds: readonly string[]): NamedRules {
  if (/^[*/]+$/.test(name))
    return { fault: `${name} would ignore everything: name the rules, or a layer such as queue/*` };
  if (name.startsWith(layerOfThis))
    return { fault: `${name} cannot be ignored by a comment: turn the rule off instead` };
  if (!name.endsWith("/*")) {
    const fault = ruleIdFault(name, ruleIds);
    return fault === undefined ? { ids: [name] } : { fault };
  }
  const layer = name.slice(0, -2);
  const ids = ruleIds.filter((id) => id.startsWith(`${layer}/`));
  if (ids.length > 0) return { ids };
  const layers = new Set(ruleIds.map((id) => id.slice(0, id.indexOf("/"))));
  return {
    fault: `unknown layer ${name}${didYouMean(
      name,
      [...layers].map((each) => `${each}/*`),
    )}`,
  };
}
