import type { Host } from "../model/host.ts";
import type { Unknown } from "../model/value.ts";
import type { Problem } from "../syntax/problem.ts";
import type { Span } from "../text/span.ts";
import { asking } from "./ask.ts";
import { evidenceOf } from "./evidence.ts";
import type { Ignores } from "./ignores.ts";
import type { Diagnostic, EvidenceStep, NotChecked } from "./lint-result.ts";
import type { Evidence, Finding, Rule, Severity } from "./rule.ts";
import type { DeclaredOptions } from "./rule-options.ts";

/** The rules by id. */
export type Rules = ReadonlyMap<string, Rule>;

/** What the configuration says of single rules. */
export type Severities = ReadonlyMap<string, Severity | "off">;

/** Severities for findings that are reported in some files. */
export interface SeverityOverride {
  /** Whether a file is meant, by its path as shown to the user. */
  readonly covers: (path: string) => boolean;
  readonly severities: Severities;
}

export interface RunOptions {
  readonly severities?: Severities;
  /** What is set of the options of rules, by rule. */
  readonly options?: ReadonlyMap<string, DeclaredOptions>;
  /** Over `severities`; later ones win over earlier ones. */
  readonly overrides?: readonly SeverityOverride[];
  /** The ignore comments that count. */
  readonly ignores?: Ignores;
}

export interface RuleRun {
  readonly diagnostics: readonly Diagnostic[];
  readonly notChecked: readonly NotChecked[];
  /** How many findings are left out since a comment ignores them. */
  readonly ignored: number;
  /** Faults of rules themselves; the others have run all the same. */
  readonly faults: readonly { readonly rule: string; readonly error: unknown }[];
  /** Time per rule by the caller's clock. */
  readonly spent: ReadonlyMap<string, number>;
}

/**
 * Runs every rule over every host. A finding that holds on several hosts, because they share the file, is
 * reported once with the names of all of them.
 *
 * @param problems what was found outside of any host, such as a path that cannot be read
 */
export function runRules(
  hosts: readonly Host[],
  problems: readonly Problem[],
  rules: Rules,
  options: RunOptions = {},
  clock: () => number = () => 0,
): RuleRun {
  const diagnostics = new Map<string, Diagnostic>();
  const ignored = new Set<string>();
  const notChecked = new Map<string, NotChecked>();
  const faults: { rule: string; error: unknown }[] = [];
  const spent = new Map<string, number>();
  const isOff = offEverywhere(options);
  const optionsOf = (id: string): DeclaredOptions => options.options?.get(id) ?? nothingSet;
  const add = (id: string, rule: Rule, finding: Finding, host: string | undefined): void => {
    const severity = configured(options, id, finding.at.file.path) ?? finding.severity ?? rule.meta.severity;
    if (severity === "off") return;
    const key = `${id}\0${placeKey(finding.at)}\0${finding.message}`;
    if (options.ignores?.cover(id, () => placesOf(finding)) === true) {
      ignored.add(key);
      return;
    }
    const known = diagnostics.get(key);
    diagnostics.set(key, {
      rule: id,
      severity,
      message: finding.message,
      ...(finding.why === undefined ? {} : { why: finding.why }),
      at: finding.at,
      evidence: known?.evidence ?? finding.because.flatMap(steps),
      ...(finding.help === undefined ? {} : { help: finding.help }),
      docs: docsAddress(id),
      hosts: [...(known?.hosts ?? []), ...(host === undefined || known?.hosts.includes(host) ? [] : [host])],
    });
  };
  const addProblem = (problem: Problem, host: string | undefined): void => {
    const rule = rules.get(problem.rule);
    if (rule === undefined) {
      faults.push({
        rule: problem.rule,
        error: new Error(`no rule reports ${problem.rule}: ${problem.message}`),
      });
      return;
    }
    if (rule.isExpected?.(problem, optionsOf(problem.rule)) === true) return;
    add(problem.rule, rule, { ...problem, because: problem.because ?? [] }, host);
  };

  for (const problem of problems) addProblem(problem, undefined);
  for (const host of hosts) {
    for (const problem of host.problems) addProblem(problem, host.name);
    for (const [id, rule] of rules) {
      if (rule.check === undefined || isOff(id)) continue;
      const started = clock();
      const unanswered = new Set<Unknown<unknown>>();
      try {
        for (const finding of rule.check(
          host,
          asking((value) => unanswered.add(value)),
          optionsOf(id),
        ))
          add(id, rule, finding, host.name);
      } catch (error) {
        faults.push({ rule: id, error });
      }
      for (const value of unanswered) noteNotChecked(notChecked, id, value, host.name);
      spent.set(id, (spent.get(id) ?? 0) + clock() - started);
    }
  }
  const unchecked = hostsByRule(notChecked.values());
  const isJudged = (id: string, on: ReadonlySet<string>): boolean =>
    !isOff(id) &&
    options.overrides?.some(({ severities }) => severities.get(id) === "off") !== true &&
    !faults.some((fault) => fault.rule === id) &&
    !unchecked.get(id)?.some((host) => on.has(host));
  for (const { problem, hosts: on } of options.ignores?.problems(isJudged) ?? [])
    for (const host of on) addProblem(problem, host);
  return {
    diagnostics: [...diagnostics.values()].sort(byPlace),
    notChecked: [...notChecked.values()],
    ignored: [...ignored].filter((key) => !diagnostics.has(key)).length,
    faults,
    spent,
  };
}

