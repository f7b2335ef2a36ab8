import { byDefault, derive, unknown, type Value, written } from "../../../model/value.ts";
import { placeInScalar } from "../../../syntax/yaml/scalar-places.ts";
import type { YamlScalar } from "../../../syntax/yaml/tree.ts";
import type { Span } from "../../../text/span.ts";
import { templateHole } from "../../../text/template-hole.ts";
import { type Part, partsOf } from "./interpolation.ts";
import { type Lookup, type ProjectVariables, valueOfVariable } from "./project-variables.ts";

/** Stands for a variable without a known value; of the private use area. */
const hole = "\uF8FF";

interface Segment {
  /** In the expanded text. */
  readonly from: number;
  readonly to: number;
  /** In the text of the scalar. */
  readonly start: number;
  readonly end: number;
  /** Undefined for what is written as it is. */
  readonly value: Value<string> | undefined;
}

/** A scalar of a compose file with its variables put in, which still knows where each character comes from. */
export class ExpandedText {
  readonly scalar: YamlScalar;
  /** Variables without a known value are one character of the private use area. */
  readonly text: string;
  readonly #segments: readonly Segment[];

  constructor(scalar: YamlScalar, variables: ProjectVariables, isPath = false) {
    this.scalar = scalar;
    const segments: Segment[] = [];
    let text = "";
    const lookup = (name: string): Lookup => lookupIn(variables, name, isPath);
    for (const part of scalar.text.includes("$") || scalar.text.includes("{") || scalar.text.includes("<%")
      ? withHoles(scalar.text)
      : [literal(scalar.text)]) {
      const value = this.#valueOf(part, lookup);
      const put = part.kind === "literal" ? part.text : value?.known ? value.value : hole;
      segments.push({
        from: text.length,
        to: text.length + put.length,
        start: part.start,
        end: part.end,
        value,
      });
      text += put;
    }
    this.text = text;
    this.#segments = segments;
  }

  /** Whether it stands in the file as it is. */
  get isLiteral(): boolean {
    return this.#segments.every(
      ({ value, from, to, start, end }) => value === undefined && to - from === end - start,
    );
  }

  get hasUnknown(): boolean {
    return this.#segments.some(({ value }) => value?.known === false);
  }

  whole(label: string): Value<string> {
    return this.part(label, 0, this.text.length, this.scalar.at);
  }

  /** A range of the expanded text. */
  part(label: string, from: number, to: number, place: Span = this.place(from, to)): Value<string> {
    const values: Value<string>[] = [];
    for (const segment of this.#segments) {
      const touches =
        segment.from === segment.to
          ? segment.from >= from && segment.to <= to
          : segment.from < to && segment.to > from;
      if (touches && segment.value !== undefined) values.push(segment.value);
    }
    const missing = values.find((value) => !value.known);
    if (missing !== undefined && !missing.known)
      return unknown(label, missing.origin.why, { at: place, from: values });
    const text = this.text.slice(from, to);
    if (values.length === 0) return written(label, text, place);
    const [only] = values;
    if (only?.known && values.length === 1 && only.value === text) return { ...only, label };
    return derive(
      label,
      "variables put in",
      [written(label, this.#source(from, to), place), ...values],
      () => text,
      place,
    );
  }

  place(from: number, to: number): Span {
    const start = this.#offset(from, false);
    const end = Math.max(start, this.#offset(to, true));
    return placeInScalar(this.scalar, start, end) ?? this.scalar.at;
  }

  #valueOf(part: Part, lookup: (name: string) => Lookup): Value<string> | undefined {
    const placeOf = (start: number, end: number): Span =>
      placeInScalar(this.scalar, start, end) ?? this.scalar.at;
    if (part.kind === "variable") return valueOfVariable(part, lookup, placeOf);
    if (part.kind === "literal") return undefined;
    const text = this.scalar.text.slice(part.start, part.end);
    const at = placeOf(part.start, part.end);
    const why = text.startsWith("${") ? `docker compose refuses ${text}` : `a template fills in ${text}`;
    return unknown(text, why, { at });
  }

  #source(from: number, to: number): string {
    return this.scalar.text.slice(this.#offset(from, false), this.#offset(to, true));
  }

  /** Offset in the scalar's text; inside of a variable its start or its end. */
  #offset(at: number, isEnd: boolean): number {
    const segment = this.#segments.find(({ from, to }) =>
      isEnd ? at > from && at <= to : at >= from && at < to,
    );
    if (segment === undefined)
      return isEnd && at === 0 ? 0 : at >= this.text.length ? this.scalar.text.length : at;
    if (segment.to - segment.from !== segment.end - segment.start || segment.value !== undefined)
      return isEnd ? segment.end : segment.start;
    return segment.start + at - segment.from;
  }
}

function literal(text: string): Part {
  return { kind: "literal", text, start: 0, end: text.length };
}

/** Holes of a template in front of docker compose are as unknown as a refused `${`. */
function withHoles(text: string): Part[] {
  return partsOf(text).flatMap((part): Part[] => {
    if (part.kind !== "literal" || part.text === "$") return [part];
    const found = templateHole(part.text);
    if (found === undefined || !/^(?:\{[{%#]|<%)/.test(found)) return [part];
    const at = part.text.indexOf(found);
    const start = part.start + at;
    const end = start + found.length;
    return [
      { kind: "literal", text: part.text.slice(0, at), start: part.start, end: start },
      { kind: "invalid", start, end },
      { kind: "literal", text: part.text.slice(at + found.length), start: end, end: part.end },
    ];
  });
}

function lookupIn(variables: ProjectVariables, name: string, isPath: boolean): Lookup {
  const found = variables.lookup(name);
  if (found.set || !isPath || name !== "PWD") return found;
  return {
    set: true,
    value: byDefault(name, ".", {
      program: "docker compose",
      versions: "all",
      source: "POSIX, PWD",
      assuming: "docker compose runs in the folder of its file",
    }),
  };
}
