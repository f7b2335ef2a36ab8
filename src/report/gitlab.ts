import type { Diagnostic, LintResult } from "../lint/lint-result.ts";
import type { Severity } from "../lint/rule.ts";
import { fnvHash } from "./fnv-hash.ts";
import { harmless, harmlessJson, wellFormed } from "./harmless-text.ts";

const severities: Readonly<Record<Severity, string>> = { error: "critical", warning: "major", info: "info" };

/** A GitLab Code Quality report; the merge request shows nothing but the description. */
export function gitlab(result: LintResult): string {
  const taken = new Set<string>();
  return `${harmlessJson(
    result.diagnostics.map((diagnostic) => {
      const { rule, severity, message, at } = diagnostic;
      return {
        description: `${rule}: ${harmless(message)}`,
        check_name: rule,
        fingerprint: fingerprint(diagnostic, taken),
        severity: severities[severity],
        location: {
          path: wellFormed(at.file.path),
          lines: {
            begin: at.file.position(at.start).line,
            end: at.file.position(Math.max(at.start, at.end)).line,
          },
        },
      };
    }),
  )}\n`;
}

/** No line is longer than this where it says what a finding is about. */
const longestLine = 500;

/**
 * GitLab takes two reports' findings for the same one by this alone. So it holds no line number, which changes
 * with every line above, and not the message, whose numbers come from other files, but the line itself.
 */
function fingerprint({ rule, at }: Diagnostic, taken: Set<string>): string {
  const line = at.file.line(at.file.position(at.start).line).trim().slice(0, longestLine);
  for (let occurrence = 1; ; occurrence++) {
    const hash = fnvHash([rule, at.file.path, line, occurrence].join("\0"));
    if (taken.has(hash)) continue;
    taken.add(hash);
    return hash;
  }
}
