import type { FactName, Value } from "../../../model/value.ts";
import type { FunctionBody, Parameter } from "../../../syntax/python-settings/tree.ts";
import type { SourceFile } from "../../../text/source-file.ts";
import type { Span } from "../../../text/span.ts";
import { pythonString } from "../setting-value.ts";

/** A Python value, as far as it is known without executing anything. */
export type Data =
  | { readonly kind: "none" }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "int"; readonly value: bigint }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "str"; readonly value: string }
  | { readonly kind: "bytes" }
  | { readonly kind: "ellipsis" }
  /** pathlib.Path */
  | { readonly kind: "path"; readonly value: string }
  | { readonly kind: "list" | "tuple" | "set" | "range"; readonly items: Term[] }
  | { readonly kind: "dict"; readonly entries: Map<string, { readonly key: Term; readonly value: Term }> }
  | { readonly kind: "environ" }
  /** globals(), and locals() or vars() of a module */
  | { readonly kind: "namespace"; readonly scope: Scope }
  | { readonly kind: "module"; readonly name: string; readonly scope: Scope | undefined }
  | { readonly kind: "class"; readonly name: string; readonly scope: Scope; readonly plain: boolean }
  | { readonly kind: "instance"; readonly of: Scope }
  | PythonFunction
  /** A function of Python's own library that the evaluator knows, by its dotted name. */
  | { readonly kind: "builtin"; readonly name: string }
  | { readonly kind: "method"; readonly self: Term; readonly name: string }
  /** What open() returns for a file that is here. */
  | { readonly kind: "file"; readonly text: string }
  | {
      readonly kind: "exception";
      readonly name: string;
      readonly message: string;
      /** What it was made with, where there was something. */
      readonly argument?: Term | undefined;
    }
  | Opaque;

export interface PythonFunction {
  readonly kind: "function";
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly defaults: ReadonlyMap<string, Term>;
  readonly body: FunctionBody;
  readonly scope: Scope;
  /** Generators, coroutines and decorated functions are not called. */
  readonly callable: boolean;
}

/** A value that cannot be known. */
export interface Opaque {
  readonly kind: "opaque";
  readonly why: string;
  readonly fact?: FactName;
  readonly type?: "int" | "float" | "str" | "bool";
  /** Known truth of an unknown value: a number of CPUs is never 0. */
  readonly truth?: boolean;
  /** Dotted name of an object of a module that is not here. */
  readonly name?: string;
  /** What it is an attribute of: a call of it may be a call of a method. */
  readonly attribute?: { readonly of: Term; readonly name: string };
}

/** A value with what it was computed from and how. */
export interface Term {
  readonly data: Data;
  /** The environment variables and facts that decide it. */
  readonly from: readonly Value<unknown>[];
  /** The computation in Python's spelling; absent for what the file itself fixes. */
  readonly text?: string;
  /** Precedence of the outermost operator of `text`: higher binds tighter. */
  readonly binds?: number;
}

/** Names of a module, a class or a function call. */
export interface Scope {
  readonly names: Map<string, Binding>;
  readonly parent: Scope | undefined;
  readonly kind: "module" | "class" | "function";
  /** The file that its statements stand in. */
  readonly file: SourceFile;
  /** Dotted name of the package of a module; undefined where relative imports fail. */
  readonly package?: string;
  /** Names declared `global` here. */
  readonly globals: Set<string>;
  /** Set when something unknown may have set any name: why. */
  spoiled?: { readonly why: string; readonly at: Span };
}

export interface Binding {
  readonly term: Term;
  /** The statement that set it; undefined for names that Python itself sets. */
  readonly at: Span | undefined;
  /** Assignments in this file that it replaced, the latest first. */
  readonly replaced: readonly Binding[];
}

export const none: Term = { data: { kind: "none" }, from: [] };

export function term(data: Data, from: readonly Value<unknown>[] = [], text?: string, binds?: number): Term {
  if (text === undefined) return { data, from };
  return binds === undefined ? { data, from, text } : { data, from, text, binds };
}

export const str = (value: string): Data => ({ kind: "str", value });
export const bool = (value: boolean): Data => ({ kind: "bool", value });
export const int = (value: bigint | number): Data => ({ kind: "int", value: BigInt(value) });
export const float = (value: number): Data => ({ kind: "float", value });

/** All inputs of a value, those of its parts included, each once. */
export function inputsOf(of: Term): readonly Value<unknown>[] {
  const inputs = new Set<Value<unknown>>();
  const seen = new Set<Term>([of]);
  for (const next of seen) {
    for (const input of next.from) inputs.add(input);
    for (const part of partsOf(next.data)) seen.add(part);
  }
  return [...inputs];
}

