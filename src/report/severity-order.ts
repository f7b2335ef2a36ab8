import type { Diagnostic } from "../lint/lint-result.ts";
import type { Severity } from "../lint/rule.ts";

const order: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Errors first, for forms that may be cut; within a severity the order stays. */
export function worstFirst(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort((a, b) => order[a.severity] - order[b.severity]);
}
