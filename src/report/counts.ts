import type { LintResult } from "../lint/lint-result.ts";

export interface Counts {
  readonly findings: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
}

export function countsOf(result: LintResult): Counts {
  const count = (severity: string): number =>
    result.diagnostics.filter((each) => each.severity === severity).length;
  return {
    findings: result.diagnostics.length,
    errors: count("error"),
    warnings: count("warning"),
    infos: count("info"),
  };
}

/** `3 problems (1 error, 2 warnings)`; `no problems`. */
export function countsText({ findings, errors, warnings, infos }: Counts): string {
  if (findings === 0) return "no problems";
  const parts = [
    ...(errors > 0 ? [numbered(errors, "error")] : []),
    ...(warnings > 0 ? [numbered(warnings, "warning")] : []),
    ...(infos > 0 ? [`${infos} info`] : []),
  ];
  return `${numbered(findings, "problem")} (${parts.join(", ")})`;
}

/** `1 rule`, `2 rules`. */
export function numbered(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
