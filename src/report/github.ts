import type { Diagnostic, LintResult } from "../lint/lint-result.ts";
import type { Severity } from "../lint/rule.ts";
import { numbered } from "./counts.ts";
import { evidenceNotes } from "./evidence-notes.ts";
import { harmless } from "./harmless-text.ts";
import { placeText } from "./place.ts";
import { sentence } from "./sentences.ts";
import { worstFirst } from "./severity-order.ts";

/** Of each kind, in one step; GitHub drops further ones without a word. */
const mostAnnotations = 10;
/** The runner cuts a message at 4096 (actions/runner ExecutionContext.cs). */
const longestMessage = 4000;

const commands: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "notice" };

/**
 * Workflow commands of GitHub Actions, which annotate the lines of a pull request: errors first, no more of a kind
 * than GitHub shows, and where that leaves some out a notice at the end that says how many.
 */
export function github(result: LintResult): string {
  const diagnostics = worstFirst(result.diagnostics);
  const shown = withinBudget(diagnostics, mostAnnotations);
  if (shown.length === diagnostics.length) return lines(shown);
  const cut = withinBudget(diagnostics, mostAnnotations - 1);
  const leftOut = diagnostics.filter((each) => !cut.includes(each));
  return lines(cut) + command("notice", { title: "hostlint" }, leftOutText(leftOut));
}

/** The notice about the rest is itself one, so that the budget of the notices alone is smaller by one. */
function withinBudget(diagnostics: readonly Diagnostic[], notices: number): Diagnostic[] {
  const left: Record<Severity, number> = { error: mostAnnotations, warning: mostAnnotations, info: notices };
  return diagnostics.filter(({ severity }) => left[severity]-- > 0);
}

function leftOutText(diagnostics: readonly Diagnostic[]): string {
  const parts = (["error", "warning", "info"] as const).flatMap((severity) => {
    const count = diagnostics.filter((each) => each.severity === severity).length;
    if (count === 0) return [];
    return [severity === "info" ? `${count} info` : numbered(count, severity)];
  });
  return `${parts.join(", ")} left out here: GitHub shows ${mostAnnotations} of a kind, --format stylish prints all`;
}

function lines(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(annotation).join("");
}

function annotation(diagnostic: Diagnostic): string {
  const { at, severity, rule } = diagnostic;
  const start = at.file.position(at.start);
  const end = at.file.position(Math.max(at.start, at.end));
  return command(
    commands[severity],
    {
      file: harmless(at.file.path, 1000),
      line: String(start.line),
      endLine: String(end.line),
      // GitHub refuses columns where the annotation goes over lines.
      ...(start.line === end.line ? { col: String(start.column), endColumn: String(end.column) } : {}),
      title: `hostlint: ${rule}`,
    },
    messageText(diagnostic),
  );
}

function messageText(diagnostic: Diagnostic): string {
  const { message, why, help } = diagnostic;
  const texts = [
    sentence(message),
    ...(why === undefined ? [] : [sentence(why)]),
    ...(help === undefined ? [] : [`help: ${harmless(help)}`]),
    ...evidenceNotes(diagnostic).map(({ at, text }) => `- ${text} (${placeText(at)})`),
  ];
  const kept: string[] = [];
  let length = 0;
  for (const text of texts) {
    length += text.length + 1;
    if (length > longestMessage) return [...kept, "…"].join("\n");
    kept.push(text);
  }
  return kept.join("\n");
}

function command(name: string, properties: Readonly<Record<string, string>>, message: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`);
  return `::${name} ${list.join(",")}::${escapeMessage(message)}\n`;
}

/** @actions/core, command.ts. */
function escapeMessage(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
