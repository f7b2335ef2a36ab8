import type { Clause, Expression } from "../../../syntax/python-settings/tree.ts";
import type { Span } from "../../../text/span.ts";
import { keyOf, type Scope, type Term, term } from "./data.ts";
import type { Evaluator } from "./evaluator.ts";
import { opaque } from "./opaque.ts";
import { assignName, innerScope } from "./scopes.ts";

/** A list, set, dictionary or generator comprehension; its names are its own. */
export function evaluateComprehension(
  run: Evaluator,
  expression: Extract<Expression, { kind: "comprehension" }>,
  scope: Scope,
  at: Span,
): Term {
  const inner = innerScope("function", scope);
  const items: Term[] = [];
  const entries = new Map<string, { key: Term; value: Term }>();
  let unknown: string | undefined;
  const visit = (clauses: readonly Clause[]): void => {
    run.session.step();
    const [clause, ...rest] = clauses;
    if (clause === undefined) {
      const element = run.evaluate(expression.element, inner);
      if (expression.value === undefined) items.push(element);
      else {
        const key = keyOf(element.data);
        if (key === undefined) unknown = "a key of the dictionary is not known";
        else entries.set(key, { key: element, value: run.evaluate(expression.value, inner) });
      }
      return;
    }
    if (clause.kind === "if") {
      if (run.holds(run.evaluate(clause.condition, inner))) visit(rest);
      return;
    }
    const over = run.evaluate(clause.over, inner);
    const all = run.iterate(over, at);
    if (all === undefined)
      unknown = over.data.kind === "opaque" ? over.data.why : "what it goes through is not known";
    for (const item of all ?? []) {
      if (!unpack(run, clause.target, item, inner, at)) unknown = "a part of it is not known";
      visit(rest);
    }
  };
  visit(expression.clauses);
  if (unknown !== undefined) return opaque(unknown);
  if (expression.makes === "dict") return term({ kind: "dict", entries });
  return term({ kind: expression.makes === "set" ? "set" : "list", items });
}

/** Sets the names of a comprehension; false where the parts are not known. */
function unpack(run: Evaluator, target: Expression, value: Term, scope: Scope, at: Span): boolean {
  if (target.kind === "name") {
    assignName(scope, target.name, value, at);
    return true;
  }
  if (target.kind !== "tuple" && target.kind !== "list") return false;
  const items = run.iterate(value, at);
  if (items === undefined || items.length !== target.items.length) return false;
  return target.items.every((element, index) => {
    const item = items[index];
    return item !== undefined && unpack(run, element.value, item, scope, at);
  });
}
