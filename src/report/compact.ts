import type { Diagnostic, LintResult } from "../lint/lint-result.ts";
import { countsOf, countsText, numbered } from "./counts.ts";
import { harmless } from "./harmless-text.ts";
import { notCheckedRules } from "./not-checked-text.ts";
import { placeText } from "./place.ts";

/**
 * One line for each finding, `path:line:col: severity: message [rule]`, as compilers write it; the chain follows
 * as `note:` lines. This is the form that problem matchers and editors read.
 */
export function compact(result: LintResult): string {
  const lines = result.diagnostics.flatMap((diagnostic) => [
    `${placeText(diagnostic.at)}: ${diagnostic.severity}: ${harmless(diagnostic.message)} [${diagnostic.rule}]`,
    ...noteLines(diagnostic),
  ]);
  const unchecked = notCheckedRules(result);
  const rest = unchecked === 0 ? "" : `, ${numbered(unchecked, "rule")} not fully checked`;
  return `${[...lines, `${countsText(countsOf(result))}${rest}`].join("\n")}\n`;
}

/**
 * Each note stands at a place, so that it can be followed: a step that has none joins the step that it proves, or
 * stands where the finding does.
 */
function noteLines(diagnostic: Diagnostic): string[] {
  const notes: { place: string; text: string; depth: number }[] = [];
  for (const { at, message, depth } of diagnostic.evidence) {
    const text = harmless(message);
    const last = notes.at(-1);
    if (at === undefined && last !== undefined && depth > last.depth) last.text += `; ${text}`;
    else notes.push({ place: placeText(at ?? diagnostic.at), text, depth });
  }
  if (diagnostic.help !== undefined)
    notes.push({ place: placeText(diagnostic.at), text: `help: ${harmless(diagnostic.help)}`, depth: 0 });
  return notes.map(({ place, text }) => `${place}: note: ${text}`);
}
