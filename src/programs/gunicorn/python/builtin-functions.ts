import type { Span } from "../../../text/span.ts";
import { pythonInteger, pythonString } from "../setting-value.ts";
import { asNumber, binary, compare, mostLength } from "./arithmetic.ts";
import {
  bool,
  type Data,
  float,
  int,
  keyOf,
  none,
  pythonText,
  repr,
  str,
  type Term,
  truth,
  typeName,
} from "./data.ts";
import type { CallArguments, Evaluator } from "./evaluator.ts";
import { fixedPoint, formatValue } from "./format-text.ts";
import { numberFunctions } from "./number-functions.ts";
import { opaque, opaqueAmong, opaqueResult, result } from "./opaque.ts";
import { GivenUp, Raised } from "./raised.ts";
import { callText } from "./session.ts";

type Function_ = (run: Evaluator, given: CallArguments, at: Span) => Term;

/** A function of its arguments alone; undefined where the result is not known. */
type Pure = (values: readonly Data[], terms: readonly Term[]) => Data | undefined;

export function pure(name: string, compute: Pure, type?: "int" | "float" | "str" | "bool"): Function_ {
  return (run, given, at) => {
    const text = callText(name, given.positional, given.named);
    const all = [...given.positional, ...given.named.values()];
    const missing = opaqueAmong(all);
    if (missing !== undefined) {
      run.session.mayRaise(missing.why, at);
      const [only] = given.positional;
      const keeps =
        (name === "int" || name === "abs") &&
        given.positional.length === 1 &&
        only?.data.kind === "opaque" &&
        only.data.type === "int" &&
        only.data.truth === true;
      return opaqueResult(missing, all, type, text, keeps ? { truth: true } : {});
    }
    const value =
      given.named.size > 0
        ? undefined
        : compute(
            given.positional.map((each) => each.data),
            given.positional,
          );
    if (value !== undefined) return result(value, all, text);
    run.session.mayRaise(`${name}() is not read`, at);
    return opaque(
      `${text} is not read`,
      result(none.data, all, text).from,
      type === undefined ? {} : { type },
      text,
    );
  };
}

function toInteger([value, base]: readonly Data[]): Data | undefined {
  if (value === undefined) return int(0n);
  const number = asNumber(value);
  if (number?.kind === "int") return int(number.value);
  if (number?.kind === "float") {
    if (Number.isNaN(number.value)) throw new Raised("ValueError", "cannot convert float NaN to integer");
    if (!Number.isFinite(number.value))
      throw new Raised("OverflowError", "cannot convert float infinity to integer");
    return int(BigInt(Math.trunc(number.value)));
  }
  const radix = base === undefined ? 10n : base.kind === "int" ? base.value : undefined;
  if (radix === undefined) return undefined;
  if (value.kind !== "str") {
    if (!plainKinds.has(value.kind)) return undefined;
    throw new Raised(
      "TypeError",
      `int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`,
    );
  }
  const parsed = pythonInteger(value.value, Number(radix));
  if (parsed === undefined)
    throw new Raised(
      "ValueError",
      `invalid literal for int() with base ${radix}: ${pythonString(value.value)}`,
    );
  return int(parsed);
}

const plainKinds = new Set(["none", "list", "tuple", "dict", "set"]);

