import type { CallArgument, Clause, Expression, StringPart } from "../../../syntax/python-settings/tree.ts";
import { type Span, span, spanText } from "../../../text/span.ts";
import { asNumber, binary, compare, mostLength } from "./arithmetic.ts";
import { readAttribute } from "./attributes.ts";
import { builtinName } from "./builtin-names.ts";
import { call } from "./calls.ts";
import { itemAt, sliceOf } from "./containers.ts";
import {
  bool,
  type Data,
  float,
  int,
  keyOf,
  none,
  type PythonFunction,
  type Scope,
  str,
  type Term,
  term,
  textOf,
  truth,
} from "./data.ts";
import type { CallArguments, Evaluator } from "./evaluator.ts";
import { formatted } from "./format-template.ts";
import { percentFormat } from "./format-text.ts";
import { indexVariable } from "./library.ts";
import { moduleScopeNames } from "./namespaces.ts";
import { knownType, opaque, opaqueAmong, opaqueResult, result } from "./opaque.ts";
import { joinPaths } from "./paths.ts";
import { GivenUp, Raised } from "./raised.ts";
import { assignName, innerScope, lookUp, moduleOf, spoil } from "./scopes.ts";
import type { Session } from "./session.ts";

/** Levels of expressions and calls that are followed. */
const deepest = 150;

/** Longer computations are shown as the file writes them. */
const longestText = 120;

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

/** Evaluates expressions without running anything: what is not certain becomes an opaque value. */
export class ExpressionEvaluator implements Evaluator {
  readonly session: Session;
  readonly #runFunction: (callee: PythonFunction, given: CallArguments, at: Span) => Term;
  #depth = 0;

  constructor(
    session: Session,
    runFunction: (callee: PythonFunction, given: CallArguments, at: Span) => Term,
  ) {
    this.session = session;
    this.#runFunction = runFunction;
  }

