import type { Diagnostic, LintResult } from "../lint/lint-result.ts";
import { byFile } from "./by-file.ts";
import { evidenceNotes } from "./evidence-notes.ts";
import { harmless } from "./harmless-text.ts";
import { placeText } from "./place.ts";
import { openTag, xmlText } from "./xml-text.ts";

/**
 * JUnit's XML: a suite for each file, a failed test for each error and warning. An info is a passed test with its
 * text as output. Where there is nothing to report one test passes, so that CI shows a green suite and not none.
 */
export function junit(result: LintResult): string {
  const { diagnostics } = result;
  const suites = byFile(diagnostics).flatMap(({ path, findings }) => [
    `  ${openTag("testsuite", { name: path, ...totals(findings) })}>`,
    ...testCases(path, findings),
    "  </testsuite>",
  ]);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `${openTag("testsuites", { name: "hostlint", ...totals(diagnostics), tests: Math.max(diagnostics.length, 1) })}>`,
    ...(suites.length > 0 ? suites : passed),
    "</testsuites>",
    "",
  ].join("\n");
}

const passed = [
  '  <testsuite name="hostlint" tests="1" failures="0" errors="0">',
  '    <testcase name="no problems" classname="hostlint"/>',
  "  </testsuite>",
];

function totals(findings: readonly Diagnostic[]): { tests: number; failures: number; errors: number } {
  return { tests: findings.length, failures: findings.filter(isFailure).length, errors: 0 };
}

function isFailure({ severity }: Diagnostic): boolean {
  return severity !== "info";
}

function testCases(path: string, findings: readonly Diagnostic[]): string[] {
  const names = new Map<string, number>();
  return findings.flatMap((diagnostic) => {
    const { rule, message, at } = diagnostic;
    const text = `${rule}: ${message}`;
    const count = (names.get(text) ?? 0) + 1;
    names.set(text, count);
    // Readers take tests of one name for one test.
    const name = count === 1 ? text : `${text} (${count})`;
    const tag = openTag("testcase", {
      name,
      classname: path,
      file: path,
      line: at.file.position(at.start).line,
    });
    return [`    ${tag}>`, ...outcome(diagnostic), "    </testcase>"];
  });
}

function outcome(diagnostic: Diagnostic): string[] {
  const text = bodyText(diagnostic);
  if (!isFailure(diagnostic)) return [`      <system-out>${text}</system-out>`];
  const { severity, message } = diagnostic;
  return [`      ${openTag("failure", { type: severity, message })}>${text}</failure>`];
}

function bodyText(diagnostic: Diagnostic): string {
  const { at, message, why, help } = diagnostic;
  return [
    `${placeText(at)}: ${harmless(message)}`,
    ...(why === undefined ? [] : [`why: ${harmless(why)}`]),
    ...evidenceNotes(diagnostic).map((note) => `evidence: ${note.text} (${placeText(note.at)})`),
    ...(help === undefined ? [] : [`help: ${harmless(help)}`]),
  ]
    .map(xmlText)
    .join("\n");
}
