import type { BinaryOperator, ComparisonOperator } from "../../../syntax/python-settings/tree.ts";
import { type Data, float, int, keyOf, str, type Term, typeName } from "./data.ts";
import { GivenUp, Raised } from "./raised.ts";

/** Bits of an integer, characters of a string and items of a list that a settings file can need. */
const mostBits = 4096;
export const mostLength = 65_536;

type Number_ =
  | { readonly kind: "int"; readonly value: bigint }
  | { readonly kind: "float"; readonly value: number };

/** A number as arithmetic sees it: bool counts as int. */
export function asNumber(data: Data): Number_ | undefined {
  if (data.kind === "int" || data.kind === "float") return data;
  return data.kind === "bool" ? { kind: "int", value: data.value ? 1n : 0n } : undefined;
}

/** The result of a binary operator on known values; raises what Python raises. */
export function binary(operator: BinaryOperator, left: Data, right: Data): Data {
  const [one, other] = [asNumber(left), asNumber(right)];
  if (one !== undefined && other !== undefined) return numeric(operator, one, other);
  if (operator === "+") {
    if (left.kind === "str" && right.kind === "str") return sized(left.value + right.value);
    if ((left.kind === "list" || left.kind === "tuple") && right.kind === left.kind)
      return together(left.kind, left.items, right.items);
    if (left.kind === "str")
      throw new Raised("TypeError", `can only concatenate str (not "${typeName(right)}") to str`);
    if (left.kind === "list" || left.kind === "tuple")
      throw new Raised(
        "TypeError",
        `can only concatenate ${left.kind} (not "${typeName(right)}") to ${left.kind}`,
      );
  }
  if (operator === "*") {
    if (other?.kind === "int") return repeated(left, other.value) ?? mismatch(operator, left, right);
    if (one?.kind === "int") return repeated(right, one.value) ?? mismatch(operator, left, right);
  }
  if (operator === "|" && left.kind === "dict" && right.kind === "dict")
    return { kind: "dict", entries: new Map([...left.entries, ...right.entries]) };
  return mismatch(operator, left, right);
}

function mismatch(operator: BinaryOperator, left: Data, right: Data): never {
  const shown = operator === "**" ? "** or pow()" : operator;
  throw new Raised(
    "TypeError",
    `unsupported operand type(s) for ${shown}: '${typeName(left)}' and '${typeName(right)}'`,
  );
}

function together(kind: "list" | "tuple", left: readonly Term[], right: readonly Term[]): Data {
  if (left.length + right.length > mostLength) throw new GivenUp("a list grows beyond what a setting holds");
  return { kind, items: [...left, ...right] };
}

function sized(value: string): Data {
  if (value.length > mostLength) throw new GivenUp("a string grows beyond what a setting holds");
  return str(value);
}

function repeated(data: Data, times: bigint): Data | undefined {
  const length = data.kind === "str" ? data.value.length : "items" in data ? data.items.length : undefined;
  if (length === undefined || data.kind === "set") return undefined;
  if (BigInt(length) * times > BigInt(mostLength))
    throw new GivenUp("a value grows beyond what a setting holds");
  const count = Number(times > 0n ? times : 0n);
  if (data.kind === "str") return str(data.value.repeat(count));
  if (data.kind !== "list" && data.kind !== "tuple") return undefined;
  const items: Term[] = [];
  for (let turn = 0; turn < count; turn++) items.push(...data.items);
  return { kind: data.kind, items };
}

function numeric(operator: BinaryOperator, left: Number_, right: Number_): Data {
  if (left.kind === "int" && right.kind === "int") return integers(operator, left.value, right.value);
  return floats(operator, Number(left.value), Number(right.value), left, right);
}

function floats(operator: BinaryOperator, left: number, right: number, one: Data, other: Data): Data {
  switch (operator) {
    case "+":
      return float(left + right);
    case "-":
      return float(left - right);
    case "*":
      return float(left * right);
    case "/":
      if (right === 0) throw new Raised("ZeroDivisionError", "float division by zero");
      return float(left / right);
    case "//":
      if (right === 0) throw new Raised("ZeroDivisionError", "float floor division by zero");
      return float(Math.floor(left / right));
    case "%":
      if (right === 0) throw new Raised("ZeroDivisionError", "float modulo");
      return float(left - right * Math.floor(left / right));
    case "**":
      if (left < 0 && !Number.isInteger(right)) throw new GivenUp("complex numbers are not read");
      if (left === 0 && right < 0)
        throw new Raised("ZeroDivisionError", "0.0 cannot be raised to a negative power");
      return float(left ** right);
    default:
      return mismatch(operator, one, other);
  }
}

function bits(value: bigint): number {
  return value.toString(16).length * 4;
}

function bounded(value: bigint): Data {
  return int(value);
}

function tooLarge(): never {
  throw new GivenUp("a number grows beyond what a setting holds");
}

function floorDivide(left: bigint, right: bigint): bigint {
  const quotient = left / right;
  return left % right !== 0n && left < 0n !== right < 0n ? quotient - 1n : quotient;
}

