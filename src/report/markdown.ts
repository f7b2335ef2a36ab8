import type { Diagnostic, LintResult } from "../lint/lint-result.ts";
import { countsOf, countsText, numbered } from "./counts.ts";
import { harmless } from "./harmless-text.ts";
import { notCheckedGroups, notCheckedRules } from "./not-checked-text.ts";
import { placeText } from "./place.ts";
import { sentence } from "./sentences.ts";
import { worstFirst } from "./severity-order.ts";
import { webAddress } from "./tool.ts";

/** GitHub takes no job summary above 1 MiB, not even its start; a character is at most four bytes. */
const longestReport = 250_000;

/** A page for a job summary or a comment: a table of the findings, then those with more to say in full. */
export function markdown(result: LintResult): string {
  const unchecked = notCheckedRules(result);
  const ignored = result.ignored === 0 ? "" : `, ${result.ignored} ignored`;
  const rest = unchecked === 0 ? "" : `, ${numbered(unchecked, "rule")} not fully checked`;
  const heading = `## hostlint: ${countsText(countsOf(result))}${ignored}${rest}`;
  const diagnostics = worstFirst(result.diagnostics);
  const rows = withinLength(diagnostics.map(row), longestReport / 4);
  const detailed = diagnostics.filter(hasDetail);
  const details = withinLength(detailed.map(detail), longestReport / 2);
  const unknowns = notCheckedLines(result);
  const reasons = withinLength(unknowns, longestReport / 8);
  return `${[
    heading,
    ...(rows.length === 0
      ? []
      : [["| severity | place | problem | rule |", "|---|---|---|---|", ...rows].join("\n")]),
    ...leftOut(diagnostics.length - rows.length, "more"),
    ...details,
    ...leftOut(detailed.length - details.length, "without their evidence here"),
    ...(reasons.length === 0 ? [] : [`### Not checked\n\n${reasons.join("\n")}`]),
    ...leftOut(unknowns.length - reasons.length, "more reasons"),
  ].join("\n\n")}\n`;
}

function withinLength(texts: readonly string[], most: number): string[] {
  let length = 0;
  const kept: string[] = [];
  for (const text of texts) {
    length += text.length;
    if (length > most) break;
    kept.push(text);
  }
  return kept;
}

function leftOut(count: number, what: string): string[] {
  return count > 0 ? [`And ${count} ${what}.`] : [];
}

function row(diagnostic: Diagnostic): string {
  const { severity, at, message, rule } = diagnostic;
  return `| ${severity} | ${escaped(placeText(at))} | ${escaped(harmless(message))} | ${ruleLink(diagnostic, rule)} |`;
}

function hasDetail({ why, help, evidence }: Diagnostic): boolean {
  return why !== undefined || help !== undefined || evidence.length > 0;
}

function detail(diagnostic: Diagnostic): string {
  const { severity, at, message, why, help, evidence, rule } = diagnostic;
  let depth = -1;
  const steps = evidence.map((step) => {
    // A deeper jump than by one would make the step a block of code.
    depth = Math.min(step.depth, depth + 1);
    const place = step.at === undefined ? "" : ` (${escaped(placeText(step.at))})`;
    return `${"  ".repeat(depth)}- ${escaped(harmless(step.message))}${place}`;
  });
  return [
    `### ${severity}: ${escaped(harmless(message))}`,
    `${escaped(placeText(at))}, ${ruleLink(diagnostic, rule)}`,
    ...(why === undefined ? [] : [escaped(sentence(why))]),
    ...(steps.length === 0 ? [] : [steps.join("\n")]),
    ...(help === undefined ? [] : [`**Help:** ${escaped(sentence(help))}`]),
  ].join("\n\n");
}

function ruleLink({ docs }: Diagnostic, rule: string): string {
  const address = webAddress(docs);
  return address === undefined ? escaped(rule) : `[${escaped(rule)}](<${encodeURI(address)}>)`;
}

function notCheckedLines(result: LintResult): string[] {
  return notCheckedGroups(result).map(({ rules, because, remedy }) => {
    const end = remedy === undefined ? "" : ` (${escaped(remedy)})`;
    return `- ${rules.map(escaped).join(", ")}: ${escaped(harmless(because))}${end}`;
  });
}

/** Text that Markdown shows as it stands: any punctuation may be escaped. A bare address would become a link. */
function escaped(text: string): string {
  return text.trim().replace(/[\\`*_{}[\]<>()#+!|~&$@^]|:(?=\/\/)|^[-=]|(?<=^\d+)\.|(?<=www)\./gi, "\\$&");
}
