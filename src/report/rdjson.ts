import type { Diagnostic, LintResult } from "../lint/lint-result.ts";
import type { Severity } from "../lint/rule.ts";
import type { SourceFile } from "../text/source-file.ts";
import type { Span } from "../text/span.ts";
import { evidenceNotes } from "./evidence-notes.ts";
import { harmlessJson, wellFormed } from "./harmless-text.ts";
import { sentences } from "./sentences.ts";
import { webAddress } from "./tool.ts";

const severities: Readonly<Record<Severity, string>> = { error: "ERROR", warning: "WARNING", info: "INFO" };

/** The Reviewdog Diagnostic Format (reviewdog proto/rdf/reviewdog.proto), the evidence as related locations. */
export function rdjson(result: LintResult): string {
  return `${harmlessJson({
    source: { name: "hostlint" },
    diagnostics: result.diagnostics.map(diagnosticRdjson),
  })}\n`;
}

function diagnosticRdjson(diagnostic: Diagnostic): object {
  const { rule, severity, at } = diagnostic;
  const url = webAddress(diagnostic.docs);
  return {
    message: sentences(diagnostic),
    location: location(at),
    severity: severities[severity],
    code: { value: rule, ...(url === undefined ? {} : { url }) },
    related_locations: evidenceNotes(diagnostic).map(({ at: place, text }) => ({
      message: text,
      location: location(place),
    })),
  };
}

function location(at: Span): object {
  return {
    path: wellFormed(at.file.path),
    range: {
      start: position(at.file, at.start),
      end: position(at.file, Math.max(at.start, at.end)),
    },
  };
}

/** Lines and columns from 1; a column counts the bytes of the file. */
function position(file: SourceFile, offset: number): { line: number; column: number } {
  const { line, column } = file.position(offset);
  const before = file.text.slice(offset - column + 1, offset);
  return { line, column: 1 + (file.encoding === "latin-1" ? before.length : utf8Length(before)) };
}

function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}
