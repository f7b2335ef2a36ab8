import type { Severity } from "../lint/rule.ts";
import type { Span } from "../text/span.ts";
import type { DeclaredFacts } from "./facts.ts";

/** What a hostlint.yaml says, checked. */
export interface Configuration {
  /** As shown to the user. */
  readonly path: string;
  /** Absolute; `ignore` counts from here. */
  readonly directory: string;
  /** For every host. */
  readonly facts: DeclaredFacts;
  /** Empty: hosts are discovered below the paths. */
  readonly hosts: readonly ConfiguredHost[];
  readonly severities: ReadonlyMap<string, Severity | "off">;
  /** Globs of paths that are left out; see `ignoreMatcher`. */
  readonly ignore: readonly string[];
}

/** One host: a root tree, or the files that make it. */
export interface ConfiguredHost {
  /** Its root as written where no name is. */
  readonly name: string;
  readonly at: Span;
  /** Absolute paths: one root tree, or single files. */
  readonly paths: readonly string[];
  readonly kind: "root" | "files";
  /** Over those for every host. */
  readonly facts: DeclaredFacts;
}
