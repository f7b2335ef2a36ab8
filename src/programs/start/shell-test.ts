import type { TestExpression } from "unbash";
import { type Answer, holds, type Value } from "../../model/value.ts";
import type { SourceFile } from "../../text/source-file.ts";
import { resolvedPath } from "./directory.ts";
import type { ShellContext } from "./shell-context.ts";
import { matchesPattern, type ShellPattern } from "./shell-pattern.ts";
import type { ShellField } from "./shell-state.ts";
import { expandedText, variableText } from "./shell-text.ts";
import { expandPattern, expandText } from "./shell-words.ts";

/** The files that tests ask for. */
export interface TestedFiles {
  read(path: string): SourceFile | undefined | "unknown";
}

/** What `[ ... ]` and `test ...` answer; the closing bracket is not among the words. */
export function testAnswer(shell: ShellContext, files: TestedFiles, words: readonly ShellField[]): Answer {
  return new TestReader(shell, files, words).read();
}

/** POSIX test: `!`, `-a`, `-o`, parentheses, one operator between two words or before one. */
class TestReader {
  readonly #shell: ShellContext;
  readonly #files: TestedFiles;
  readonly #words: readonly ShellField[];
  #index = 0;
  #depth = 0;

  constructor(shell: ShellContext, files: TestedFiles, words: readonly ShellField[]) {
    this.#shell = shell;
    this.#files = files;
    this.#words = words;
  }

  read(): Answer {
    const [first, second, third] = this.#words;
    const count = this.#words.length;
    if (first === undefined) return "no";
    if (count === 1) return holds([first.text], (text) => text !== "");
    if (count === 2 && second !== undefined) {
      if (text(first) === "!") return negated(holds([second.text], (each) => each !== ""));
      // `[ $UNSET = x ]` is `[ = x ]`: an error, which is no success.
      if (first.text.known && !/^-[a-zA-Z]$/.test(first.text.value)) return "no";
      return this.#unary(text(first), second);
    }
    if (count === 3 && second !== undefined && third !== undefined) {
      const answer = this.#binary(first, text(second), third);
      if (answer !== undefined) return answer;
    }
    const answer = this.#or();
    return this.#index === count ? (answer ?? "unknown") : "unknown";
  }

  #or(): Answer | undefined {
    let answer = this.#and();
    while (answer !== undefined && this.#next() === "-o") {
      this.#index++;
      const right = this.#and();
      answer = right === undefined ? undefined : either(answer, right);
    }
    return answer;
  }

  #and(): Answer | undefined {
    let answer = this.#primary();
    while (answer !== undefined && this.#next() === "-a") {
      this.#index++;
      const right = this.#primary();
      answer = right === undefined ? undefined : both(answer, right);
    }
    return answer;
  }

  #primary(): Answer | undefined {
    const word = this.#words[this.#index];
    if (word === undefined || ++this.#depth > 1000) return undefined;
    const operator = this.#words[this.#index + 1];
    const operand = this.#words[this.#index + 2];
    if (operator !== undefined && operand !== undefined) {
      const answer = this.#binary(word, text(operator), operand);
      if (answer !== undefined) {
        this.#index += 3;
        return answer;
      }
    }
    if (text(word) === "!") {
      this.#index++;
      const answer = this.#primary();
      return answer === undefined ? undefined : negated(answer);
    }
    if (text(word) === "(") {
      this.#index++;
      const answer = this.#or();
      if (this.#next() !== ")") return undefined;
      this.#index++;
      return answer;
    }
    if (operator !== undefined && /^-[a-zA-Z]$/.test(text(word) ?? "")) {
      this.#index += 2;
      return this.#unary(text(word), operator);
    }
    this.#index++;
    return holds([word.text], (each) => each !== "");
  }

  #next(): string | undefined {
    const word = this.#words[this.#index];
    return word === undefined ? undefined : text(word);
  }

  #unary(operator: string | undefined, operand: ShellField): Answer {
    return unaryAnswer(this.#shell, this.#files, operator, operand.text);
  }

  #binary(left: ShellField, operator: string | undefined, right: ShellField): Answer | undefined {
    if (operator === "=" || operator === "==") return holds([left.text, right.text], (a, b) => a === b);
    if (operator === "!=") return holds([left.text, right.text], (a, b) => a !== b);
    return numbersAnswer(operator, left.text, right.text);
  }
}

