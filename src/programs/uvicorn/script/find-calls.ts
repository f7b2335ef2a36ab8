import type { Expression, Statement } from "../../../syntax/python-settings/tree.ts";

export type CallExpression = Extract<Expression, { kind: "call" }>;

/** A part of a script, whatever it is. */
type Node = Statement | Expression;

/** Every statement and expression in some of them, without recursion. */
export function* nodesIn(parts: unknown): Generator<Node> {
  const pending: unknown[] = [parts];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== "object" || next === null) continue;
    if (isNode(next)) yield next;
    pending.push(...(Array.isArray(next) ? next : Object.values(next)));
  }
}

function isNode(value: object): value is Node {
  return "kind" in value && "start" in value;
}

/** Names that are mentioned, `a` for `a.b`. */
export function mentionedNames(parts: unknown): Set<string> {
  const names = new Set<string>();
  for (const node of nodesIn(parts)) if (node.kind === "name") names.add(node.name);
  return names;
}

/** The calls of uvicorn.run() that a script spells out, under the names by which it imports it. */
export function runCalls(statements: readonly Statement[]): CallExpression[] {
  const modules = new Set<string>();
  const functions = new Set<string>();
  const calls: CallExpression[] = [];
  for (const node of nodesIn(statements))
    if (node.kind === "import") {
      for (const { path, as } of node.modules) if (path === "uvicorn") modules.add(as ?? path);
    } else if (node.kind === "import-from" && /^uvicorn(\.main)?$/.test(node.module)) {
      for (const { name, as } of node.names) if (name === "run") functions.add(as);
    } else if (node.kind === "call") calls.push(node);
  return calls.filter(({ function: callee }) => {
    if (callee.kind === "name") return functions.has(callee.name);
    return callee.kind === "attribute" && callee.name === "run" && callee.value.kind === "name"
      ? modules.has(callee.value.name)
      : false;
  });
}

/** Where a call hands over its application. */
export function applicationOf({ arguments: given }: CallExpression): Expression | undefined {
  const [first] = given;
  if (first !== undefined && first.name === undefined && first.star === "") return first.value;
  return given.find(({ name }) => name === "app")?.value;
}

/** Functions that make an application and have no name of a class. */
const makers = new Set(["get_asgi_application", "get_wsgi_application"]);

/** Whether the application certainly is an object and no text: `FastAPI()`, or a name that is only set to such. */
export function isObject(application: Expression, statements: readonly Statement[]): boolean {
  if (application.kind === "call") return makesObject(application);
  if (application.kind === "lambda") return true;
  if (application.kind !== "name") return false;
  let found = false;
  for (const node of nodesIn(statements)) {
    if ((node.kind === "function" || node.kind === "class") && node.name === application.name) found = true;
    if (node.kind !== "assign") continue;
    const isSet = node.targets.some((target) => mentionsAsTarget(target, application.name));
    if (!isSet) continue;
    if (node.value.kind !== "call" || !makesObject(node.value)) return false;
    found = true;
  }
  return found;
}

function mentionsAsTarget(target: Expression, name: string): boolean {
  if (target.kind === "attribute" || target.kind === "subscript") return false;
  return mentionedNames(target).has(name);
}

function makesObject({ function: callee }: CallExpression): boolean {
  if (callee.kind !== "name" && callee.kind !== "attribute") return false;
  return makers.has(callee.name) || /^[A-Z]\w*[a-z]/.test(callee.name);
}