  evaluate(expression: Expression, scope: Scope): Term {
    this.session.step();
    const at = span(scope.file, expression.start, expression.end);
    if (this.#depth >= deepest) return opaque("it is nested too deeply");
    this.#depth++;
    try {
      return shortened(this.#evaluate(expression, scope, at), at);
    } catch (error) {
      if (error instanceof Raised) error.at ??= at;
      throw error;
    } finally {
      this.#depth--;
    }
  }

  call(callee: Term, given: CallArguments, at: Span): Term {
    this.session.step();
    return call(this, callee, given, at);
  }

  callFunction(callee: PythonFunction, given: CallArguments, at: Span): Term {
    if (this.#depth >= deepest) throw new GivenUp("functions call each other too deeply");
    this.#depth += 5;
    try {
      return this.#runFunction(callee, given, at);
    } finally {
      this.#depth -= 5;
    }
  }

  attribute(object: Term, name: string, at: Span): Term {
    return readAttribute(object, name, at);
  }

  iterate(over: Term, at: Span): readonly Term[] | undefined {
    const { data } = over;
    if ("items" in data) return [...data.items];
    if (data.kind === "str") return [...data.value].map((each) => result(str(each), [over], textOf(over)));
    if (data.kind === "dict") return [...data.entries.values()].map((entry) => entry.key);
    if (data.kind === "environ")
      return this.session.variableNames(moduleScopeNames).map((name) => term(str(name)));
    if (data.kind === "file")
      return (data.text.match(/[^\n]*\n|[^\n]+$/g) ?? []).slice(0, 10_000).map((line) => term(str(line)));
    if (data.kind === "none" || asNumber(data) !== undefined)
      throw new Raised(
        "TypeError",
        `'${data.kind === "none" ? "NoneType" : data.kind}' object is not iterable`,
        at,
      );
    return undefined;
  }

  #evaluate(expression: Expression, scope: Scope, at: Span): Term {
    switch (expression.kind) {
      case "none":
        return none;
      case "true":
      case "false":
        return term(bool(expression.kind === "true"));
      case "int":
        return term(int(expression.value));
      case "float":
        return term(float(expression.value));
      case "bytes":
        return term({ kind: "bytes" });
      case "string":
        return this.#string(expression.parts, scope);
      case "name":
        return this.#name(expression.name, scope, at);
      case "hole":
        return opaque(`${expression.text} is filled in by a template`);
      case "attribute":
        return this.attribute(this.evaluate(expression.value, scope), expression.name, at);
      case "subscript":
        return this.#subscript(expression, scope, at);
      case "call":
        return this.#call(expression, scope, at);
      case "binary":
        return this.binary(
          expression.operator,
          this.evaluate(expression.left, scope),
          this.evaluate(expression.right, scope),
          at,
        );
      case "unary":
        return this.#unary(expression.operator, this.evaluate(expression.operand, scope), at);
      case "and":
      case "or":
        return this.#junction(expression, scope);
      case "compare":
        return this.#comparison(expression, scope, at);
      case "conditional": {
        const condition = this.evaluate(expression.condition, scope);
        const chosen = this.holds(condition) ? expression.whenTrue : expression.whenFalse;
        return dependingOn(this.evaluate(chosen, scope), condition);
      }
      case "lambda":
        return term(
          this.function("<lambda>", expression.parameters, { value: expression.value }, scope, true),
        );
      case "list":
      case "tuple":
      case "set":
        return this.#items(expression, scope, at);
      case "dict":
        return this.#dict(expression, scope);
      case "comprehension":
        return this.#comprehension(expression, scope, at);
      case "named": {
        const value = this.evaluate(expression.value, scope);
        assignName(scope, expression.name, value, at);
        return value;
      }
      case "ellipsis":
      case "slice":
        return opaque("it is no setting");
      case "opaque":
        this.session.mayRaise(expression.why, at);
        return opaque(expression.why);
    }
  }

  /** Whether a condition holds; an unknown one is followed both ways. */
  holds(condition: Term): boolean {
    const answer = truth(condition.data);
    if (answer !== undefined) return answer;
    if (condition.data.kind === "opaque") return this.session.decideTruth(condition);
    return this.session.decideTruth(opaque("whether it is true is not known"));
  }

  function(
    name: string,
    parameters: PythonFunction["parameters"],
    body: PythonFunction["body"],
    scope: Scope,
    callable: boolean,
  ): PythonFunction {
    const defaults = new Map<string, Term>();
    for (const parameter of parameters)
      if (parameter.default !== undefined)
        defaults.set(parameter.name, this.evaluate(parameter.default, scope));
    return { kind: "function", name, parameters, defaults, body, scope, callable };
  }

  #name(name: string, scope: Scope, at: Span): Term {
    const found = lookUp(scope, name) ?? builtinName(name);
    if (found !== undefined) return found;
    throw new Raised("NameError", `name '${name}' is not defined`, at);
  }

  #string(parts: readonly StringPart[], scope: Scope): Term {
    const terms: Term[] = [];
    let text = "";
    let shown = "";
    let missing: Term | undefined;
    for (const part of parts) {
      if (part.kind === "text") {
        text += part.text;
        shown += part.text;
      } else if (part.kind === "hole") {
        missing ??= opaque(`${part.text} is filled in by a template`);
        shown += part.text;
      } else {
        const value = this.evaluate(part.value, scope);
        const spec = this.#string(part.format, scope);
        terms.push(value, spec);
        shown += `{${textOf(value)}}`;
        const piece =
          spec.data.kind === "str" ? formatted(value, part.conversion, spec.data.value) : undefined;
        if (piece === undefined)
          missing ??= opaqueAmong([value, spec]) === undefined ? opaque("this format is not read") : value;
        text += piece ?? "";
      }
    }
    if (text.length > mostLength) throw new GivenUp("a string grows beyond what a setting holds");
    const whole = terms.length === 0 ? JSON.stringify(shown) : `f${JSON.stringify(shown)}`;
    if (missing === undefined) return result(str(text), terms, whole);
    const because =
      missing.data.kind === "opaque"
        ? missing.data
        : { kind: "opaque" as const, why: "a part of it is not known" };
    return opaqueResult(because, terms, "str", whole);
  }

