import type { CallArgument, Expression, StringPart } from "../../../syntax/python-settings/tree.ts";
import { type Span, span, spanText } from "../../../text/span.ts";
import { asNumber, mostLength } from "./arithmetic.ts";
import { readAttribute } from "./attributes.ts";
import { builtinName } from "./builtin-names.ts";
import { call } from "./calls.ts";
import { evaluateComprehension } from "./comprehension.ts";
import { itemAt, sliceOf } from "./containers.ts";
import {
  bool,
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
import { indexVariable } from "./library.ts";
import { moduleScopeNames } from "./namespaces.ts";
import { opaque, opaqueAmong, opaqueResult, result } from "./opaque.ts";
import { applyBinary, applyComparison, applyUnary } from "./operators.ts";
import { GivenUp, Raised } from "./raised.ts";
import { assignName, lookUp, moduleOf, spoil } from "./scopes.ts";
import type { Session } from "./session.ts";

/** Levels of expressions and calls that are followed. */
const deepest = 150;

/** Longer computations are shown as the file writes them. */
const longestText = 120;

/** Evaluates expressions without running anything: what is not certain becomes an opaque value. */
export class ExpressionEvaluator implements Evaluator {
  readonly session: Session;
  readonly #runFunction: (callee: PythonFunction, given: CallArguments, at: Span) => Term;
  readonly #importModule: (path: string, scope: Scope, at: Span) => Term;
  #depth = 0;

  constructor(
    session: Session,
    runFunction: (callee: PythonFunction, given: CallArguments, at: Span) => Term,
    importModule: (path: string, scope: Scope, at: Span) => Term,
  ) {
    this.session = session;
    this.#importModule = importModule;
    this.#runFunction = runFunction;
  }

  evaluate(expression: Expression, scope: Scope): Term {
    this.session.step();
    const at = span(scope.file, expression.start, expression.end);
    if (this.#depth >= deepest) return opaque("it is nested too deeply");
    this.#depth++;
    try {
      return shown(this.#evaluate(expression, scope, at), expression, at);
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
        return applyBinary(
          this.session,
          expression.operator,
          this.evaluate(expression.left, scope),
          this.evaluate(expression.right, scope),
          at,
        );
      case "unary":
        return applyUnary(expression.operator, this.evaluate(expression.operand, scope), at);
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
        return evaluateComprehension(this, expression, scope, at);
      case "named": {
        const value = this.evaluate(expression.value, scope);
        assignName(scope, expression.name, value, at);
        return value;
      }
      case "ellipsis":
        return term({ kind: "ellipsis" });
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
      } else if (part.kind === "hole" || part.kind === "unread") {
        const why = part.kind === "hole" ? "is filled in by a template" : "is not read";
        missing ??= opaque(`${part.text} ${why}`);
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
    this.session.watcher?.(expression, callee, given);
    if (given === undefined) return opaque("a call with unknown arguments is not read");
    if (callee.data.kind === "builtin") {
      const { name } = callee.data;
      if (name === "globals") return term({ kind: "namespace", scope: moduleOf(scope) });
      if ((name === "locals" || name === "vars") && given.positional.length === 0)
        return term({ kind: "namespace", scope });
      const [path] = given.positional;
      if (name === "__import__" || name === "importlib.import_module") {
        if (path?.data.kind !== "str" || given.positional.length > 1 || path.data.value.startsWith("."))
          return opaque(`${name}() of what is not known`);
        const [root = ""] = path.data.value.split(".");
        const whole = this.#importModule(path.data.value, scope, at);
        return name === "__import__" && root !== path.data.value
          ? term({ kind: "module", name: root, scope: undefined })
          : whole;
      }
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
      whole = applyComparison(this.session, operator, left, right, at);
      if (truth(whole.data) === false) return whole;
      left = right;
    }
    return whole;
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
}

/** A value that was chosen by a condition depends on what the condition depends on. */
function dependingOn(value: Term, condition: Term): Term {
  if (condition.from.length === 0 || condition.data.kind === "opaque") return value;
  return { ...value, from: [...new Set([...value.from, ...condition.from])], text: textOf(value) };
}

/** Long computations, and calls of what is not read, are shown as the file writes them. */
function shown(value: Term, { kind }: Expression, at: Span): Term {
  const isNamed = kind === "call" || kind === "attribute" || kind === "subscript";
  const isBare = value.text === undefined && value.data.kind === "opaque" && isNamed;
  if (!isBare && (value.text === undefined || value.text.length <= longestText)) return value;
  const written = spanText(at).replace(/\s+/g, " ");
  return {
    ...value,
    text: written.length <= longestText ? written : `${written.slice(0, longestText)}...`,
    binds: isBare ? 9 : 0,
  };
}
