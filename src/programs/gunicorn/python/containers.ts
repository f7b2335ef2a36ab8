import type { Span } from "../../../text/span.ts";
import { mostLength } from "./arithmetic.ts";
import { bool, type Data, int, keyOf, none, repr, str, type Term, term } from "./data.ts";
import type { CallArguments, Evaluator } from "./evaluator.ts";
import { opaque, opaqueResult, result } from "./opaque.ts";
import { GivenUp, Raised } from "./raised.ts";

/** An item of a known container; undefined where the container is not one that is read. */
export function itemAt(object: Term, key: Term, text: string, at: Span): Term | undefined {
  const { data } = object;
  if (key.data.kind === "opaque") return opaqueResult(key.data, [object, key], undefined, text);
  if (data.kind === "dict") {
    const name = keyOf(key.data);
    if (name === undefined) return undefined;
    const entry = data.entries.get(name);
    if (entry === undefined) throw new Raised("KeyError", repr(key.data) ?? "", at);
    return object.from.length === 0
      ? entry.value
      : { ...entry.value, from: [...entry.value.from, ...object.from] };
  }
  const isText = data.kind === "str";
  const items = isText
    ? [...data.value]
    : data.kind === "list" || data.kind === "tuple" || data.kind === "range"
      ? data.items
      : undefined;
  if (items === undefined) return undefined;
  const number =
    key.data.kind === "int"
      ? key.data.value
      : key.data.kind === "bool"
        ? key.data.value
          ? 1n
          : 0n
        : undefined;
  if (number === undefined) throw new Raised("TypeError", "indices must be integers or slices", at);
  const index = Number(number < 0n ? number + BigInt(items.length) : number);
  const item = items[index];
  if (item === undefined || index < 0)
    throw new Raised("IndexError", `${isText ? "string" : data.kind} index out of range`, at);
  return typeof item === "string" ? result(str(item), [object, key], text) : item;
}

/** object[from:to:step]; undefined where it is not read. */
export function sliceOf(
  object: Term,
  bounds: { readonly from: Term | undefined; readonly to: Term | undefined; readonly step: Term | undefined },
  text: string,
): Term | undefined {
  const { data } = object;
  const items: readonly (string | Term)[] | undefined =
    data.kind === "str"
      ? [...data.value]
      : data.kind === "list" || data.kind === "tuple"
        ? data.items
        : undefined;
  const number = (bound: Term | undefined): number | null | undefined => {
    if (bound === undefined || bound.data.kind === "none") return null;
    return bound.data.kind === "int" ? Number(bound.data.value) : undefined;
  };
  const [from, to, step] = [number(bounds.from), number(bounds.to), number(bounds.step)];
  if (items === undefined || from === undefined || to === undefined || step === undefined) return undefined;
  if (step === 0 || (step !== null && step < 0 && (from !== null || to !== null))) return undefined;
  const ordered = step !== null && step < 0 ? items.toReversed() : items.slice(from ?? 0, to ?? items.length);
  const part = ordered.filter((_, index) => index % Math.abs(step ?? 1) === 0);
  if (data.kind === "str") return result(str(part.join("")), [object], text);
  const terms = part.filter((item): item is Term => typeof item !== "string");
  return data.kind === "list" || data.kind === "tuple"
    ? { data: { kind: data.kind, items: terms }, from: object.from }
    : undefined;
}

type Sequence = Extract<Data, { kind: "list" | "tuple" | "set" | "range" }>;

function listTerm(self: Sequence): Term {
  return term({ kind: "list", items: [...self.items] });
}

/** remove(), discard() and index(): the first item that is equal. Undefined where that is not known. */
function foundItem(self: Sequence, name: string, wanted: Term, at: Span): Term | undefined {
  const key = keyOf(wanted.data);
  const keys = self.items.map((item) => keyOf(item.data));
  if (key === undefined || keys.includes(undefined)) return undefined;
  const index = keys.indexOf(key);
  if (index === -1 && name === "discard") return none;
  if (index === -1 && self.kind === "set") throw new Raised("KeyError", repr(wanted.data) ?? "", at);
  if (index === -1)
    throw new Raised(
      "ValueError",
      name === "remove" ? "list.remove(x): x not in list" : `${repr(wanted.data)} is not in ${self.kind}`,
      at,
    );
  if (name === "index") return term(int(index));
  self.items.splice(index, 1);
  return none;
}

