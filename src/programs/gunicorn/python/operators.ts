import type { Span } from "../../../text/span.ts";
import { asNumber, binary, compare } from "./arithmetic.ts";
import { bool, type Data, float, int, none, str, type Term, textOf, truth } from "./data.ts";
import { percentFormat } from "./format-text.ts";
import { knownType, opaque, opaqueAmong, opaqueResult, result } from "./opaque.ts";
import { joinPaths } from "./paths.ts";
import { Raised } from "./raised.ts";
import type { Session } from "./session.ts";

/** How tightly Python's operators bind; higher is tighter. */
const precedence: Readonly<Record<string, number>> = {
  "**": 8,
  "*": 6,
  "/": 6,
  "//": 6,
  "%": 6,
  "@": 6,
  "+": 5,
  "-": 5,
  "<<": 4,
  ">>": 4,
  "&": 3,
  "^": 3,
  "|": 3,
};

/** `left operator right`, on known and unknown values. */
export function applyBinary(
  session: Session,
  operator: Parameters<typeof binary>[0],
  left: Term,
  right: Term,
  at: Span,
): Term {
  const binds = precedence[operator] ?? 5;
  const text = `${wrapped(left, binds)} ${operator} ${wrapped(right, binds + 1)}`;
  const terms = [left, right];
  if (operator === "/") {
    const path = joinPaths(left, right, text);
    if (path !== undefined) return path;
  }
  const [one, other] = [knownType(left.data), knownType(right.data)];
  if (operator === "%" && left.data.kind === "str") {
    const missing = opaqueAmong(terms);
    if (missing !== undefined) return opaqueResult(missing, terms, "str", text, { binds });
    const made = percentFormat(left.data.value, right.data);
    return made === undefined ? opaque(`${text} is not read`) : result(str(made), terms, text, binds);
  }
  const missing =
    left.data.kind === "opaque" ? left.data : right.data.kind === "opaque" ? right.data : undefined;
  if (missing === undefined) {
    if (plain.has(left.data.kind) && plain.has(right.data.kind))
      return result(binary(operator, left.data, right.data), terms, text, binds);
    session.mayRaise(`${text} is not read`, at);
    return opaque(`${text} is not read`, result(none.data, terms, text).from);
  }
  if (operator === "+" && ((one === "str" && numeric(other)) || (numeric(one) && other === "str")))
    throw new Raised(
      "TypeError",
      one === "str"
        ? `can only concatenate str (not "${other}") to str`
        : `unsupported operand type(s) for +: '${one}' and 'str'`,
      at,
    );
  session.mayRaise(missing.why, at);
  const type =
    numeric(one) && numeric(other)
      ? operator === "/" || one === "float" || other === "float"
        ? "float"
        : "int"
      : one === "str" && other === "str"
        ? "str"
        : undefined;
  const positive = (operator === "+" || operator === "*") && terms.every(isPositive);
  return opaqueResult(
    missing,
    terms,
    type,
    text,
    positive && type === "int" ? { truth: true, binds } : { binds },
  );
}

/** `-x`, `+x`, `~x` and `not x`. */
export function applyUnary(operator: "-" | "+" | "~" | "not", operand: Term, at: Span): Term {
  if (operator === "not") {
    const answer = truth(operand.data);
    const text = `not ${wrapped(operand, 2)}`;
    if (answer !== undefined) return result(bool(!answer), [operand], text, 2);
    const because =
      operand.data.kind === "opaque"
        ? operand.data
        : { kind: "opaque" as const, why: "whether it is true is not known" };
    return opaqueResult(because, [operand], "bool", text, { binds: 2 });
  }
  const text = `${operator}${wrapped(operand, 7)}`;
  if (operand.data.kind === "opaque")
    return opaqueResult(operand.data, [operand], operand.data.type, text, { binds: 7 });
  const number = asNumber(operand.data);
  if (number === undefined) {
    if (!plain.has(operand.data.kind)) return opaque(`${text} is not read`);
    throw new Raised("TypeError", `bad operand type for unary ${operator}: '${operand.data.kind}'`, at);
  }
  let value: Data = number;
  if (operator === "-") value = number.kind === "int" ? int(-number.value) : float(-number.value);
  if (operator === "~") value = number.kind === "int" ? int(~number.value) : number;
  return result(value, [operand], text, 7);
}

/** One comparison of a chain. */
export function applyComparison(
  session: Session,
  operator: Parameters<typeof compare>[0],
  left: Term,
  right: Term,
  at: Span,
): Term {
  const text = `${wrapped(left, 3)} ${operator} ${wrapped(right, 3)}`;
  const terms = [left, right];
  if ((operator === "in" || operator === "not in") && right.data.kind === "environ") {
    if (left.data.kind !== "str") return opaque("which variable is asked for is not known");
    const value = session.variable(left.data.value);
    if (value.data.kind === "opaque") return opaqueResult(value.data, [value], "bool", text, { binds: 3 });
    return result(bool((value.data.kind !== "none") === (operator === "in")), [value], text, 3);
  }
  const answer = compare(operator, left.data, right.data) ?? aboutPositive(operator, left, right);
  if (answer !== undefined) return result(bool(answer), terms, text, 3);
  const missing = opaqueAmong(terms);
  if (missing === undefined) return opaque(`${text} is not read`, [], { type: "bool" });
  session.mayRaise(missing.why, at);
  return opaqueResult(missing, terms, "bool", text, { binds: 3 });
}

const plain = new Set(["none", "bool", "int", "float", "str", "list", "tuple", "dict", "range"]);

function numeric(type: string | undefined): boolean {
  return type === "int" || type === "float";
}

function isPositive({ data }: Term): boolean {
  if (data.kind === "opaque") return data.type === "int" && data.truth === true;
  return data.kind === "int" && data.value > 0n;
}

/** Comparisons of a number of CPUs with 0, 1 and None. */
function aboutPositive(operator: string, left: Term, right: Term): boolean | undefined {
  if (left.data.kind !== "opaque" || !isPositive(left)) return undefined;
  if (right.data.kind === "none")
    return operator === "is" || operator === "=="
      ? false
      : operator === "is not" || operator === "!="
        ? true
        : undefined;
  if (right.data.kind !== "int" || right.data.value > 1n) return undefined;
  const isOne = right.data.value === 1n;
  if (operator === "<" || (operator === "<=" && !isOne) || (operator === "==" && !isOne)) return false;
  return operator === ">=" || (!isOne && (operator === ">" || operator === "!=")) ? true : undefined;
}

function wrapped(of: Term, binds: number): string {
  const text = textOf(of);
  return of.text !== undefined && of.binds !== undefined && of.binds < binds ? `(${text})` : text;
}
