import type { Expression, Statement } from "../../../syntax/python-settings/tree.ts";
import type { Span } from "../../../text/span.ts";
import { type Data, keyOf, type Scope, type Term, term } from "./data.ts";
import type { Evaluator } from "./evaluator.ts";
import { assignItem } from "./namespaces.ts";
import { opaque } from "./opaque.ts";
import { applyBinary } from "./operators.ts";
import { Raised } from "./raised.ts";
import { assignName, moduleOf, spoil } from "./scopes.ts";

/** `target = value` for every kind of target. */
export function assignTarget(run: Evaluator, target: Expression, value: Term, scope: Scope, at: Span): void {
  switch (target.kind) {
    case "name":
      assignName(scope, target.name, value, at);
      return;
    case "tuple":
    case "list":
      unpack(run, target, value, scope, at);
      return;
    case "subscript": {
      const object = run.evaluate(target.value, scope);
      const key = run.evaluate(target.index, scope);
      assignItemOf(run, object.data, key, value, at);
      return;
    }
    case "attribute": {
      const object = run.evaluate(target.value, scope);
      const inner =
        object.data.kind === "class"
          ? object.data.scope
          : object.data.kind === "instance"
            ? object.data.of
            : object.data.kind === "module"
              ? object.data.scope
              : undefined;
      if (inner !== undefined) assignName(inner, target.name, value, at);
      return;
    }
    case "hole":
      spoil(moduleOf(scope), `${target.text} is filled in by a template`, at);
      return;
    default:
      return;
  }
}

function assignItemOf(run: Evaluator, object: Data, key: Term, value: Term, at: Span): void {
  if (object.kind === "namespace") assignItem(object.scope, key, value, at);
  else if (object.kind === "environ") {
    if (key.data.kind === "str") run.session.setVariable(key.data.value, value);
    else run.session.addVariables("os.environ is changed in a way that is not known");
  } else if (object.kind === "dict") {
    const name = keyOf(key.data);
    if (name !== undefined) object.entries.set(name, { key, value });
  } else if (object.kind === "list" && key.data.kind === "int") {
    const index = Number(key.data.value);
    if (index >= -object.items.length && index < object.items.length)
      object.items[index < 0 ? index + object.items.length : index] = value;
    else throw new Raised("IndexError", "list assignment index out of range", at);
  }
}

function unpack(
  run: Evaluator,
  target: Extract<Expression, { kind: "list" | "tuple" | "set" }>,
  value: Term,
  scope: Scope,
  at: Span,
): void {
  const items = run.iterate(value, at);
  const starred = target.items.some((element) => element.star);
  if (items !== undefined && !starred && items.length !== target.items.length) {
    const wanted = target.items.length;
    throw new Raised(
      "ValueError",
      items.length > wanted
        ? `too many values to unpack (expected ${wanted})`
        : `not enough values to unpack (expected ${wanted}, got ${items.length})`,
      at,
    );
  }
  const values = items === undefined ? undefined : spread(target.items, items);
  for (const [index, element] of target.items.entries())
    assignTarget(
      run,
      element.value,
      values?.[index] ?? opaque("a part of it is not known", value.from),
      scope,
      at,
    );
}

/** `target += value` and the like; lists take any iterable. */
export function updateTarget(
  run: Evaluator,
  statement: Extract<Statement, { kind: "update" }>,
  scope: Scope,
  at: Span,
): void {
  const left = run.evaluate(statement.target, scope);
  const right = run.evaluate(statement.value, scope);
  if (statement.operator === "+" && left.data.kind === "list" && right.data.kind !== "list") {
    const items = run.iterate(right, at);
    const more = items === undefined ? [opaque("a part of the list is not known")] : items;
    assignTarget(
      run,
      statement.target,
      term({ kind: "list", items: [...left.data.items, ...more] }),
      scope,
      at,
    );
    return;
  }
  assignTarget(
    run,
    statement.target,
    applyBinary(run.session, statement.operator, left, right, at),
    scope,
    at,
  );
}

/** One value for each target; the starred one takes what the others leave. */
function spread(targets: readonly { readonly star: boolean }[], items: readonly Term[]): readonly Term[] {
  const star = targets.findIndex((target) => target.star);
  if (star === -1) return items;
  const behind = targets.length - star - 1;
  const middle = items.slice(star, items.length - behind);
  return [
    ...items.slice(0, star),
    term({ kind: "list", items: middle }),
    ...items.slice(items.length - behind),
  ];
}