/** What `[[ ... ]]` answers. */
export function conditionAnswer(
  shell: ShellContext,
  files: TestedFiles,
  expression: TestExpression,
  depth = 0,
): Answer {
  shell.budget.step();
  if (depth > 100) return "unknown";
  const inner = (each: TestExpression) => conditionAnswer(shell, files, each, depth + 1);
  switch (expression.type) {
    case "TestGroup":
      return inner(expression.expression);
    case "TestNot": {
      const answer = inner(expression.operand);
      return expression.negations.length % 2 === 1 ? negated(answer) : answer;
    }
    case "TestLogical": {
      const join = expression.operator === "&&" ? both : either;
      return expression.operands.map(inner).reduce(join);
    }
    case "TestUnary": {
      const operand = expandedText(expandText(shell, expression.operand).value);
      return unaryAnswer(shell, files, expression.operator, operand);
    }
    case "TestBinary": {
      const left = expandedText(expandText(shell, expression.left).value);
      const { operator } = expression;
      if (operator === "=" || operator === "==" || operator === "!=") {
        const pattern = expandPattern(shell, expression.right);
        const answer = pattern === undefined ? "unknown" : patternAnswer(shell, pattern, left);
        return operator === "!=" ? negated(answer) : answer;
      }
      const right = expandedText(expandText(shell, expression.right).value);
      if (operator === "=~") return regexAnswer(left, right);
      return numbersAnswer(operator, left, right) ?? "unknown";
    }
  }
}

const mostComparisons = 1_000_000;

/** Whether a text matches a pattern; unknown also where to ask would take long. */
export function patternAnswer(shell: ShellContext, pattern: ShellPattern, value: Value<string>): Answer {
  const longest = Math.max(
    ...(value.known ? [value] : (value.candidates ?? [])).map((each) => each.value.length),
    1,
  );
  shell.budget.step(1 + Math.floor((longest * pattern.text.length) / 10_000));
  if (pattern.text === "*" && pattern.quoted[0] === false) return "yes";
  if (longest * pattern.text.length > mostComparisons) return "unknown";
  return holds([value], (text) => matchesPattern(pattern, text));
}

/** Only the regular expressions that everybody writes: digits, and plain text with anchors. */
function regexAnswer(value: Value<string>, expression: Value<string>): Answer {
  if (!expression.known) return "unknown";
  if (/^\^(\[0-9\]|\[\[:digit:\]\])\+\$$/.test(expression.value))
    return holds([value], (text) => /^[0-9]+$/.test(text));
  const plain = /^(\^?)([\w /:,-]+)(\$?)$/.exec(expression.value);
  if (plain === null) return "unknown";
  const [, start, middle = "", end] = plain;
  return holds([value], (text) => {
    if (start && end) return text === middle;
    if (start) return text.startsWith(middle);
    return end ? text.endsWith(middle) : text.includes(middle);
  });
}

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  "-eq": (a, b) => a === b,
  "-ne": (a, b) => a !== b,
  "-lt": (a, b) => a < b,
  "-le": (a, b) => a <= b,
  "-gt": (a, b) => a > b,
  "-ge": (a, b) => a >= b,
};

/** Undefined where the operator compares no numbers; words that are none make the test fail. */
function numbersAnswer(
  operator: string | undefined,
  left: Value<string>,
  right: Value<string>,
): Answer | undefined {
  if (operator === "-nt" || operator === "-ot" || operator === "-ef") return "unknown";
  const compare = operator === undefined ? undefined : comparisons[operator];
  if (compare === undefined) return undefined;
  return holds([left, right], (a, b) => {
    const number = /^\s*[+-]?[0-9]+\s*$/;
    return number.test(a) && number.test(b) && compare(Number(a), Number(b));
  });
}

function unaryAnswer(
  shell: ShellContext,
  files: TestedFiles,
  operator: string | undefined,
  operand: Value<string>,
): Answer {
  if (operator === "-n") return holds([operand], (text) => text !== "");
  if (operator === "-z") return holds([operand], (text) => text === "");
  if (operator === "-v")
    return operand.known
      ? holds([variableText(shell.state, operand.value).value], (value) => value !== undefined)
      : "unknown";
  if (operator === undefined || !/^-[efrswx]$/.test(operator)) return "unknown";
  const { directory } = shell.state;
  if (!operand.known) return "unknown";
  if (operand.value === "") return "no";
  if (!operand.value.startsWith("/") && !directory.known) return "unknown";
  const file = files.read(resolvedPath(directory.known ? directory.value : "/", operand.value));
  if (file === "unknown") return "unknown";
  if (file === undefined) return operator === "-f" || operator === "-s" ? "no" : "unknown";
  if (operator === "-s") return file.text === "" ? "no" : "yes";
  return operator === "-e" || operator === "-f" ? "yes" : "unknown";
}

function text(field: ShellField): string | undefined {
  return field.text.known ? field.text.value : undefined;
}

export function negated(answer: Answer): Answer {
  if (answer === "unknown") return answer;
  return answer === "yes" ? "no" : "yes";
}

function both(one: Answer, other: Answer): Answer {
  if (one === "no" || other === "no") return "no";
  return one === "yes" && other === "yes" ? "yes" : "unknown";
}

function either(one: Answer, other: Answer): Answer {
  return negated(both(negated(one), negated(other)));
}
