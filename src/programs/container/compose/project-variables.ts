import { byDefault, derive, unknown, type Value, written } from "../../../model/value.ts";
import type { DotenvAssignment } from "../../../syntax/dotenv/parse-dotenv.ts";
import type { Span } from "../../../text/span.ts";
import { type Part, partsOf, type VariablePart } from "./interpolation.ts";

/** What is known of a variable: a value, or why there is none. */
export type Lookup =
  | { readonly set: true; readonly value: Value<string> }
  | { readonly set: false; readonly mayBeSet: boolean; readonly why: string };

/** Where variables of a compose file come from: the .env file of the project. The shell stands over it, unseen. */
export class ProjectVariables {
  readonly #values: ReadonlyMap<string, Value<string>>;
  readonly #missing: readonly string[];
  readonly #parent: ProjectVariables | undefined;

  /** @param missing names of .env files that are not here */
  constructor(
    values: ReadonlyMap<string, Value<string>>,
    missing: readonly string[],
    parent: ProjectVariables | undefined = undefined,
  ) {
    this.#values = values;
    this.#missing = missing;
    this.#parent = parent;
  }

  lookup(name: string): Lookup {
    const above = this.#parent?.lookup(name);
    if (above?.set) return above;
    const value = this.#values.get(name);
    if (value !== undefined) return { set: true, value };
    const [missing] = this.#missing;
    if (missing !== undefined)
      return { set: false, mayBeSet: true, why: `${missing} is not here, and may set ${name}` };
    return (
      above ?? { set: false, mayBeSet: false, why: `only the shell that runs docker compose can set ${name}` }
    );
  }
}

/** The value of a variable expression. */
export function valueOfVariable(
  part: VariablePart,
  lookup: (name: string) => Lookup,
  placeOf: (start: number, end: number) => Span,
): Value<string> {
  const at = placeOf(part.start, part.end);
  const { name, operator } = part;
  const found = lookup(name);
  const operand = (): Value<string> => joined(name, part.operand, lookup, placeOf, at);
  const assumed = (text: Value<string>): Value<string> =>
    text.known
      ? byDefault(name, text.value, {
          program: "docker compose",
          versions: "all",
          source: "compose-spec, Interpolation",
          at,
          assuming: `neither the shell nor .env sets ${name}`,
        })
      : unknown(name, text.origin.why, { at, from: [text] });
  if (!found.set) {
    if (operator === ":-" || operator === "-") return assumed(operand());
    if (operator === ":+" || operator === "+") return assumed(written(name, "", at));
    return unknown(name, found.why, { at });
  }
  const { value } = found;
  if (!value.known) return unknown(name, value.origin.why, { at, from: [value] });
  const empty = value.value === "";
  if (operator === ":-" && empty) return operand();
  if (operator === ":?" && empty) return unknown(name, `${name} is required, and empty in .env`, { at });
  if (operator === "+" || operator === ":+") return operator === ":+" && empty ? value : operand();
  if (operator === undefined || part.operand.length === 0 || operator.endsWith("?")) return value;
  const loser = assumed(operand());
  return value.origin.kind === "written" && loser.known
    ? { ...value, origin: { ...value.origin, overrode: [...value.origin.overrode, loser] } }
    : value;
}

/** A text with every variable in its place. */
export function joined(
  label: string,
  parts: readonly Part[],
  lookup: (name: string) => Lookup,
  placeOf: (start: number, end: number) => Span,
  at: Span,
): Value<string> {
  const texts: (string | Value<string>)[] = parts.map((part) => {
    if (part.kind === "literal") return part.text;
    if (part.kind === "variable") return valueOfVariable(part, lookup, placeOf);
    return unknown(label, "docker compose refuses this use of $", { at });
  });
  const values = texts.filter((each) => typeof each !== "string");
  if (values.length === 0) return written(label, texts.join(""), at);
  const [only] = values;
  if (texts.length === 1 && only !== undefined) return { ...only, label };
  return derive(
    label,
    "variables put in",
    values,
    (...held) => {
      let index = 0;
      return texts.map((each) => (typeof each === "string" ? each : held[index++])).join("");
    },
    at,
  );
}

/**
 * The variables of a dotenv file, later ones over earlier ones.
 *
 * @param outer asked before the assignments above in the same file
 */
export function dotenvValues(
  assignments: readonly DotenvAssignment[],
  outer: (name: string) => Lookup,
): Map<string, Value<string>> {
  const values = new Map<string, Value<string>>();
  const lookup = (name: string): Lookup => {
    const above = outer(name);
    const own = above.set ? undefined : values.get(name);
    return own === undefined ? above : { set: true, value: own };
  };
  for (const { name, value, quote, at } of assignments) {
    if (value === undefined) {
      const found = outer(name);
      if (found.set) values.set(name, found.value);
      continue;
    }
    const made =
      quote === "single" || !value.includes("$")
        ? written(name, value, at)
        : joined(name, partsOf(value), lookup, () => at, at);
    const before = values.get(name);
    values.set(name, before === undefined ? made : over(made, before));
  }
  return values;
}

/** The winner with the loser in its origin. */
export function over<T>(winner: Value<T>, loser: Value<unknown>): Value<T> {
  if (!winner.known || winner.origin.kind !== "written") return winner;
  return { ...winner, origin: { ...winner.origin, overrode: [...winner.origin.overrode, loser] } };
}
