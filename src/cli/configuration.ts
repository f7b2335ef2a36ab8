import type { FileRole } from "../files/recognise/declared-role.ts";
import type { Severity } from "../lint/rule.ts";
import type { DeclaredOptions } from "../lint/rule-options.ts";
import type { Span } from "../text/span.ts";
import type { DeclaredFacts } from "./facts.ts";

/** What a hostlint.yaml and those that it extends say together, checked. */
export interface Configuration {
  /** Of the file itself, as shown to the user. */
  readonly path: string;
  /** Absolute; the folder of the file itself. */
  readonly directory: string;
  /** The files that it extends, as shown to the user, in the order in which they were read. */
  readonly extended: readonly string[];
  /** For every host. */
  readonly facts: DeclaredFacts;
  /** Empty: hosts are discovered below the paths. Those of an extended file are its own. */
  readonly hosts: readonly ConfiguredHost[];
  readonly severities: RuleSettings;
  /** What is set of the options of rules, by rule. */
  readonly options: ReadonlyMap<string, DeclaredOptions>;
  /** Over `severities`, later ones over earlier ones. */
  readonly overrides: readonly Override[];
  /** Paths that are left out. */
  readonly ignore: readonly PathGlobs[];
}

/** What one hostlint.yaml says, checked. */
export interface ConfigurationFile extends Omit<Configuration, "extended" | "ignore"> {
  /** Absolute paths of the files that it builds on; later ones win over earlier ones, this one over all of them. */
  readonly extends: readonly { readonly path: string; readonly at: Span }[];
  readonly ignore: PathGlobs;
}

/** Severities by rule id, each with the place where it is set. */
export type RuleSettings = ReadonlyMap<string, { readonly severity: Severity | "off"; readonly at: Span }>;

/** Severities for findings in some files. */
export interface Override {
  readonly files: PathGlobs;
  readonly severities: RuleSettings;
}

/** Paths as `pathMatcher` reads them. */
export interface PathGlobs {
  /** Absolute; the globs count from here. */
  readonly directory: string;
  readonly globs: readonly string[];
}

/** One host: a root tree, or the files that make it. */
export interface ConfiguredHost {
  /** Its root as written where no name is. */
  readonly name: string;
  readonly at: Span;
  /** Absolute paths: one root tree, or single files. */
  readonly paths: readonly string[];
  readonly kind: "root" | "files";
  /** What single files are, by absolute path. */
  readonly roles: ReadonlyMap<string, FileRole>;
  /** Over those for every host. */
  readonly facts: DeclaredFacts;
}
