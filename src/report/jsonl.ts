import type { LintResult } from "../lint/lint-result.ts";
import { harmlessJson } from "./harmless-text.ts";
import { diagnosticJson } from "./json.ts";

/** One finding a line, each the object that stands in `diagnostics` of the json form; nothing for no findings. */
export function jsonl(result: LintResult): string {
  return result.diagnostics.map((each) => `${harmlessJson(diagnosticJson(each), 0)}\n`).join("");
}
