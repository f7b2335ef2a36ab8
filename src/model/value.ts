import type { Span } from "../text/span.ts";

/**
 * Where a value comes from. A value without an origin cannot be made, so a finding that names a value can
 * always show its evidence.
 */
export type Origin = WrittenOrigin | DefaultOrigin | FactOrigin | DerivedOrigin;

/** Written in a file, perhaps over other written values. */
export interface WrittenOrigin {
  readonly kind: "written";
  readonly at: Span;
  /** The values that lost against this one, the latest loser first. */
  readonly overrode: readonly Value<unknown>[];
}

/** What a named program does when nothing is written. */
export interface DefaultOrigin {
  readonly kind: "default";
  /** Such as `nginx`, `gunicorn`, `systemd`, `Linux`. */
  readonly program: string;
  /** The versions for which it holds, in words: `all`, `since 5.4`, `before 1.29.7`. */
  readonly versions: string;
  /** Man page, program source or kernel document that says so. */
  readonly source: string;
  /** The place where it takes effect because nothing is written there. */
  readonly at?: Span;
  /** Set when the default holds only under this assumption, in words for the user. */
  readonly assuming?: string;
}

/** Declared by a flag or the configuration file. */
export interface FactOrigin {
  readonly kind: "fact";
  /** Such as `--cpus 4`. */
  readonly how: string;
  readonly at?: Span;
}

/** Computed from other values. */
export interface DerivedOrigin {
  readonly kind: "derived";
  /** The computation in words: `2 x worker_connections`. */
  readonly how: string;
  readonly from: readonly Value<unknown>[];
  readonly at?: Span;
}

/** Why a value cannot be known. */
export interface UnknownOrigin {
  readonly kind: "unknown";
  readonly why: string;
  /** The fact that would make it known. */
  readonly fact?: FactName;
  readonly at?: Span;
  readonly from?: readonly Value<unknown>[];
}

export interface Known<T> {
  readonly known: true;
  readonly label: string;
  readonly value: T;
  readonly origin: Origin;
}

export interface Unknown<T> {
  readonly known: false;
  readonly label: string;
  readonly origin: UnknownOrigin;
  /** All the values it can have, when they are few: a default that changed between versions. */
  readonly candidates?: readonly Known<T>[];
}

export type Value<T> = Known<T> | Unknown<T>;

/** Facts that files cannot hold; a flag or the configuration file declares them. */
export const factNames = [
  "cpus",
  "memory",
  "kernel",
  "distribution",
  "nginx",
  "gunicorn",
  "systemd",
  "concurrent",
  "headroom",
  "request-seconds",
  "worker-memory",
] as const;
export type FactName = (typeof factNames)[number];

export function written<T>(
  label: string,
  value: T,
  at: Span,
  overrode: readonly Value<unknown>[] = [],
): Known<T> {
  return { known: true, label, value, origin: { kind: "written", at, overrode } };
}

export function byDefault<T>(label: string, value: T, origin: Omit<DefaultOrigin, "kind">): Known<T> {
  return { known: true, label, value, origin: { kind: "default", ...origin } };
}

export function fact<T>(label: string, value: T, how: string, at?: Span): Known<T> {
  return {
    known: true,
    label,
    value,
    origin: at === undefined ? { kind: "fact", how } : { kind: "fact", how, at },
  };
}

export function unknown<T = never>(
  label: string,
  why: string,
  more: {
    fact?: FactName;
    at?: Span;
    from?: readonly Value<unknown>[];
    candidates?: readonly Known<T>[];
  } = {},
): Unknown<T> {
  const { candidates, ...origin } = more;
  return {
    known: false,
    label,
    origin: { kind: "unknown", why, ...origin },
    ...(candidates === undefined ? {} : { candidates }),
  };
}

/** The same value, with an assumption on every default that it stands on. */
export function assuming<T>(value: Value<T>, assumption: string): Value<T> {
  if (value.known) return { ...value, origin: assumingIn(value.origin, assumption) };
  if (value.candidates === undefined) return value;
  const candidates = value.candidates.map((each) => ({
    ...each,
    origin: assumingIn(each.origin, assumption),
  }));
  return { ...value, candidates };
}

function assumingIn(origin: Origin, assumption: string): Origin {
  if (origin.kind === "derived")
    return { ...origin, from: origin.from.map((input) => assuming(input, assumption)) };
  if (origin.kind !== "default") return origin;
  const before = origin.assuming;
  return { ...origin, assuming: before === undefined ? assumption : `${before}, and that ${assumption}` };
}

/** Known after all where every candidate is the same. */
export function settled<T>(value: Value<T>): Value<T> {
  if (value.known) return value;
  const [first, ...others] = value.candidates ?? [];
  return first !== undefined && others.every((each) => Object.is(each.value, first.value)) ? first : value;
}

