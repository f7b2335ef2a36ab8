import type { Host } from "../model/host.ts";
import type { Held, Value } from "../model/value.ts";
import type { Problem } from "../syntax/problem.ts";
import type { Span } from "../text/span.ts";
import {
  type DeclaredOptions,
  type OptionHeld,
  type OptionValues,
  optionValues,
  type RuleOptions,
} from "./rule-options.ts";

/**
 * error: the program refuses it, ignores it or provably drops work.
 * warning: it will, under a load that the configuration itself allows.
 * info: worth knowing.
 */
export type Severity = "error" | "warning" | "info";

export interface RuleMeta {
  /** What a finding has when it does not say otherwise. */
  readonly severity: Severity;
  /** One line that names the fault. */
  readonly title: string;
  /** The hostlint version that brought the rule. */
  readonly since: string;
  /** Where the facts of the rule come from: man page, program source with version, kernel document. */
  readonly sources: readonly string[];
}

/** The four parts of a documentation page; Markdown. */
export interface RuleDocs {
  readonly what: string;
  /** What happens at run time. */
  readonly why: string;
  readonly fix: string;
  readonly exceptions?: string;
}

/**
 * A small tree of files with what the rule says of it. In a file, «marks» surround the primary place of a
 * finding and ⟦marks⟧ the places of its evidence; a quiet example has none.
 */
export interface RuleExample<O extends RuleOptions = RuleOptions> {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  /** What is named on the command line; `.` by default. */
  readonly paths?: readonly string[];
  /** Flags as on the command line, without the dashes: `{ cpus: "4" }`. */
  readonly facts?: Readonly<Record<string, string>>;
  /** What hostlint.yaml sets of the rule's options. */
  readonly options?: { readonly [N in keyof O]?: OptionHeld<O[N]> };
  /** The message of each finding, in order. Absent or empty: the rule is quiet. */
  readonly findings?: readonly string[];
}

/** What a rule reports. `at` is the line to change. */
export interface Finding {
  readonly at: Span;
  /** One sentence that says what is wrong, with the two numbers. */
  readonly message: string;
  /** Why it matters, at run time; one sentence. */
  readonly why?: string;
  /** The values that prove it, in reading order. */
  readonly because: readonly Evidence[];
  /** What to write instead. */
  readonly help?: string;
  readonly severity?: Severity;
}

export type Evidence = Value<unknown> | { readonly message: string; readonly at: Span };

/**
 * How a rule asks about values that may be unknown. Every question that cannot be answered is noted, and the run
 * lists it as not checked.
 */
export interface Ask {
  /** True when a is certainly below b. */
  below<T extends number>(a: Value<T>, b: Value<T>): boolean;
  /** The value, or undefined when it is unknown. */
  value<T>(of: Value<T>): T | undefined;
  /** True when the test certainly holds. */
  certain<const V extends readonly Value<unknown>[]>(from: V, test: (...values: Held<V>) => boolean): boolean;
}

export interface Rule {
  readonly meta: RuleMeta;
  readonly docs: RuleDocs;
  readonly options?: RuleOptions;
  readonly examples: readonly RuleExample[];
  /** Absent: the rule reports the problems that parsers and programs found under its id. */
  readonly check?: (host: Host, ask: Ask, declared: DeclaredOptions) => Iterable<Finding>;
  /** Whether a problem of the rule is none by its options. */
  readonly isExpected?: (problem: Problem, declared: DeclaredOptions) => boolean;
}

/** A rule as its file writes it: what looks at the options is given their values, by their types. */
interface RuleDeclaration<O extends RuleOptions> {
  readonly meta: RuleMeta;
  /** A function, as `examples`: no lint needs them, and what is not run costs next to nothing at each start. */
  readonly docs: () => RuleDocs;
  readonly options?: O;
  readonly examples: () => readonly RuleExample<O>[];
  readonly check?: (host: Host, ask: Ask, options: OptionValues<O>) => Iterable<Finding>;
  readonly isExpected?: (problem: Problem, options: OptionValues<O>) => boolean;
}

export function defineRule<O extends RuleOptions = Record<never, never>>({
  meta,
  docs,
  options,
  examples,
  check,
  isExpected,
}: RuleDeclaration<O>): Rule {
  const values = (declared: DeclaredOptions): OptionValues<O> => optionValues(options, declared);
  return {
    meta,
    get docs() {
      return docs();
    },
    ...(options && { options }),
    get examples() {
      return examples();
    },
    ...(check && { check: (host, ask, declared) => check(host, ask, values(declared)) }),
    ...(isExpected && { isExpected: (problem, declared) => isExpected(problem, values(declared)) }),
  };
}
