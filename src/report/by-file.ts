import { groupBy } from "../lint/group.ts";
import type { Diagnostic } from "../lint/lint-result.ts";

/** The findings of each file, in the order of the report. */
export function byFile(
  diagnostics: readonly Diagnostic[],
): { readonly path: string; readonly findings: readonly Diagnostic[] }[] {
  return groupBy(diagnostics, ({ at }) => at.file.path).map((findings) => ({
    path: findings[0]?.at.file.path ?? "",
    findings,
  }));
}