const nothingSet: DeclaredOptions = new Map();

/** What the configuration says of a rule in a file. */
function configured(
  { severities, overrides = [] }: RunOptions,
  id: string,
  path: string,
): Severity | "off" | undefined {
  const override = overrides.findLast((each) => each.severities.has(id) && each.covers(path));
  return override?.severities.get(id) ?? severities?.get(id);
}

/** Tells the rules that can report nothing in any file. */
function offEverywhere({ severities, overrides = [] }: RunOptions): (id: string) => boolean {
  return (id) =>
    severities?.get(id) === "off" && overrides.every((each) => (each.severities.get(id) ?? "off") === "off");
}

/** Where the documentation of a rule stands. */
export function docsAddress(id: string): string {
  return `docs/rules/${id}.md`;
}

function steps(evidence: Evidence): EvidenceStep[] {
  return "known" in evidence
    ? evidenceOf(evidence)
    : [{ message: evidence.message, at: evidence.at, depth: 0 }];
}

function placesOf({ at, because }: Finding): Span[] {
  return [at, ...because.flatMap(steps).flatMap((step) => step.at ?? [])];
}

function noteNotChecked(
  notes: Map<string, NotChecked>,
  rule: string,
  value: Unknown<unknown>,
  host: string,
): void {
  const { label, origin } = causeOf(value);
  const { why, fact, at } = origin;
  const reason = why.startsWith(label) ? why : `${label}: ${why}`;
  const key = `${reason}\0${at === undefined ? "" : placeKey(at)}`;
  const known = notes.get(key);
  notes.set(key, {
    rules: [...new Set([...(known?.rules ?? []), rule])],
    reason,
    ...(fact === undefined ? {} : { fact }),
    ...(at === undefined ? {} : { at }),
    hosts: [...new Set([...(known?.hosts ?? []), host])],
  });
}

/** The value that is not known by itself; what is computed from it is unknown for its reason. */
function causeOf(value: Unknown<unknown>): Unknown<unknown> {
  let cause = value;
  for (let next: Unknown<unknown> | undefined = value; next !== undefined; ) {
    cause = next;
    const { why, from = [] } = cause.origin;
    next = from.find((each): each is Unknown<unknown> => !each.known && each.origin.why === why);
  }
  return cause;
}

/** The hosts on which a rule could not be checked. */
function hostsByRule(notes: Iterable<NotChecked>): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { rules, hosts } of notes)
    for (const rule of rules) found.set(rule, [...new Set([...(found.get(rule) ?? []), ...hosts])]);
  return found;
}

function placeKey(at: Span): string {
  return `${at.file.path}\0${at.start}\0${at.end}`;
}

const severityOrder: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return (
    compareText(a.at.file.path, b.at.file.path) ||
    a.at.start - b.at.start ||
    severityOrder[a.severity] - severityOrder[b.severity] ||
    compareText(a.rule, b.rule) ||
    compareText(a.message, b.message)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
