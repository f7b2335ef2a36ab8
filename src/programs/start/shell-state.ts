import type { Function as ShellFunction } from "unbash";
import type { Argument, ProcessEnvironment } from "../../model/command.ts";
import type { Descriptors } from "../../model/units.ts";
import { type Known, relabel, type Unknown, unknown, type Value } from "../../model/value.ts";
import type { Span } from "../../text/span.ts";
import type { ShellSource } from "./shell-source.ts";
import type { TextPiece } from "./shell-text.ts";

/** A variable that was used without a default although nothing sets it. */
export interface UnsetUse {
  readonly name: string;
  readonly at: Span;
}

/** What a word or a variable holds, and which unset variables it was made with. */
export interface ShellText {
  /** `undefined`: certainly unset. */
  readonly value: Value<string | undefined>;
  readonly unset: readonly UnsetUse[];
}

/** A word after expansion. */
export interface ShellField extends Argument {
  readonly unset?: readonly UnsetUse[];
}

/** Words whose number is known, or why it is not. */
export type ShellFields = readonly ShellField[] | Unknown<never>;

export type Binding =
  | { readonly kind: "scalar"; readonly text: ShellText; readonly exported: boolean }
  | { readonly kind: "array"; readonly elements: ShellFields; readonly exported: false };

/** Whether a command succeeds; `likely`: a program of which nothing says that it fails. */
export type ShellStatus = "yes" | "no" | "likely" | "unknown";

/** Printed text, or why it is not known. */
export type ShellOutput = readonly TextPiece[] | { readonly why: string };

export function isPrinted(output: ShellOutput): output is readonly TextPiece[] {
  return Array.isArray(output);
}

/** How control leaves a list of commands. */
export type Flow = "run" | "exit" | "return" | "break" | "continue";

export interface DefinedFunction {
  readonly node: ShellFunction;
  readonly source: ShellSource;
}

/** Everything that commands change, at one point of a script. */
export class ShellState {
  variables = new Map<string, Binding>();
  functions = new Map<string, DefinedFunction>();
  base: ProcessEnvironment;
  positional: ShellFields = [];
  directory: Value<string>;
  nofile: Value<Descriptors> | undefined;
  /** Share of all ways through the script that come here: 1 where every way does, halved at an open condition. */
  share = 1;
  flow: Flow = "run";
  /** How many loops a `break 2` has still to leave. */
  levels = 1;
  /** What a `return` or `exit` gives back. */
  status: ShellStatus = "yes";
  /** What is printed so far, inside of a command substitution. */
  output: ShellOutput | undefined;
  /** `set -e`, `set -u`, `set -a`. */
  readonly options = { e: false, u: false, a: false };

  constructor(base: ProcessEnvironment, directory: Value<string>) {
    this.base = base;
    this.directory = directory;
  }

  copy(): ShellState {
    const copy = new ShellState(this.base, this.directory);
    copy.become(this);
    return copy;
  }

  /** Takes over another state. */
  become(other: ShellState): void {
    this.variables = new Map(other.variables);
    this.functions = new Map(other.functions);
    this.base = other.base;
    this.positional = other.positional;
    this.directory = other.directory;
    this.nofile = other.nofile;
    this.share = other.share;
    this.flow = other.flow;
    this.levels = other.levels;
    this.status = other.status;
    this.output = other.output;
    Object.assign(this.options, other.options);
  }

  /** What the process environment of a program holds that is started here. */
  environment(): ProcessEnvironment {
    const { base } = this;
    const exported = new Map<string, Value<string | undefined>>();
    for (const [name, binding] of this.variables) {
      if (binding.kind === "array") continue;
      if (binding.exported) exported.set(name, binding.text.value);
    }
    return {
      get: (name) => exported.get(name) ?? base.get(name),
      names: () => [...new Set([...(base.names?.() ?? []), ...exported.keys()])],
    };
  }
}

