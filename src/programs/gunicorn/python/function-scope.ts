import type { Span } from "../../../text/span.ts";
import { type PythonFunction, type Scope, str, term } from "./data.ts";
import type { CallArguments } from "./evaluator.ts";
import { Raised } from "./raised.ts";
import { assignName, innerScope } from "./scopes.ts";

/** The names of a call: parameters with their arguments or defaults. Raises TypeError where they do not fit. */
export function functionScope(callee: PythonFunction, given: CallArguments, at: Span): Scope {
  const scope = innerScope("function", callee.scope);
  const positional = [...given.positional];
  const named = new Map(given.named);
  let keywordsOnly = false;
  for (const { name, star } of callee.parameters) {
    if (star === "*") {
      keywordsOnly = true;
      assignName(scope, name, term({ kind: "tuple", items: positional.splice(0) }), at);
    } else if (star === "**") {
      const entries = new Map([...named].map(([key, value]) => [`s${key}`, { key: term(str(key)), value }]));
      named.clear();
      assignName(scope, name, term({ kind: "dict", entries }), at);
    } else {
      const value =
        (keywordsOnly ? undefined : positional.shift()) ?? named.get(name) ?? callee.defaults.get(name);
      named.delete(name);
      if (value === undefined)
        throw new Raised(
          "TypeError",
          `${callee.name}() missing 1 required positional argument: '${name}'`,
          at,
        );
      assignName(scope, name, value, at);
    }
  }
  if (positional.length > 0 || named.size > 0)
    throw new Raised("TypeError", `${callee.name}() got arguments that it does not take`, at);
  return scope;
}