/** The same value under another name, and so are its candidates. */
export function relabel<T>(label: string, value: Value<T>): Value<T> {
  if (value.known || value.candidates === undefined) return { ...value, label };
  return { ...value, label, candidates: value.candidates.map((each) => ({ ...each, label })) };
}

/** The same value in another type, with its origin; unknown where `convert` has no answer for what it holds. */
export function converted<T, R>(value: Value<T>, convert: (value: T) => R | undefined): Value<R> {
  const one = (each: Known<T>): Known<R> | undefined => {
    const made = convert(each.value);
    return made === undefined ? undefined : { ...each, value: made };
  };
  if (value.known)
    return one(value) ?? unknown(value.label, `${value.label} has no usable value`, { from: [value] });
  const { candidates, ...rest } = value;
  const made = candidates?.map(one).filter((each) => each !== undefined);
  return made === undefined || made.length !== candidates?.length ? rest : { ...rest, candidates: made };
}

/** What values hold, in order: [Value<Seconds>, Value<string>] holds [Seconds, string]. */
export type Held<V extends readonly Value<unknown>[]> = {
  readonly [K in keyof V]: V[K] extends Value<infer T> ? T : never;
};

/**
 * A value computed from others. Unknown is contagious; where every unknown input has candidates the result has
 * the candidates' results, and is known when they all agree.
 */
export function derive<const V extends readonly Value<unknown>[], R>(
  label: string,
  how: string,
  from: V,
  compute: (...values: Held<V>) => R,
  at?: Span,
): Value<R> {
  const make = (inputs: readonly Known<unknown>[]): Known<R> => ({
    known: true,
    label,
    value: compute(...(inputs.map((input) => input.value) as unknown as Held<V>)),
    origin:
      at === undefined ? { kind: "derived", how, from: inputs } : { kind: "derived", how, from: inputs, at },
  });
  const inputs = from;
  const missing = inputs.filter((input) => !input.known);
  const [first] = missing;
  if (first === undefined) return make(inputs as readonly Known<unknown>[]);
  const combinations = combine(inputs);
  const candidates = combinations?.map(make);
  return settled(
    unknown<R>(label, first.origin.why, {
      ...(first.origin.fact === undefined ? {} : { fact: first.origin.fact }),
      ...(at === undefined ? {} : { at }),
      from: inputs,
      ...(candidates === undefined ? {} : { candidates }),
    }),
  );
}

const mostCombinations = 32;

/** Every way to fill unknown inputs with their candidates; undefined when one has none or they are too many. */
function combine(inputs: readonly Value<unknown>[]): Known<unknown>[][] | undefined {
  let combinations: Known<unknown>[][] = [[]];
  for (const input of inputs) {
    const choices = input.known ? [input] : input.candidates;
    if (choices === undefined || choices.length === 0) return undefined;
    combinations = combinations.flatMap((sofar) => choices.map((choice) => [...sofar, choice]));
    if (combinations.length > mostCombinations) return undefined;
  }
  return combinations;
}

/** `unknown` unless every candidate gives the same answer. */
export type Answer = "yes" | "no" | "unknown";

/** Asks about values that may be unknown or one of a few. */
export function holds<const V extends readonly Value<unknown>[]>(
  from: V,
  test: (...values: Held<V>) => boolean,
): Answer {
  const combinations = combine(from);
  if (combinations === undefined) return "unknown";
  const answers = new Set(
    combinations.map((inputs) => test(...(inputs.map((each) => each.value) as unknown as Held<V>))),
  );
  if (answers.size !== 1) return "unknown";
  return answers.has(true) ? "yes" : "no";
}

/** The place a value can be pointed at; undefined for a fact of a flag or a default that stands nowhere. */
export function placeOf(value: Value<unknown>): Span | undefined {
  if (value.origin.at !== undefined) return value.origin.at;
  if (value.origin.kind === "derived" || value.origin.kind === "unknown")
    for (const input of value.origin.from ?? []) {
      const place = placeOf(input);
      if (place !== undefined) return place;
    }
  return undefined;
}

/** Whether a person wrote it, itself or something that it was computed from. */
export function isWritten(value: Value<unknown>): boolean {
  if (value.origin.kind === "written") return true;
  return value.origin.kind === "derived" && value.origin.from.some(isWritten);
}

/** The assumptions that a value stands on, each once. */
export function assumptionsOf(value: Value<unknown>): string[] {
  if (value.origin.kind === "default")
    return value.origin.assuming === undefined ? [] : [value.origin.assuming];
  if (value.origin.kind === "derived") return [...new Set(value.origin.from.flatMap(assumptionsOf))];
  return [];
}
