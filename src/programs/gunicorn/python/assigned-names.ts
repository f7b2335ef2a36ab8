import type { Expression, Statement } from "../../../syntax/python-settings/tree.ts";

/** Names that statements may assign or change, for when it is not known whether they run. */
export function assignedNames(statements: readonly Statement[]): Set<string> {
  const names = new Set<string>();
  const pending: Statement[] = [...statements];
  for (let statement = pending.pop(); statement !== undefined; statement = pending.pop()) {
    switch (statement.kind) {
      case "expression":
        collectChanged(statement.value, names);
        break;
      case "assign":
        for (const target of statement.targets) collectTargets(target, names);
        break;
      case "update":
        collectTargets(statement.target, names);
        break;
      case "for":
        collectTargets(statement.target, names);
        pending.push(...statement.body, ...statement.otherwise);
        break;
      case "while":
        pending.push(...statement.body, ...statement.otherwise);
        break;
      case "if":
        pending.push(...statement.branches.flatMap((branch) => branch.body), ...statement.otherwise);
        break;
      case "try":
        pending.push(
          ...statement.body,
          ...statement.handlers.flatMap((handler) => handler.body),
          ...statement.otherwise,
          ...statement.finally,
        );
        break;
      case "with":
        for (const item of statement.items) if (item.target !== undefined) collectTargets(item.target, names);
        pending.push(...statement.body);
        break;
      case "opaque":
        for (const name of statement.assigns) names.add(name);
        break;
      case "function":
      case "class":
        names.add(statement.name);
        break;
      default:
        break;
    }
  }
  return names;
}

/** `name.append(...)` and the like. */
function collectChanged(expression: Expression, names: Set<string>): void {
  if (expression.kind !== "call" || expression.function.kind !== "attribute") return;
  const { value, name } = expression.function;
  if (value.kind === "name" && changing.has(name)) names.add(value.name);
}

const changing = new Set([
  "append",
  "extend",
  "insert",
  "add",
  "update",
  "pop",
  "remove",
  "clear",
  "setdefault",
]);

function collectTargets(target: Expression, names: Set<string>): void {
  if (target.kind === "name") names.add(target.name);
  else if (target.kind === "tuple" || target.kind === "list")
    for (const item of target.items) collectTargets(item.value, names);
  else if (target.kind === "subscript" && target.value.kind === "name") names.add(target.value.name);
}