  #subscript(expression: Extract<Expression, { kind: "subscript" }>, scope: Scope, at: Span): Term {
    const object = this.evaluate(expression.value, scope);
    const { index } = expression;
    if (index.kind === "slice") {
      const part = (each: Expression | undefined): Term | undefined => each && this.evaluate(each, scope);
      const bounds = { from: part(index.from), to: part(index.to), step: part(index.step) };
      const text = `${textOf(object)}[...]`;
      if (object.data.kind === "opaque") return opaqueResult(object.data, [object], object.data.type, text);
      return sliceOf(object, bounds, text) ?? opaque(`${text} is not read`);
    }
    const key = this.evaluate(index, scope);
    if (object.data.kind === "environ") return indexVariable(this, key, at);
    const text = `${textOf(object)}[${textOf(key)}]`;
    if (object.data.kind === "namespace" && key.data.kind === "str") {
      const found = lookUp(object.data.scope, key.data.value);
      if (found === undefined) throw new Raised("KeyError", `'${key.data.value}'`, at);
      return found;
    }
    if (object.data.kind === "none" || asNumber(object.data) !== undefined)
      throw new Raised(
        "TypeError",
        `'${object.data.kind === "none" ? "NoneType" : object.data.kind}' object is not subscriptable`,
        at,
      );
    const known = itemAt(object, key, text, at);
    if (known !== undefined) return known;
    if (object.data.kind === "opaque") {
      this.session.mayRaise(object.data.why, at);
      return opaqueResult(object.data, [object, key], undefined, text);
    }
    return opaque(`${text} is not read`);
  }

  #call(expression: Extract<Expression, { kind: "call" }>, scope: Scope, at: Span): Term {
    const callee = this.evaluate(expression.function, scope);
    const given = this.arguments(expression.arguments, scope, at);
    if (given === undefined) return opaque("a call with unknown arguments is not read");
    if (callee.data.kind === "builtin") {
      const { name } = callee.data;
      if (name === "globals") return term({ kind: "namespace", scope: moduleOf(scope) });
      if ((name === "locals" || name === "vars") && given.positional.length === 0)
        return term({ kind: "namespace", scope });
      if (name === "exec") {
        spoil(moduleOf(scope), "exec() runs code that is not read", at);
        return none;
      }
      if (name === "setattr") {
        const [target, key, value] = given.positional;
        if (
          target?.data.kind === "module" &&
          target.data.scope !== undefined &&
          key?.data.kind === "str" &&
          value !== undefined
        )
          assignName(target.data.scope, key.data.value, value, at);
        else if (target?.data.kind === "opaque") spoil(moduleOf(scope), "setattr() may set anything", at);
        return none;
      }
    }
    return this.call(callee, given, at);
  }

  /** Arguments of a call; undefined where `*` or `**` unpacks something unknown. */
  arguments(list: readonly CallArgument[], scope: Scope, at: Span): CallArguments | undefined {
    const positional: Term[] = [];
    const named = new Map<string, Term>();
    for (const argument of list) {
      const value = this.evaluate(argument.value, scope);
      if (argument.star === "*") {
        const items = this.iterate(value, at);
        if (items === undefined) return undefined;
        positional.push(...items);
      } else if (argument.star === "**") {
        if (value.data.kind !== "dict") return undefined;
        for (const entry of value.data.entries.values())
          if (entry.key.data.kind === "str") named.set(entry.key.data.value, entry.value);
      } else if (argument.name === undefined) positional.push(value);
      else named.set(argument.name, value);
    }
    return { positional, named };
  }

  binary(operator: Parameters<typeof binary>[0], left: Term, right: Term, at: Span): Term {
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
      this.session.mayRaise(`${text} is not read`, at);
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
    this.session.mayRaise(missing.why, at);
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

  #unary(operator: "-" | "+" | "~" | "not", operand: Term, at: Span): Term {
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

  #junction(expression: Extract<Expression, { kind: "and" | "or" }>, scope: Scope): Term {
    const left = this.evaluate(expression.left, scope);
    const goesOn = this.holds(left) === (expression.kind === "and");
    if (!goesOn) return left;
    return dependingOn(this.evaluate(expression.right, scope), left);
  }

  #comparison(expression: Extract<Expression, { kind: "compare" }>, scope: Scope, at: Span): Term {
    let left = this.evaluate(expression.first, scope);
    let whole: Term = term(bool(true));
    for (const { operator, value } of expression.rest) {
      const right = this.evaluate(value, scope);
      whole = this.#compare(operator, left, right, at);
      if (truth(whole.data) === false) return whole;
      left = right;
    }
    return whole;
  }

  #compare(operator: Parameters<typeof compare>[0], left: Term, right: Term, at: Span): Term {
    const text = `${wrapped(left, 3)} ${operator} ${wrapped(right, 3)}`;
    const terms = [left, right];
    if ((operator === "in" || operator === "not in") && right.data.kind === "environ") {
      if (left.data.kind !== "str") return opaque("which variable is asked for is not known");
      const value = this.session.variable(left.data.value);
      if (value.data.kind === "opaque") return opaqueResult(value.data, [value], "bool", text, { binds: 3 });
      return result(bool((value.data.kind !== "none") === (operator === "in")), [value], text, 3);
    }
    const answer = compare(operator, left.data, right.data) ?? aboutPositive(operator, left, right);
    if (answer !== undefined) return result(bool(answer), terms, text, 3);
    const missing = opaqueAmong(terms);
    if (missing === undefined) return opaque(`${text} is not read`, [], { type: "bool" });
    this.session.mayRaise(missing.why, at);
    return opaqueResult(missing, terms, "bool", text, { binds: 3 });
  }

  #items(expression: Extract<Expression, { kind: "list" | "tuple" | "set" }>, scope: Scope, at: Span): Term {
    const items: Term[] = [];
    for (const element of expression.items) {
      const value = this.evaluate(element.value, scope);
      if (!element.star) items.push(value);
      else items.push(...(this.iterate(value, at) ?? [opaque("a part of the list is not known")]));
    }
    return term({ kind: expression.kind, items });
  }

  #dict(expression: Extract<Expression, { kind: "dict" }>, scope: Scope): Term {
    const entries = new Map<string, { key: Term; value: Term }>();
    for (const entry of expression.entries) {
      const value = this.evaluate(entry.value, scope);
      if (entry.key === undefined) {
        if (value.data.kind !== "dict") return opaque("a part of the dictionary is not known");
        for (const [key, each] of value.data.entries) entries.set(key, each);
        continue;
      }
      const key = this.evaluate(entry.key, scope);
      const name = keyOf(key.data);
      if (name === undefined) return opaque("a key of the dictionary is not known");
      entries.set(name, { key, value });
    }
    return term({ kind: "dict", entries });
  }

  #comprehension(expression: Extract<Expression, { kind: "comprehension" }>, scope: Scope, at: Span): Term {
    const inner = innerScope("function", scope);
    const items: Term[] = [];
    const entries = new Map<string, { key: Term; value: Term }>();
    let unknown: string | undefined;
    const visit = (clauses: readonly Clause[]): void => {
      this.session.step();
      const [clause, ...rest] = clauses;
      if (clause === undefined) {
        const element = this.evaluate(expression.element, inner);
        if (expression.value === undefined) items.push(element);
        else {
          const key = keyOf(element.data);
          if (key === undefined) unknown = "a key of the dictionary is not known";
          else entries.set(key, { key: element, value: this.evaluate(expression.value, inner) });
        }
        return;
      }
      if (clause.kind === "if") {
        if (this.holds(this.evaluate(clause.condition, inner))) visit(rest);
        return;
      }
      const over = this.evaluate(clause.over, inner);
      const all = this.iterate(over, at);
      if (all === undefined)
        unknown = over.data.kind === "opaque" ? over.data.why : "what it goes through is not known";
      for (const item of all ?? []) {
        if (!this.#unpack(clause.target, item, inner, at)) unknown = "a part of it is not known";
        visit(rest);
      }
    };
    visit(expression.clauses);
    if (unknown !== undefined) return opaque(unknown);
    if (expression.makes === "dict") return term({ kind: "dict", entries });
    return term({ kind: expression.makes === "set" ? "set" : "list", items });
  }

  /** Sets the names of a comprehension; false where the parts are not known. */
  #unpack(target: Expression, value: Term, scope: Scope, at: Span): boolean {
    if (target.kind === "name") {
      assignName(scope, target.name, value, at);
      return true;
    }
    if (target.kind !== "tuple" && target.kind !== "list") return false;
    const items = this.iterate(value, at);
    if (items === undefined || items.length !== target.items.length) return false;
    return target.items.every((element, index) => {
      const item = items[index];
      return item !== undefined && this.#unpack(element.value, item, scope, at);
    });
  }
}

const plain = new Set(["none", "bool", "int", "float", "str", "list", "tuple", "dict"]);

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

/** A value that was chosen by a condition depends on what the condition depends on. */
function dependingOn(value: Term, condition: Term): Term {
  if (condition.from.length === 0 || condition.data.kind === "opaque") return value;
  return { ...value, from: [...new Set([...value.from, ...condition.from])], text: textOf(value) };
}

function shortened(value: Term, at: Span): Term {
  if (value.text === undefined || value.text.length <= longestText) return value;
  const written = spanText(at).replace(/\s+/g, " ");
  return {
    ...value,
    text: written.length <= longestText ? written : `${written.slice(0, longestText)}...`,
    binds: 0,
  };
}
