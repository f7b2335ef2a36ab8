import { byDefault, type Value } from "../../../model/value.ts";
import type { Expression, PythonSettings } from "../../../syntax/python-settings/tree.ts";
import type { SourceFile } from "../../../text/source-file.ts";
import type { Span } from "../../../text/span.ts";
import type { GunicornInput } from "../input.ts";
import type { Choices } from "./choices.ts";
import { int, none, type Scope, str, type Term, term, textOf } from "./data.ts";
import type { CallArguments } from "./evaluator.ts";
import { isOpaque, opaque } from "./opaque.ts";
import { GivenUp, Raised } from "./raised.ts";

/** Steps of one run; a settings file takes a few hundred. */
const mostSteps = 40_000;

/** Steps of all the runs of one file. */
const mostStepsTogether = 400_000;

/** What a program that Python runs stands in. */
export interface RunInput
  extends Pick<GunicornInput, "environment" | "workingDirectory" | "readConfig" | "cpus"> {
  /** The directory that imports are looked for in first, where it is not the one that the program starts in. */
  readonly importsFrom?: Value<string>;
}

/** Sees every call before it is followed; undefined arguments where `*` or `**` unpacks something unknown. */
type CallWatcher = (
  expression: Extract<Expression, { kind: "call" }>,
  callee: Term,
  given: CallArguments | undefined,
) => void;

export interface StepBudget {
  used: number;
}

/** What one run of a configuration file knows and has done. */
export class Session {
  readonly input: RunInput;
  readonly choices: Choices;
  /** Modules that were imported, by path; the scope is there while it is still running. */
  readonly modules = new Map<string, Scope>();
  /** Open try statements: whether an unknown operation in them was already allowed to raise. */
  readonly tries: { decided: boolean }[] = [];
  readonly parse: (file: SourceFile) => PythonSettings;
  /** Beginnings of variable names that the file spells out: `GUNICORN_`. */
  readonly prefixes: readonly string[];
  watcher: CallWatcher | undefined;
  readonly #budget: StepBudget;
  readonly #decided = new Map<string, number>();
  readonly #written = new Map<string, Term>();
  /** Set once a call may have added variables: why. */
  #added: string | undefined;
  #steps = 0;

  constructor(
    input: RunInput,
    choices: Choices,
    parse: (file: SourceFile) => PythonSettings,
    prefixes: readonly string[],
    budget: StepBudget,
  ) {
    this.input = input;
    this.choices = choices;
    this.parse = parse;
    this.prefixes = prefixes;
    this.#budget = budget;
  }

  step(): void {
    this.#steps++;
    this.#budget.used++;
    if (this.#steps > mostSteps || this.#budget.used > mostStepsTogether)
      throw new GivenUp("the file takes more steps than are followed");
  }

  /** Whether an unknown condition holds in this run; the same computation gets the same answer. */
  decideTruth(of: Term): boolean {
    if (of.data.kind !== "opaque") return false;
    const shownText = of.text ?? "";
    const key = of.from.length > 0 || of.data.type === "bool" ? shownText : "";
    const before = key === "" ? undefined : this.#decided.get(key);
    if (before !== undefined) return before === 0;
    const { why, fact } = of.data;
    const shown = shownText === "" ? why : `${shownText} is not known: ${why}`;
    const taken = this.choices.decide(2, fact === undefined ? { why: shown } : { why: shown, fact });
    if (key !== "") this.#decided.set(key, taken);
    return taken === 0;
  }

  /** An unknown operation may raise where something catches it. */
  mayRaise(why: string, at: Span): void {
    const open = this.tries.at(-1);
    if (open === undefined || open.decided) return;
    open.decided = true;
    if (this.choices.decide(2, { why }) === 1) throw new Raised("", why, at);
  }

  /** A known value, or one of the candidates of an unknown one: each in a run of its own. */
  #settle<T>(value: Value<T>): Value<T> {
    if (value.known || value.candidates === undefined || value.candidates.length === 0) return value;
    const key = `value ${value.label}`;
    const { why, fact } = value.origin;
    const taken =
      this.#decided.get(key) ??
      this.choices.decide(value.candidates.length, fact === undefined ? { why } : { why, fact });
    this.#decided.set(key, taken);
    return value.candidates[taken] ?? value;
  }

  /** An environment variable: a string, None where it is not set, or unknown. */
  variable(name: string): Term {
    const own = this.#written.get(name);
    if (own !== undefined) return own;
    const value = this.#settle(this.input.environment.get(name));
    const text = `os.environ.get('${name}')`;
    if (!value.known) {
      const { why, fact } = value.origin;
      return opaque(why, [value], fact === undefined ? {} : { fact }, text);
    }
    if (value.value !== undefined) return term(str(value.value), [value], text);
    if (this.#added !== undefined) return opaque(this.#added, [], {}, text);
    return term(none.data, [value], text);
  }

  setVariable(name: string, value: Term): void {
    this.#written.set(name, value);
  }

  unsetVariable(name: string): void {
    this.#written.set(name, none);
  }

  /** A call may have set variables that are not set here. */
  addVariables(why: string): void {
    this.#added = why;
  }

  /** Names that may be set, for a loop over the environment. */
  variableNames(settings: Iterable<string>): string[] {
    const names = new Set([...(this.input.environment.names?.() ?? []), ...this.#written.keys()]);
    for (const setting of settings)
      for (const prefix of this.prefixes)
        names.add(prefix + (prefix.toLowerCase() === prefix ? setting : setting.toUpperCase()));
    return [...names].filter((name) => this.variable(name).data.kind !== "none");
  }

  /** os.cpu_count(): the CPUs that are online. */
  cpuCount(text: string, affinity = false): Term {
    const override = this.variable("PYTHON_CPU_COUNT");
    const cpus = this.#settle(this.input.cpus);
    const from: Value<unknown>[] = affinity ? [cpus, everyCpu] : [cpus];
    if (override.data.kind !== "none" && !isOpaque(override))
      return opaque(
        "PYTHON_CPU_COUNT is set, which Python obeys since 3.13",
        from,
        { type: "int", truth: true },
        text,
      );
    if (cpus.known) return term(int(BigInt(Math.max(1, Math.floor(cpus.value)))), from, text);
    const { why, fact } = cpus.origin;
    return opaque(why, from, { type: "int", truth: true, ...(fact === undefined ? {} : { fact }) }, text);
  }
}

const everyCpu = byDefault("CPU affinity", "all CPUs", {
  program: "Linux",
  versions: "all",
  source: "sched_setaffinity(2)",
  assuming: "nothing binds gunicorn to some of the CPUs",
});

/** Text of a call in a derivation. */
export function callText(
  name: string,
  positional: readonly Term[],
  named: ReadonlyMap<string, Term>,
): string {
  const parts = [
    ...positional.map((each) => textOf(each)),
    ...[...named].map(([key, value]) => `${key}=${textOf(value)}`),
  ];
  return `${name}(${parts.join(", ")})`;
}