/** A method of a list; lists are changed in place. Undefined for one that is not read. */
export function listMethod(
  self: Sequence,
  name: string,
  given: CallArguments,
  run: Evaluator,
  at: Span,
): Term | undefined {
  const [first, second] = given.positional;
  const room = (more: number): void => {
    if (self.items.length + more > mostLength) throw new GivenUp("a list grows beyond what a setting holds");
  };
  if (name === "append" || name === "add") {
    room(1);
    if (first !== undefined) self.items.push(first);
    return none;
  }
  if ((name === "extend" || name === "update") && first !== undefined) {
    const items = run.iterate(first, at);
    if (items === undefined) {
      self.items.push(opaque("a part of the list is not known"));
      return none;
    }
    room(items.length);
    self.items.push(...items);
    return none;
  }
  if (name === "insert" && first?.data.kind === "int" && second !== undefined) {
    room(1);
    self.items.splice(Number(first.data.value), 0, second);
    return none;
  }
  if (name === "pop" && self.kind === "list") {
    const index = first === undefined ? -1 : first.data.kind === "int" ? Number(first.data.value) : undefined;
    if (index === undefined) return undefined;
    const count = self.items.length;
    if (count === 0) throw new Raised("IndexError", "pop from empty list", at);
    if (index >= count || index < -count) throw new Raised("IndexError", "pop index out of range", at);
    return self.items.splice(index, 1)[0];
  }
  if ((name === "remove" || name === "discard" || name === "index") && first !== undefined)
    return foundItem(self, name, first, at);
  if (name === "reverse" && self.kind === "list") {
    self.items.reverse();
    return none;
  }
  if (name === "sort" && self.kind === "list") {
    const sorted = run.call(
      term({ kind: "builtin", name: "sorted" }),
      { ...given, positional: [listTerm(self)] },
      at,
    );
    if (sorted.data.kind !== "list") return undefined;
    self.items.splice(0, self.items.length, ...sorted.data.items);
    return none;
  }
  if (name === "copy") return term({ kind: self.kind, items: [...self.items] });
  if (name === "clear") {
    self.items.length = 0;
    return none;
  }
  if (name === "count" && first !== undefined)
    return term(int(self.items.filter((item) => keyOf(item.data) === keyOf(first.data)).length));
  return undefined;
}

/** A method of a dictionary; dictionaries are changed in place. Undefined for one that is not read. */
export function dictMethod(
  self: Extract<Data, { kind: "dict" }>,
  name: string,
  given: CallArguments,
): Term | undefined {
  const [first, second] = given.positional;
  const key = first === undefined ? undefined : keyOf(first.data);
  const entries = [...self.entries.values()];
  switch (name) {
    case "get":
    case "pop":
    case "setdefault": {
      if (first === undefined || key === undefined) return undefined;
      const entry = self.entries.get(key);
      if (name === "pop") self.entries.delete(key);
      if (entry !== undefined) return entry.value;
      if (name === "pop" && second === undefined) throw new Raised("KeyError", repr(first.data) ?? "");
      const fallback = second ?? none;
      if (name === "setdefault") self.entries.set(key, { key: first, value: fallback });
      return fallback;
    }
    case "keys":
      return term({ kind: "list", items: entries.map((entry) => entry.key) });
    case "values":
      return term({ kind: "list", items: entries.map((entry) => entry.value) });
    case "items":
      return term({
        kind: "list",
        items: entries.map((entry) => term({ kind: "tuple", items: [entry.key, entry.value] })),
      });
    case "copy":
      return term({ kind: "dict", entries: new Map(self.entries) });
    case "__contains__":
      return key === undefined ? undefined : term(bool(self.entries.has(key)));
    case "update": {
      if (first !== undefined && first.data.kind !== "dict") return undefined;
      if (first?.data.kind === "dict")
        for (const [name_, entry] of first.data.entries) self.entries.set(name_, entry);
      for (const [word, value] of given.named) self.entries.set(`s${word}`, { key: term(str(word)), value });
      return none;
    }
    default:
      return undefined;
  }
}