/** One of two states, when which way was taken is not known; the shares add up. */
export function joined(one: ShellState, other: ShellState): ShellState {
  const result = one.copy();
  result.share = one.share + other.share;
  for (const name of new Set([...one.variables.keys(), ...other.variables.keys()]))
    result.variables.set(name, joinedBinding(name, one, other));
  for (const [name, value] of other.functions)
    if (!result.functions.has(name)) result.functions.set(name, value);
  if (one.base !== other.base) result.base = joinedEnvironment(one.base, other.base);
  result.positional = joinedFields(one.positional, other.positional);
  if (one.status !== other.status) result.status = "unknown";
  if (one.output !== other.output) result.output = { why: "it depends on a condition that is not known" };
  result.directory = either("working directory", one.directory, other.directory);
  if (one.nofile !== other.nofile)
    result.nofile =
      one.nofile === undefined || other.nofile === undefined
        ? unknown("nofile", "ulimit -n runs under a condition")
        : either("nofile", one.nofile, other.nofile);
  return result;
}

function joinedBinding(name: string, one: ShellState, other: ShellState): Binding {
  const a = one.variables.get(name);
  const b = other.variables.get(name);
  if (a !== undefined && a === b) return a;
  if (a?.kind === "array" || b?.kind === "array") {
    if (a?.kind === "array" && b?.kind === "array")
      return { kind: "array", elements: joinedFields(a.elements, b.elements), exported: false };
    return { kind: "array", elements: unknown(name, "set under a condition"), exported: false };
  }
  const left = a?.text ?? { value: one.base.get(name), unset: [] };
  const right = b?.text ?? { value: other.base.get(name), unset: [] };
  return {
    kind: "scalar",
    text: {
      value: either(name, left.value, right.value),
      unset: left.unset.length === 0 || right.unset.length === 0 ? [] : left.unset,
    },
    exported: (a?.exported ?? false) || (b?.exported ?? false),
  };
}

function joinedEnvironment(one: ProcessEnvironment, other: ProcessEnvironment): ProcessEnvironment {
  return {
    get: (name) => either(name, one.get(name), other.get(name)),
    names: () => [...new Set([...(one.names?.() ?? []), ...(other.names?.() ?? [])])],
  };
}

function joinedFields(one: ShellFields, other: ShellFields): ShellFields {
  if (one === other) return one;
  if (!Array.isArray(one)) return one;
  if (!Array.isArray(other)) return other;
  const fields = one as readonly ShellField[];
  const others = other as readonly ShellField[];
  if (fields.length !== others.length)
    return unknown("arguments", "there are more or fewer under a condition");
  return fields.map((field, index) => {
    const second = others[index];
    return second === undefined || second === field
      ? field
      : { ...field, text: either(field.text.label, field.text, second.text) };
  });
}

const mostCandidates = 8;

/** One of two values; known where both are the same, with all candidates where they are few. */
export function either<T>(label: string, one: Value<T>, other: Value<T>): Value<T> {
  if (one === other) return one;
  if (one.known && other.known && Object.is(one.value, other.value)) return one;
  const all = [one, other].map((each) => (each.known ? [each] : each.candidates));
  const [first, second] = all;
  const open = [one, other].find((each) => !each.known && each.candidates === undefined);
  if (open !== undefined && !open.known)
    return unknown(label, open.origin.why, {
      ...(open.origin.fact === undefined ? {} : { fact: open.origin.fact }),
      from: [one, other],
    });
  const candidates: Known<T>[] = [];
  for (const each of [...(first ?? []), ...(second ?? [])])
    if (!candidates.some((candidate) => Object.is(candidate.value, each.value))) candidates.push(each);
  const result = unknown<T>(label, "it depends on a condition of the script that is not known", {
    from: [one, other],
    ...(candidates.length > mostCandidates ? {} : { candidates }),
  });
  return relabel(label, result);
}
