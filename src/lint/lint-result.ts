import type { FactName } from "../model/value.ts";
import type { Span } from "../text/span.ts";
import type { Severity } from "./rule.ts";

/** A finding with everything a report needs. */
export interface Diagnostic {
  /** Rule id: `queue/somaxconn-below-backlog`. */
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly why?: string;
  readonly at: Span;
  /** The chain that proves it, in reading order; a step without a place is a default or a declared fact. */
  readonly evidence: readonly EvidenceStep[];
  readonly help?: string;
  /** Address of the documentation page. */
  readonly docs: string;
  /** Names of the hosts on which it holds. */
  readonly hosts: readonly string[];
}

export interface EvidenceStep {
  readonly message: string;
  readonly at?: Span;
  /** How deep it stands in the chain: 0 proves the finding, 1 proves a step of depth 0, ... */
  readonly depth: number;
}

/** What could not be judged, and what would allow it. */
export interface NotChecked {
  readonly rules: readonly string[];
  /** The value that was asked for and why it is not known, in words. */
  readonly reason: string;
  /** The fact that would make it known. */
  readonly fact?: FactName;
  readonly at?: Span;
  readonly hosts: readonly string[];
}

export interface HostSummary {
  readonly name: string;
  /** What was taken for what: path as shown to the user, and its role in words. */
  readonly files: readonly { readonly path: string; readonly role: string }[];
}

export interface LintResult {
  readonly hosts: readonly HostSummary[];
  /** Ordered by path, place, severity, rule. */
  readonly diagnostics: readonly Diagnostic[];
  readonly notChecked: readonly NotChecked[];
  /** How many findings are left out since a comment ignores them. */
  readonly ignored: number;
  /** Files that looked like input and were left aside, with the reason. */
  readonly aside: readonly { readonly path: string; readonly why: string }[];
}
