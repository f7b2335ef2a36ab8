import type { Diagnostic, LintResult } from "../lint/lint-result.ts";
import { byFile } from "./by-file.ts";
import { sentences } from "./sentences.ts";
import { openTag } from "./xml-text.ts";

/** Checkstyle's XML, which Jenkins and many others read. */
export function checkstyle(result: LintResult): string {
  const lines = byFile(result.diagnostics).flatMap(({ path, findings }) => [
    `  ${openTag("file", { name: path })}>`,
    ...findings.map(errorTag),
    "  </file>",
  ]);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<checkstyle version="4.3">',
    ...lines,
    "</checkstyle>",
    "",
  ].join("\n");
}

function errorTag(diagnostic: Diagnostic): string {
  const { line, column } = diagnostic.at.file.position(diagnostic.at.start);
  return `    ${openTag("error", {
    line,
    column,
    severity: diagnostic.severity,
    message: sentences(diagnostic),
    source: `hostlint.${diagnostic.rule}`,
  })}/>`;
}