function integers(operator: BinaryOperator, left: bigint, right: bigint): Data {
  if (["/", "//", "%"].includes(operator) && right === 0n)
    throw new Raised(
      "ZeroDivisionError",
      operator === "/" ? "division by zero" : "integer division or modulo by zero",
    );
  switch (operator) {
    case "+":
      return bounded(left + right);
    case "-":
      return bounded(left - right);
    case "*":
      return bits(left) + bits(right) > mostBits ? tooLarge() : bounded(left * right);
    case "/":
      return float(Number(left) / Number(right));
    case "//":
      return bounded(floorDivide(left, right));
    case "%":
      return bounded(left - right * floorDivide(left, right));
    case "**":
      if (right < 0n) return floats("**", Number(left), Number(right), int(left), int(right));
      if (right > 4096n && left !== 0n && left !== 1n && left !== -1n) return tooLarge();
      if (bits(left) * Number(right > 4096n ? 1n : right) > 4 * mostBits) return tooLarge();
      return bounded(right > 4096n ? left ** (right % 2n === 0n ? 2n : 1n) : left ** right);
    case "<<":
      if (right < 0n) throw new Raised("ValueError", "negative shift count");
      return right > 2048n || bits(left) > mostBits ? tooLarge() : bounded(left << right);
    case ">>":
      if (right < 0n) throw new Raised("ValueError", "negative shift count");
      return bounded(right > 100_000n ? (left < 0n ? -1n : 0n) : left >> right);
    case "&":
      return bounded(left & right);
    case "|":
      return bounded(left | right);
    case "^":
      return bounded(left ^ right);
    default:
      return mismatch(operator, int(left), int(right));
  }
}

/** The answer of a comparison of known values; undefined where it is not known. */
export function compare(operator: ComparisonOperator, left: Data, right: Data): boolean | undefined {
  switch (operator) {
    case "==":
      return equal(left, right);
    case "!=":
      return negated(equal(left, right));
    case "is":
      return identical(left, right);
    case "is not":
      return negated(identical(left, right));
    case "in":
      return contains(right, left);
    case "not in":
      return negated(contains(right, left));
    default:
      return ordered(operator, left, right);
  }
}

function negated(answer: boolean | undefined): boolean | undefined {
  return answer === undefined ? undefined : !answer;
}

export function equal(left: Data, right: Data, depth = 0): boolean | undefined {
  if (depth > 20) return undefined;
  const [one, other] = [keyOf(left), keyOf(right)];
  if (one !== undefined && other !== undefined) return one === other;
  if (left.kind === "opaque" || right.kind === "opaque") return undefined;
  if ("items" in left && "items" in right) {
    if (left.kind !== right.kind || left.items.length !== right.items.length) return false;
    if (left.kind === "set") return undefined;
    const answers = left.items.map((item, index) => {
      const mate = right.items[index];
      return mate === undefined ? false : equal(item.data, mate.data, depth + 1);
    });
    return answers.includes(false) ? false : answers.includes(undefined) ? undefined : true;
  }
  const plain = ["none", "bool", "int", "float", "str", "path", "list", "tuple"];
  return left.kind !== right.kind && plain.includes(left.kind) && plain.includes(right.kind)
    ? false
    : undefined;
}

function identical(left: Data, right: Data): boolean | undefined {
  const single = (data: Data): boolean => data.kind === "none" || data.kind === "bool";
  if (left.kind === "opaque" || right.kind === "opaque") return undefined;
  if (single(left) || single(right)) return left.kind === right.kind && equal(left, right);
  return left === right ? true : undefined;
}

function contains(container: Data, item: Data): boolean | undefined {
  if (container.kind === "str") {
    if (item.kind === "opaque") return undefined;
    if (item.kind !== "str")
      throw new Raised("TypeError", `'in <string>' requires string as left operand, not ${typeName(item)}`);
    return container.value.includes(item.value);
  }
  if (container.kind === "dict") {
    const key = keyOf(item);
    return key === undefined ? undefined : container.entries.has(key);
  }
  if ("items" in container) {
    const answers = container.items.map((each) => equal(each.data, item));
    return answers.includes(true) ? true : answers.includes(undefined) ? undefined : false;
  }
  if (asNumber(container) !== undefined || container.kind === "none")
    throw new Raised("TypeError", `argument of type '${typeName(container)}' is not iterable`);
  return undefined;
}

function ordered(operator: ComparisonOperator, left: Data, right: Data): boolean | undefined {
  const [one, other] = [asNumber(left), asNumber(right)];
  const difference = one !== undefined && other !== undefined ? sign(one, other) : undefined;
  const order =
    difference ??
    (left.kind === "str" && right.kind === "str" ? textOrder(left.value, right.value) : undefined);
  if (order === undefined) {
    const plain = ["none", "bool", "int", "float", "str", "list", "tuple", "dict"];
    const sameList = left.kind === right.kind && (left.kind === "list" || left.kind === "tuple");
    if (plain.includes(left.kind) && plain.includes(right.kind) && !sameList)
      throw new Raised(
        "TypeError",
        `'${operator}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`,
      );
    return undefined;
  }
  if (Number.isNaN(order)) return false;
  if (operator === "<") return order < 0;
  if (operator === "<=") return order <= 0;
  return operator === ">" ? order > 0 : order >= 0;
}

function sign(left: Number_, right: Number_): number {
  if (left.kind === "float" && Number.isNaN(left.value)) return Number.NaN;
  if (right.kind === "float" && Number.isNaN(right.value)) return Number.NaN;
  return left.value < right.value ? -1 : left.value > right.value ? 1 : 0;
}

/** Python compares strings by code point. */
function textOrder(left: string, right: string): number {
  const [one, other] = [[...left], [...right]];
  for (let index = 0; index < Math.min(one.length, other.length); index++) {
    const difference = (one[index]?.codePointAt(0) ?? 0) - (other[index]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}
