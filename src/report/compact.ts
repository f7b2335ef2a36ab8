import type { Diagnostic, LintResult } from "../lint/lint-result.ts";
import { countsOf, countsText, numbered } from "./counts.ts";
import { evidenceNotes } from "./evidence-notes.ts";
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

function noteLines(diagnostic: Diagnostic): string[] {
  const notes = evidenceNotes(diagnostic);
  if (diagnostic.help !== undefined)
    notes.push({ at: diagnostic.at, text: `help: ${harmless(diagnostic.help)}` });
  return notes.map(({ at, text }) => `${placeText(at)}: note: ${text}`);
}
