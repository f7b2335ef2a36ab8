import type { ArithmeticExpression, Word } from "unbash";
import { derive, type Unknown, unknown, type Value } from "../../model/value.ts";
import type { ShellContext } from "./shell-context.ts";
import type { ShellText } from "./shell-state.ts";
import { expandedText, variableText } from "./shell-text.ts";

type Operands = readonly string[];
/** Undefined where the shell would complain: a division by zero, a word that is no number. */
type Computation = (operands: Operands) => bigint | undefined;

const deepest = 100;

/** `$((...))` as text. */
export function arithmeticValue(
  shell: ShellContext,
  part: {
    readonly text: string;
    readonly pos: number;
    readonly end: number;
    readonly expression: ArithmeticExpression | undefined;
  },
  expand: (word: Word) => ShellText,
): Value<string> {
  const at = shell.source.place(part.pos, part.end);
  const how = part.text.length > 60 ? `${part.text.slice(0, 59)}…` : part.text;
  const inputs: Value<string>[] = [];
  const compute =
    part.expression === undefined ? undefined : compile(shell, part.expression, inputs, expand, 0);
  if (compute === undefined) return open(how, "is not followed", at);
  const result = derive(how, how, inputs, (...held) => compute(held)?.toString(), at);
  if (!result.known && result.candidates === undefined)
    return { known: false, label: how, origin: result.origin };
  const values = result.known ? [result] : (result.candidates ?? []);
  if (values.some((each) => each.value === undefined)) return open(how, "cannot be computed", at);
  return expandedText(result);
}

function open(how: string, why: string, at: ReturnType<ShellContext["source"]["place"]>): Unknown<string> {
  return unknown(how, `${how} ${why}`, { at });
}

/** Whether `(( ))` is not zero; undefined where that is not known. */
export function arithmeticTruth(
  shell: ShellContext,
  part: Parameters<typeof arithmeticValue>[1],
  expand: (word: Word) => ShellText,
): boolean | undefined {
  const value = arithmeticValue(shell, part, expand);
  return value.known ? value.value !== "0" : undefined;
}

function compile(
  shell: ShellContext,
  node: ArithmeticExpression,
  inputs: Value<string>[],
  expand: (word: Word) => ShellText,
  depth: number,
): Computation | undefined {
  shell.budget.step();
  if (depth > deepest) return undefined;
  const inner = (child: ArithmeticExpression) => compile(shell, child, inputs, expand, depth + 1);
  const input = (value: Value<string>): Computation => {
    const index = inputs.push(value) - 1;
    return (operands) => integer(operands[index] ?? "");
  };
  switch (node.type) {
    case "ArithmeticGroup":
      return inner(node.expression);
    case "ArithmeticBinary": {
      const operation = binary[node.operator];
      if (operation === undefined) return undefined;
      const left = inner(node.left);
      const right = inner(node.right);
      if (left === undefined || right === undefined) return undefined;
      return (operands) => {
        const a = left(operands);
        const b = right(operands);
        if (a === undefined || b === undefined) return undefined;
        const result = operation(a, b);
        return result === undefined ? undefined : BigInt.asIntN(64, result);
      };
    }
    case "ArithmeticUnary": {
      const operation = unary[node.operator];
      const operand = inner(node.operand);
      if (operation === undefined || operand === undefined) return undefined;
      return (operands) => {
        const value = operand(operands);
        return value === undefined ? undefined : operation(value);
      };
    }
    case "ArithmeticTernary": {
      const [test, yes, no] = [inner(node.test), inner(node.consequent), inner(node.alternate)];
      if (test === undefined || yes === undefined || no === undefined) return undefined;
      return (operands) => {
        const value = test(operands);
        return value === undefined ? undefined : value !== 0n ? yes(operands) : no(operands);
      };
    }
    case "ArithmeticCommandExpansion":
      if (node.script === undefined) return undefined;
      return input(expandedText(shell.printedBy(node.script, shell.source.place(node.pos, node.end)).value));
    case "ArithmeticWord": {
      // Inside of `(( ))` an expansion comes as plain text.
      const variable = /^(?:\$\{)?\$?([A-Za-z_]\w*)\}?$/.exec(node.value)?.[1];
      if (node.parts === undefined && variable !== undefined)
        return input(expandedText(variableText(shell.state, variable).value));
      if (node.parts === undefined) {
        const number = integer(node.value);
        return number === undefined ? undefined : () => number;
      }
      const { value, pos, end, parts } = node;
      const word: Word = { type: "Word", text: value, value, pos, end, parts };
      return input(expandedText(expand(word).value));
    }
  }
}

/** A number as the shell reads it: decimal, 0x10, 010, 2#101; nothing is zero. */
function integer(text: string): bigint | undefined {
  const plain = text.trim();
  if (plain === "") return 0n;
  const negative = plain.startsWith("-");
  const digits = plain.replace(/^[+-]/, "");
  if (digits.length > 20) return undefined;
  let value: bigint;
  if (/^0[xX][0-9a-fA-F]+$/.test(digits)) value = BigInt(digits);
  else if (/^0[0-7]+$/.test(digits)) value = BigInt(`0o${digits.slice(1)}`);
  else if (/^(0|[1-9][0-9]*)$/.test(digits)) value = BigInt(digits);
  else return undefined;
  return negative ? -value : value;
}

const truth = (value: boolean): bigint => (value ? 1n : 0n);

const binary: Readonly<Record<string, (a: bigint, b: bigint) => bigint | undefined>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => (b === 0n ? undefined : a / b),
  "%": (a, b) => (b === 0n ? undefined : a % b),
  "**": (a, b) => (b < 0n || b > 63n ? undefined : a ** b),
  "<<": (a, b) => (b < 0n || b > 63n ? undefined : a << b),
  ">>": (a, b) => (b < 0n || b > 63n ? undefined : a >> b),
  "&": (a, b) => a & b,
  "|": (a, b) => a | b,
  "^": (a, b) => a ^ b,
  "<": (a, b) => truth(a < b),
  ">": (a, b) => truth(a > b),
  "<=": (a, b) => truth(a <= b),
  ">=": (a, b) => truth(a >= b),
  "==": (a, b) => truth(a === b),
  "!=": (a, b) => truth(a !== b),
  "&&": (a, b) => truth(a !== 0n && b !== 0n),
  "||": (a, b) => truth(a !== 0n || b !== 0n),
};

const unary: Readonly<Record<string, (a: bigint) => bigint>> = {
  "+": (a) => a,
  "-": (a) => -a,
  "!": (a) => truth(a === 0n),
  "~": (a) => ~a,
};
