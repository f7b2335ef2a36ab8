import { rules } from "../rules/index.ts";
import { discover } from "./files/discover.ts";
import { assembleHost } from "./host/assemble.ts";
import type { LintResult } from "./lint/lint-result.ts";
import type { Severity } from "./lint/rule.ts";
import { type RuleRun, runRules } from "./lint/run-rules.ts";
import type { Facts } from "./model/facts.ts";
import type { Host } from "./model/host.ts";

export type { Diagnostic, EvidenceStep, HostSummary, LintResult, NotChecked } from "./lint/lint-result.ts";
export { defineRule, type Rule, type Severity } from "./lint/rule.ts";
export { type Facts, facts, Version } from "./model/facts.ts";
export type { Host } from "./model/host.ts";
export { rules };

export interface LintOptions {
  /** Root trees, folders, files, or `-` for the text in `stdin`. */
  readonly paths: readonly string[];
  /** Absolute; paths are shown relative to it. */
  readonly workingDirectory: string;
  /** The output of `nginx -T`, for the path `-`. */
  readonly stdin?: string;
  readonly facts: Facts;
  /** What the configuration says of single rules. */
  readonly severities?: ReadonlyMap<string, Severity | "off">;
  /** A clock in milliseconds, to learn what each stage and rule takes. */
  readonly clock?: () => number;
}

export interface Lint {
  readonly result: LintResult;
  readonly hosts: readonly Host[];
  /** Faults of hostlint itself: a rule that threw. */
  readonly faults: RuleRun["faults"];
  /** Milliseconds by stage and by rule; zeros without a clock. */
  readonly spent: ReadonlyMap<string, number>;
}

/** Finds the hosts below the paths, builds their models and runs every rule over them. */
export async function lint(options: LintOptions): Promise<Lint> {
  const clock = options.clock ?? (() => 0);
  const started = clock();
  const discovery = discover(options.paths, {
    workingDirectory: options.workingDirectory,
    ...(options.stdin === undefined ? {} : { stdin: options.stdin }),
  });
  const discovered = clock();
  const hosts: Host[] = [];
  for (const found of discovery.hosts) hosts.push(await assembleHost(found, options.facts));
  const assembled = clock();
  const run = runRules(
    hosts,
    discovery.problems,
    rules,
    options.severities === undefined ? {} : { severities: options.severities },
    clock,
  );
  return {
    hosts,
    faults: run.faults,
    result: {
      hosts: discovery.hosts.map(({ name, files }) => ({ name, files })),
      diagnostics: run.diagnostics,
      notChecked: run.notChecked,
      aside: discovery.aside,
    },
    spent: new Map([
      ["discovery", discovered - started],
      ["host model", assembled - discovered],
      ["rules", clock() - assembled],
      ...run.spent,
    ]),
  };
}
