import { byDefault, type Known, written } from "../model/value.ts";
import type { Span } from "../text/span.ts";

/** A number that a rule compares with. */
export interface AmountOption {
  readonly kind: "integer" | "number";
  readonly default: number;
  /** The smallest that makes sense. */
  readonly least: number;
  /** What is counted: `workers`, `seconds`. */
  readonly unit: string;
  /** One sentence that says what the option does. */
  readonly what: string;
}

/** Something that a rule does or leaves. */
export interface SwitchOption {
  readonly kind: "boolean";
  readonly default: boolean;
  /** One sentence that says what happens with true. */
  readonly what: string;
}

/** Words, or globs of words and paths, that a rule knows or leaves alone; what is set replaces the default. */
export interface ListOption {
  readonly kind: "texts" | "globs";
  readonly default: readonly string[];
  /** What an entry is, in the plural: `addresses`. */
  readonly unit: string;
  /** One sentence that says what happens to what is listed. */
  readonly what: string;
}

export type RuleOption = AmountOption | SwitchOption | ListOption;

/** The options of a rule, in the order in which they are shown, by the names that hostlint.yaml has for them. */
export type RuleOptions = Readonly<Record<string, RuleOption>>;

export type OptionHeld<O extends RuleOption = RuleOption> = O extends ListOption
  ? readonly string[]
  : O extends SwitchOption
    ? boolean
    : number;

/** What a rule is given: each option with where it comes from. */
export type OptionValues<O extends RuleOptions> = { readonly [N in keyof O]: Known<OptionHeld<O[N]>> };

/** An option as a hostlint.yaml sets it, checked. */
export interface DeclaredOption {
  readonly value: OptionHeld;
  readonly at: Span;
  /** The same of a file that this one builds on. */
  readonly over?: DeclaredOption;
}

/** What is set of one rule, by the name of the option. */
export type DeclaredOptions = ReadonlyMap<string, DeclaredOption>;

/** Who decides where hostlint.yaml says nothing, as the origin of the value names it. */
export const ownDefaults = "hostlint";

/** The options of a rule as they are set, else by their defaults. */
export function optionValues<O extends RuleOptions>(
  options: O | undefined,
  declared: DeclaredOptions,
): OptionValues<O> {
  const values = Object.entries(options ?? {}).map(([name, option]) => {
    const set = declared.get(name);
    return [name, set === undefined ? defaultOf(name, option) : setValue(name, set)] as const;
  });
  return Object.fromEntries(values) as OptionValues<O>;
}

function defaultOf(name: string, option: RuleOption): Known<OptionHeld> {
  return byDefault(name, option.default, {
    program: ownDefaults,
    versions: "all",
    source: "the page of the rule",
  });
}

function setValue(name: string, { value, at, over }: DeclaredOption): Known<OptionHeld> {
  return written(name, value, at, over === undefined ? [] : [setValue(name, over)]);
}
