import type { Span } from "../../../text/span.ts";
import { settingRows } from "../settings-table.ts";
import { none, type Scope, str, type Term, term } from "./data.ts";
import type { CallArguments } from "./evaluator.ts";
import { assignName, spoil } from "./scopes.ts";

/** Names that a loop over the environment could set with effect. */
export const moduleScopeNames: readonly string[] = settingRows.map((row) => row.name);

/** globals()[key] = value */
export function assignItem(scope: Scope, key: Term, value: Term, at: Span): void {
  if (key.data.kind === "str") assignName(scope, key.data.value, value, at);
  else if (key.data.kind === "opaque") spoil(scope, key.data.why, at);
}

/** A method of globals(), locals() or vars(); undefined for one that is not read. */
export function namespaceMethod(
  scope: Scope,
  name: string,
  given: CallArguments,
  at: Span,
): Term | undefined {
  const [first, second] = given.positional;
  if (name === "update") {
    if (first?.data.kind === "dict")
      for (const entry of first.data.entries.values()) assignItem(scope, entry.key, entry.value, at);
    else if (first?.data.kind === "namespace")
      for (const [each, binding] of first.data.scope.names) assignName(scope, each, binding.term, at);
    else if (first !== undefined)
      spoil(
        scope,
        first.data.kind === "opaque" ? first.data.why : "what is put into the module is not known",
        at,
      );
    for (const [each, value] of given.named) assignName(scope, each, value, at);
    return none;
  }
  if (name === "get" && first?.data.kind === "str")
    return scope.names.get(first.data.value)?.term ?? second ?? none;
  if (name === "setdefault" && first?.data.kind === "str") {
    const before = scope.names.get(first.data.value);
    if (before !== undefined) return before.term;
    assignName(scope, first.data.value, second ?? none, at);
    return second ?? none;
  }
  if (name === "items" || name === "keys") {
    const items = [...scope.names].map(([key, binding]) =>
      name === "keys" ? term(str(key)) : term({ kind: "tuple", items: [term(str(key)), binding.term] }),
    );
    return term({ kind: "list", items });
  }
  return undefined;
}
