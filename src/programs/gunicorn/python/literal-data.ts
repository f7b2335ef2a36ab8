import type { Expression, PythonSettings } from "../../../syntax/python-settings/tree.ts";
import { SourceFile } from "../../../text/source-file.ts";
import { bool, type Data, float, int, keyOf, str, type Term, term } from "./data.ts";

/** Levels of lists and dictionaries that are read. */
const deepest = 50;

/** ast.literal_eval(): the value of a text that is one literal; undefined for every other text. */
export function literalOf(text: string, parse: (file: SourceFile) => PythonSettings): Data | undefined {
  const { statements, problems } = parse(new SourceFile("literal", text.trim()));
  const [only, ...rest] = statements;
  return only?.kind === "expression" && rest.length === 0 && problems.length === 0
    ? literal(only.value, 0)
    : undefined;
}

function literal(expression: Expression, depth: number): Data | undefined {
  if (depth > deepest) return undefined;
  switch (expression.kind) {
    case "none":
      return { kind: "none" };
    case "true":
    case "false":
      return bool(expression.kind === "true");
    case "int":
      return int(expression.value);
    case "float":
      return float(expression.value);
    case "string":
      return expression.parts.every((part) => part.kind === "text")
        ? str(expression.parts.map((part) => (part.kind === "text" ? part.text : "")).join(""))
        : undefined;
    case "unary": {
      const value = literal(expression.operand, depth + 1);
      if (expression.operator !== "-" || value === undefined) return undefined;
      if (value.kind === "int") return int(-value.value);
      return value.kind === "float" ? float(-value.value) : undefined;
    }
    case "list":
    case "tuple":
    case "set": {
      const items: Term[] = [];
      for (const { value, star } of expression.items) {
        const data = star ? undefined : literal(value, depth + 1);
        if (data === undefined) return undefined;
        items.push(term(data));
      }
      return { kind: expression.kind, items };
    }
    case "dict": {
      const entries = new Map<string, { key: Term; value: Term }>();
      for (const entry of expression.entries) {
        const key = entry.key && literal(entry.key, depth + 1);
        const value = literal(entry.value, depth + 1);
        const name = key && keyOf(key);
        if (key === undefined || value === undefined || name === undefined) return undefined;
        entries.set(name, { key: term(key), value: term(value) });
      }
      return { kind: "dict", entries };
    }
    default:
      return undefined;
  }
}

/**
 * json.loads(); undefined for a text that is no JSON, and for one with numbers that JavaScript would round or make
 * whole.
 */
export function jsonOf(text: string): Data | undefined {
  if (/(?<!["\w.])-?\d+(?:\.\d|[eE])/.test(text) || /\d{16}/.test(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return fromJson(value, 0);
}

function fromJson(value: unknown, depth: number): Data | undefined {
  if (depth > deepest) return undefined;
  if (value === null) return { kind: "none" };
  if (typeof value === "string") return str(value);
  if (typeof value === "boolean") return bool(value);
  if (typeof value === "number") return int(value);
  if (typeof value !== "object") return undefined;
  if (Array.isArray(value)) {
    const items = value.map((each) => fromJson(each, depth + 1));
    const known = items.filter((each) => each !== undefined);
    return known.length === items.length
      ? { kind: "list", items: known.map((each) => term(each)) }
      : undefined;
  }
  const entries = new Map<string, { key: Term; value: Term }>();
  for (const [key, each] of Object.entries(value)) {
    const data = fromJson(each, depth + 1);
    if (data === undefined) return undefined;
    entries.set(`s${key}`, { key: term(str(key)), value: term(data) });
  }
  return { kind: "dict", entries };
}