/** What a container holds. */
export function partsOf(data: Data): readonly Term[] {
  if ("items" in data) return data.items;
  return data.kind === "dict" ? [...data.entries.values()].map((entry) => entry.value) : [];
}

/** Containers inside of containers that are still shown or compared. */
const deepest = 20;

/** How a value is written in a derivation: its computation where it has one, else its repr(). */
export function textOf(of: Term, depth = 0): string {
  const { data } = of;
  if (of.text !== undefined || (data.kind !== "list" && data.kind !== "tuple") || depth > deepest)
    return of.text ?? repr(data) ?? "...";
  const inside = data.items.map((item) => textOf(item, depth + 1)).join(", ");
  if (data.kind === "list") return `[${inside}]`;
  return data.items.length === 1 ? `(${inside},)` : `(${inside})`;
}

/** Python's repr(); undefined for what has none that is worth showing. */
export function repr(data: Data, depth = 0): string | undefined {
  if (depth > deepest) return undefined;
  switch (data.kind) {
    case "none":
      return "None";
    case "bool":
      return data.value ? "True" : "False";
    case "ellipsis":
      return "Ellipsis";
    case "int":
      return data.value.toString();
    case "float":
      return floatText(data.value);
    case "str":
      return pythonString(data.value);
    case "path":
      return `PosixPath(${pythonString(data.value)})`;
    case "list":
    case "tuple":
    case "set": {
      const items = data.items.map((item) => repr(item.data, depth + 1));
      if (items.some((item) => item === undefined)) return undefined;
      const inside = items.join(", ");
      if (data.kind === "list") return `[${inside}]`;
      if (data.kind === "set") return items.length === 0 ? "set()" : `{${inside}}`;
      return items.length === 1 ? `(${inside},)` : `(${inside})`;
    }
    case "dict": {
      const items = [...data.entries.values()].map((entry) => {
        const [key, value] = [repr(entry.key.data, depth + 1), repr(entry.value.data, depth + 1)];
        return key === undefined || value === undefined ? undefined : `${key}: ${value}`;
      });
      return items.some((item) => item === undefined) ? undefined : `{${items.join(", ")}}`;
    }
    default:
      return undefined;
  }
}

/** repr() of a float: the shortest digits, with `.0` and Python's exponents. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e16 || size < 1e-4))
    return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** str(): as repr() but for strings and paths. */
export function pythonText(data: Data): string | undefined {
  return data.kind === "str" || data.kind === "path" ? data.value : repr(data);
}

/** bool(); undefined where it cannot be known. */
export function truth(data: Data): boolean | undefined {
  switch (data.kind) {
    case "none":
      return false;
    case "bool":
      return data.value;
    case "int":
      return data.value !== 0n;
    case "float":
      return data.value !== 0;
    case "str":
      return data.value !== "";
    case "list":
    case "tuple":
    case "set":
    case "range":
      return data.items.length > 0;
    case "dict":
      return data.entries.size > 0;
    case "opaque":
      return data.truth;
    case "bytes":
    case "instance":
      return undefined;
    default:
      return true;
  }
}

/** type(...).__name__ */
export function typeName(data: Data): string {
  if (data.kind === "none") return "NoneType";
  if (data.kind === "path") return "PosixPath";
  if (data.kind === "ellipsis") return "ellipsis";
  if (data.kind === "builtin") return "builtin_function_or_method";
  if (data.kind === "class") return "type";
  if (data.kind === "opaque") return data.type ?? "object";
  return data.kind;
}

/** A key under which equal values meet: 1, 1.0 and True are one key. Undefined for what cannot be a known key. */
export function keyOf(data: Data, depth = 0): string | undefined {
  if (depth > deepest) return undefined;
  switch (data.kind) {
    case "none":
      return "n";
    case "bool":
      return data.value ? "i1" : "i0";
    case "int":
      return `i${data.value}`;
    case "float":
      return Number.isInteger(data.value) ? `i${BigInt(data.value)}` : `f${data.value}`;
    case "str":
      return `s${data.value}`;
    case "path":
      return `p${data.value}`;
    case "tuple": {
      const keys = data.items.map((item) => keyOf(item.data, depth + 1));
      return keys.some((key) => key === undefined) ? undefined : `t${JSON.stringify(keys)}`;
    }
    default:
      return undefined;
  }
}
