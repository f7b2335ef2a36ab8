import type { Value } from "../../../model/value.ts";
import { type Data, inputsOf, type Opaque, partsOf, type Term, term } from "./data.ts";

/** A value that cannot be known because of its inputs, or for a reason of its own. */
export function opaque(
  why: string,
  from: readonly Value<unknown>[] = [],
  more: Omit<Opaque, "kind" | "why"> = {},
  text?: string,
  binds?: number,
): Term {
  return term({ kind: "opaque", why, ...more }, from, text, binds);
}

export function isOpaque(of: Term): of is Term & { readonly data: Opaque } {
  return of.data.kind === "opaque";
}

/** The first unknown value among some, or inside one of them. */
export function opaqueAmong(terms: readonly Term[]): Opaque | undefined {
  const seen = new Set<Term>(terms);
  for (const each of seen) {
    if (each.data.kind === "opaque") return each.data;
    for (const part of partsOf(each.data)) seen.add(part);
  }
  return undefined;
}

/** The unknown result of an operation on an unknown value. */
export function opaqueResult(
  because: Opaque,
  terms: readonly Term[],
  type: Opaque["type"],
  text: string | undefined,
  more: { readonly truth?: boolean; readonly binds?: number } = {},
): Term {
  return opaque(
    because.why,
    fromAll(terms),
    {
      ...(because.fact === undefined ? {} : { fact: because.fact }),
      ...(type === undefined ? {} : { type }),
      ...(more.truth === undefined ? {} : { truth: more.truth }),
    },
    text,
    more.binds,
  );
}

/** The inputs of several values, each once. */
export function fromAll(terms: readonly Term[]): readonly Value<unknown>[] {
  const withInputs = terms.filter(
    (each) => each.from.length > 0 || "items" in each.data || each.data.kind === "dict",
  );
  if (withInputs.length === 0) return [];
  return [...new Set(withInputs.flatMap((each) => [...inputsOf(each)]))];
}

/** A known result; it carries the computation only where something outside the file decides it. */
export function result(data: Data, terms: readonly Term[], text: string | undefined, binds?: number): Term {
  const from = fromAll(terms);
  return from.length === 0 ? { data, from } : term(data, from, text, binds);
}

/** Python's type of a value where it is known. */
export function knownType(data: Data): string | undefined {
  return data.kind === "opaque" ? data.type : data.kind;
}
