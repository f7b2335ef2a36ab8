import type { Diagnostic, EvidenceStep, LintResult, NotChecked } from "../lint/lint-result.ts";
import { countsOf } from "./counts.ts";
import { factFlags } from "./fact-flags.ts";
import { harmlessJson } from "./harmless-text.ts";
import { notCheckedRules } from "./not-checked-text.ts";
import { placeJson } from "./place.ts";

/**
 * The report for programs; `version` changes when a field changes its meaning or goes. Lines and columns count
 * from 1 (columns in UTF-16 code units), the end is exclusive; what stands nowhere has no `file` and `range`.
 */
export function json(result: LintResult): string {
  const { findings, errors, warnings, infos } = countsOf(result);
  return `${harmlessJson({
    version: 1,
    hosts: result.hosts.map(({ name, files }) => ({
      name,
      files: files.map(({ path, role }) => ({ path, role })),
    })),
    diagnostics: result.diagnostics.map(diagnosticJson),
    notChecked: result.notChecked.map(notCheckedJson),
    aside: result.aside.map(({ path, why }) => ({ path, why })),
    summary: {
      findings,
      errors,
      warnings,
      infos,
      ignored: result.ignored,
      rulesNotChecked: notCheckedRules(result),
    },
  })}\n`;
}

/** One finding, in every JSON of hostlint. */
export function diagnosticJson(each: Diagnostic): object {
  return {
    rule: each.rule,
    severity: each.severity,
    message: each.message,
    ...(each.why === undefined ? {} : { why: each.why }),
    ...placeJson(each.at),
    evidence: each.evidence.map(stepJson),
    ...(each.help === undefined ? {} : { help: each.help }),
    docs: each.docs,
    hosts: each.hosts,
  };
}

function stepJson({ message, at, depth }: EvidenceStep): object {
  return { message, ...(at === undefined ? {} : placeJson(at)), depth };
}

function notCheckedJson({ reason, rules, fact, at, hosts }: NotChecked): object {
  return {
    reason,
    rules,
    ...(fact === undefined ? {} : { fact, declare: factFlags[fact].flag }),
    ...(at === undefined ? {} : placeJson(at)),
    hosts,
  };
}