function toFloat([value]: readonly Data[]): Data | undefined {
  if (value === undefined) return float(0);
  const number = asNumber(value);
  if (number !== undefined) return float(Number(number.value));
  if (value.kind !== "str") {
    if (!plainKinds.has(value.kind)) return undefined;
    throw new Raised(
      "TypeError",
      `float() argument must be a string or a real number, not '${typeName(value)}'`,
    );
  }
  const text = value.value.trim().replace(/(\d)_(?=\d)/g, "$1");
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return float(Number(text));
  if (/^[+-]?inf(inity)?$/i.test(text))
    return float(text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
  if (/^[+-]?nan$/i.test(text)) return float(Number.NaN);
  throw new Raised("ValueError", `could not convert string to float: ${pythonString(value.value)}`);
}

function round([value, digits]: readonly Data[]): Data | undefined {
  const number = value === undefined ? undefined : asNumber(value);
  if (number === undefined) return undefined;
  if (digits !== undefined && digits.kind !== "none") {
    if (digits.kind !== "int" || digits.value < 0n || digits.value > 15n) return undefined;
    return number.kind === "int"
      ? int(number.value)
      : float(Number(fixedPoint(number.value, Number(digits.value))));
  }
  if (number.kind === "int") return int(number.value);
  if (!Number.isFinite(number.value)) return undefined;
  const floor = Math.floor(number.value);
  const rest = number.value - floor;
  return int(BigInt(rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor));
}

function itemsOf(data: Data | undefined): readonly Term[] | undefined {
  if (data === undefined) return undefined;
  if ("items" in data) return data.items;
  if (data.kind === "dict") return [...data.entries.values()].map((entry) => entry.key);
  return data.kind === "str" ? [...data.value].map((each) => ({ data: str(each), from: [] })) : undefined;
}

/** min() and max(): among unknown numbers the result is unknown, but a positive one stays positive. */
function extreme(name: "min" | "max"): Function_ {
  return (run, given, at) => {
    const text = callText(name, given.positional, given.named);
    const [first] = given.positional;
    const unpacked = given.positional.length === 1 ? itemsOf(first?.data) : given.positional;
    const items = unpacked ?? given.positional;
    if (given.named.size > 0) return opaque(`${text} is not read`, [], {}, text);
    const missing = opaqueAmong(items);
    if (missing === undefined) {
      if (unpacked === undefined) return opaque(`${text} is not read`, [], {}, text);
      const [start] = items;
      if (start === undefined) throw new Raised("ValueError", `${name}() arg is an empty sequence`, at);
      let best = start;
      for (const item of items.slice(1)) {
        const better = compare(name === "min" ? "<" : ">", item.data, best.data);
        if (better === undefined) return opaque(`${text} is not read`, [], {}, text);
        if (better) best = item;
      }
      return result(best.data, items, text);
    }
    run.session.mayRaise(missing.why, at);
    const types = items.map((item) => (item.data.kind === "opaque" ? item.data.type : item.data.kind));
    if (types.includes("str") && types.some((type) => type === "int" || type === "float" || type === "none"))
      throw new Raised("TypeError", "'<' not supported between instances of 'str' and 'int'", at);
    const positive = (item: Term): boolean =>
      item.data.kind === "opaque"
        ? item.data.truth === true && item.data.type === "int"
        : item.data.kind === "int" && item.data.value > 0n;
    const isPositive = name === "max" ? items.some(positive) : items.every(positive);
    const allInts = types.every((type) => type === "int");
    return opaqueResult(
      missing,
      items,
      allInts ? "int" : undefined,
      text,
      isPositive && allInts ? { truth: true } : {},
    );
  };
}

function sequence(kind: "list" | "tuple" | "set"): Function_ {
  return (run, given, at) => {
    const [over] = given.positional;
    if (over === undefined) return { data: { kind, items: [] }, from: [] };
    const items = run.iterate(over, at);
    const text = callText(kind, given.positional, given.named);
    if (items === undefined) {
      const because =
        over.data.kind === "opaque" ? over.data : { kind: "opaque" as const, why: `${text} is not read` };
      return opaqueResult(because, [over], undefined, text);
    }
    const unique =
      kind === "set"
        ? [...new Map(items.map((item) => [keyOf(item.data) ?? item, item])).values()]
        : [...items];
    return result({ kind, items: unique }, [over], text);
  };
}

function iterated(name: string, build: (items: readonly Term[][]) => Data | undefined): Function_ {
  return (run, given, at) => {
    const text = callText(name, given.positional, given.named);
    const lists = given.positional.map((each) => run.iterate(each, at));
    const missing = opaqueAmong(given.positional);
    const known = lists.every((list) => list !== undefined) && given.named.size === 0;
    const data = known ? build(lists.map((list) => [...(list ?? [])])) : undefined;
    if (data !== undefined) return result(data, given.positional, text);
    return missing === undefined
      ? opaque(`${text} is not read`, [], {}, text)
      : opaqueResult(missing, given.positional, undefined, text);
  };
}

function range(values: readonly Data[]): Data | undefined {
  const numbers = values.map((value) => asNumber(value));
  if (numbers.some((number) => number?.kind !== "int")) return undefined;
  const [first = 0n, second, third = 1n] = numbers.map((number) => BigInt(number?.value ?? 0));
  const [start, stop] = second === undefined ? [0n, first] : [first, second];
  if (third === 0n) throw new Raised("ValueError", "range() arg 3 must not be zero");
  const count = third > 0n ? (stop - start + third - 1n) / third : (start - stop - third - 1n) / -third;
  if (count > 10_000n) throw new GivenUp("a range is longer than what a setting holds");
  const items: Term[] = [];
  for (let index = 0n; index < count; index++) items.push({ data: int(start + index * third), from: [] });
  return { kind: "range", items };
}

const truthOf: Pure = ([value]) => {
  const answer = value === undefined ? false : truth(value);
  return answer === undefined ? undefined : bool(answer);
};

function toBool(run: Evaluator, given: CallArguments, at: Span): Term {
  const [only] = given.positional;
  if (only?.data.kind === "opaque" && only.data.truth !== undefined)
    return result(bool(only.data.truth), [only], callText("bool", given.positional, given.named));
  return pure("bool", truthOf, "bool")(run, given, at);
}

function len([value]: readonly Data[]): Data | undefined {
  if (value?.kind === "str") return int([...value.value].length);
  if (value !== undefined && "items" in value) return int(value.items.length);
  if (value?.kind === "dict") return int(value.entries.size);
  if (value !== undefined && (asNumber(value) !== undefined || value.kind === "none"))
    throw new Raised("TypeError", `object of type '${typeName(value)}' has no len()`);
  return undefined;
}

function dict(run: Evaluator, given: CallArguments, at: Span): Term {
  const [base] = given.positional;
  const entries = new Map<string, { key: Term; value: Term }>();
  if (base?.data.kind === "environ") return base;
  if (base?.data.kind === "dict") for (const [key, entry] of base.data.entries) entries.set(key, entry);
  else if (base !== undefined) {
    for (const pair of run.iterate(base, at) ?? [opaque("the pairs are not known")]) {
      const [key, value] = "items" in pair.data ? pair.data.items : [];
      const name = key === undefined ? undefined : keyOf(key.data);
      if (key === undefined || value === undefined || name === undefined)
        return opaque(`${callText("dict", given.positional, given.named)} is not read`);
      entries.set(name, { key, value });
    }
  }
  for (const [name, value] of given.named)
    entries.set(`s${name}`, { key: { data: str(name), from: [] }, value });
  return { data: { kind: "dict", entries }, from: [] };
}

const text = (data: Data | undefined): Data | undefined => {
  const shown = data === undefined ? "" : pythonText(data);
  return shown === undefined ? undefined : str(shown);
};

/** Python's own functions that settings files use. */
export const builtinFunctions: ReadonlyMap<string, Function_> = new Map<string, Function_>([
  ["int", pure("int", toInteger, "int")],
  ["float", pure("float", toFloat, "float")],
  ["str", pure("str", ([value]) => text(value), "str")],
  ["bool", toBool],
  ["len", pure("len", len, "int")],
  ["round", pure("round", round)],
  [
    "abs",
    pure("abs", ([value]) => {
      const number = value === undefined ? undefined : asNumber(value);
      if (number?.kind === "int") return int(number.value < 0n ? -number.value : number.value);
      return number === undefined ? undefined : float(Math.abs(number.value));
    }),
  ],
  [
    "repr",
    pure(
      "repr",
      ([value]) => {
        const shown = value === undefined ? undefined : repr(value);
        return shown === undefined ? undefined : str(shown);
      },
      "str",
    ),
  ],
  [
    "format",
    pure(
      "format",
      ([value, spec]) => {
        const shown =
          value === undefined ? undefined : formatValue(value, spec?.kind === "str" ? spec.value : "");
        return shown === undefined ? undefined : str(shown);
      },
      "str",
    ),
  ],
  ["min", extreme("min")],
  ["max", extreme("max")],
  ["range", pure("range", range)],
  ["list", sequence("list")],
  ["tuple", sequence("tuple")],
  ["set", sequence("set")],
  ["frozenset", sequence("set")],
  ["dict", dict],
  [
    "sum",
    iterated("sum", ([items = []]) =>
      items.reduce<Data>((total, item) => binary("+", total, item.data), int(0n)),
    ),
  ],
  [
    "any",
    iterated("any", ([items = []]) => {
      const answers = items.map((item) => truth(item.data));
      return answers.includes(true) ? bool(true) : answers.includes(undefined) ? undefined : bool(false);
    }),
  ],
  [
    "all",
    iterated("all", ([items = []]) => {
      const answers = items.map((item) => truth(item.data));
      return answers.includes(false) ? bool(false) : answers.includes(undefined) ? undefined : bool(true);
    }),
  ],
  [
    "sorted",
    iterated("sorted", ([items = []]) => {
      if (items.some((item) => item.data.kind === "opaque")) return undefined;
      const before = (one: Term, other: Term): boolean | undefined => compare("<", one.data, other.data);
      let known = true;
      const sorted = items.toSorted((one, other) => {
        const answers = [before(one, other), before(other, one)];
        known &&= !answers.includes(undefined);
        return answers[0] === true ? -1 : answers[1] === true ? 1 : 0;
      });
      return known ? { kind: "list", items: sorted } : undefined;
    }),
  ],
  ["reversed", iterated("reversed", ([items = []]) => ({ kind: "list", items: items.toReversed() }))],
  [
    "enumerate",
    iterated("enumerate", ([items = []]) => ({
      kind: "list",
      items: items.map((item, index) => ({
        data: { kind: "tuple", items: [{ data: int(index), from: [] }, item] },
        from: [],
      })),
    })),
  ],
  [
    "zip",
    iterated("zip", (lists) => {
      const count = Math.min(mostLength, ...lists.map((list) => list.length));
      const rows = Array.from({ length: lists.length === 0 ? 0 : count }, (_, row) =>
        lists.flatMap((list) => list[row] ?? []),
      );
      return { kind: "list", items: rows.map((items) => ({ data: { kind: "tuple", items }, from: [] })) };
    }),
  ],
  ...numberFunctions.map(([name, compute]): [string, Function_] => [name, pure(name, compute)]),
  ["print", () => none],
]);
