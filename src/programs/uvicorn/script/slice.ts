import type { Expression, Statement } from "../../../syntax/python-settings/tree.ts";
import { assignedNames } from "../../gunicorn/python/assigned-names.ts";
import { applicationOf, type CallExpression, mentionedNames, nodesIn } from "./find-calls.ts";

/** What of a script decides the arguments of some calls. */
export interface Slice {
  readonly statements: readonly Statement[];
  /** The calls in it, which do not hand over their application, with those of the script. */
  readonly calls: ReadonlyMap<Expression, CallExpression>;
  /** Imports that bind nothing that is needed; they may still change variables. */
  readonly leftOut: readonly Extract<Statement, { kind: "import" | "import-from" }>[];
  /** Something that was left out may end the script. */
  readonly mayEnd: boolean;
}

/** Rounds in which more names turn out to be needed. */
const mostRounds = 25;

/**
 * The statements that lead to some calls and those that decide their arguments. The others, such as the routes of
 * an application, are not followed: they would only bring conditions and failures that do not matter.
 */
export function sliceTo(statements: readonly Statement[], calls: readonly CallExpression[]): Slice {
  const leading = leadingFunctions(statements, new Set<Expression>(calls));
  let needed = new Set<string>();
  for (let round = 0; ; round++) {
    const slicer = new Slicer(new Set(calls), leading, needed);
    const kept = slicer.block(statements);
    const grown = new Set([...needed, ...mentionedNames(kept)]);
    if (grown.size === needed.size || round >= mostRounds)
      return { statements: kept, calls: slicer.calls, leftOut: slicer.leftOut, mayEnd: slicer.mayEnd };
    needed = grown;
  }
}

/** Functions in which one of the calls stands, or a call of such a function. */
function leadingFunctions(
  statements: readonly Statement[],
  calls: ReadonlySet<Expression>,
): ReadonlySet<string> {
  const inside = new Map<string, { leads: boolean; readonly calls: Set<string> }>();
  for (const node of nodesIn(statements)) {
    if (node.kind !== "function") continue;
    const entry = { leads: false, calls: new Set<string>() };
    for (const inner of nodesIn(node.body)) {
      if (inner.kind !== "call") continue;
      entry.leads ||= calls.has(inner);
      if (inner.function.kind === "name") entry.calls.add(inner.function.name);
    }
    inside.set(node.name, entry);
  }
  const leading = new Set([...inside].flatMap(([name, { leads }]) => (leads ? [name] : [])));
  for (let before = -1; before !== leading.size; ) {
    before = leading.size;
    for (const [name, entry] of inside)
      if ([...entry.calls].some((called) => leading.has(called))) leading.add(name);
  }
  return leading;
}

class Slicer {
  readonly calls = new Map<Expression, CallExpression>();
  readonly leftOut: Extract<Statement, { kind: "import" | "import-from" }>[] = [];
  mayEnd = false;
  readonly #wanted: ReadonlySet<Expression>;
  readonly #leading: ReadonlySet<string>;
  readonly #needed: ReadonlySet<string>;

  constructor(wanted: ReadonlySet<Expression>, leading: ReadonlySet<string>, needed: ReadonlySet<string>) {
    this.#wanted = wanted;
    this.#leading = leading;
    this.#needed = needed;
  }

  block(statements: readonly Statement[]): Statement[] {
    return statements.flatMap((statement) => this.#statement(statement) ?? []);
  }

  #statement(statement: Statement): Statement | undefined {
    switch (statement.kind) {
      case "import":
      case "import-from":
        if (this.#binds(statement)) return statement;
        this.leftOut.push(statement);
        return undefined;
      case "function":
        if (this.#leading.has(statement.name) && "statements" in statement.body)
          return { ...statement, body: { statements: this.block(statement.body.statements) } };
        return this.#needed.has(statement.name) ? statement : undefined;
      case "class":
        return this.#needed.has(statement.name) ? statement : undefined;
      case "if": {
        const branches = statement.branches.map((branch) => ({ ...branch, body: this.block(branch.body) }));
        const otherwise = this.block(statement.otherwise);
        const isEmpty = otherwise.length === 0 && branches.every(({ body }) => body.length === 0);
        return isEmpty ? undefined : { ...statement, branches, otherwise };
      }
      case "for":
      case "while": {
        const body = this.block(statement.body);
        const otherwise = this.block(statement.otherwise);
        return body.length + otherwise.length === 0 ? undefined : { ...statement, body, otherwise };
      }
      case "try": {
        const body = this.block(statement.body);
        const handlers = statement.handlers.map((each) => ({ ...each, body: this.block(each.body) }));
        const otherwise = this.block(statement.otherwise);
        const last = this.block(statement.finally);
        const rest = [...otherwise, ...last, ...handlers.flatMap((each) => each.body)];
        return body.length + rest.length === 0
          ? undefined
          : { ...statement, body, handlers, otherwise, finally: last };
      }
      case "with": {
        const body = this.block(statement.body);
        const isNeeded = [...assignedNames([statement])].some((name) => this.#needed.has(name));
        return body.length === 0 && !isNeeded ? undefined : { ...statement, body };
      }
      case "return":
      case "raise":
      case "break":
      case "continue":
      case "assert":
        if (statement.kind === "return" && this.#matters(statement))
          return this.#withoutApplications(statement);
        this.mayEnd = true;
        return undefined;
      case "global":
      case "pass":
      case "opaque":
        return statement;
      case "expression":
      case "assign":
      case "update":
      case "delete":
        if (this.#matters(statement)) return this.#withoutApplications(statement);
        if (exits(statement)) this.mayEnd = true;
        return undefined;
    }
  }

  #binds(statement: Extract<Statement, { kind: "import" | "import-from" }>): boolean {
    if (statement.kind === "import")
      return statement.modules.some(({ path, as }) => this.#needed.has(as ?? path.split(".")[0] ?? path));
    return statement.names.some(({ name, as }) => name === "*" || this.#needed.has(as));
  }

  /** Whether it leads to a call, or may change a name that is needed, or the environment. */
  #matters(statement: Statement): boolean {
    for (const node of nodesIn(statement)) {
      if (node.kind === "call" && this.#wanted.has(node)) return true;
      if (node.kind === "call" && node.function.kind === "name" && this.#leading.has(node.function.name))
        return true;
      if ((node.kind === "name" || node.kind === "attribute") && /dotenv|putenv|read_env/.test(node.name))
        return true;
    }
    if (statement.kind === "assign" && statement.targets.every(({ kind }) => kind === "name"))
      return [...assignedNames([statement])].some((name) => this.#needed.has(name));
    const touched =
      statement.kind === "assign"
        ? statement.targets
        : statement.kind === "update"
          ? statement.target
          : statement;
    for (const node of nodesIn(touched))
      if ((node.kind === "name" || node.kind === "attribute") && node.name === "environ") return true;
    return [...mentionedNames(touched)].some((name) => this.#needed.has(name));
  }

  /** The same with the wanted calls as they are watched: what the application is made of does not matter. */
  #withoutApplications(statement: Statement): Statement {
    if (statement.kind !== "expression" && statement.kind !== "return" && statement.kind !== "assign")
      return statement;
    const { value } = statement;
    if (value?.kind !== "call" || !this.#wanted.has(value)) return statement;
    const application = applicationOf(value);
    const call = { ...value, arguments: value.arguments.filter((each) => each.value !== application) };
    this.calls.set(call, value);
    return { ...statement, value: call };
  }
}

function exits(statement: Statement): boolean {
  for (const node of nodesIn(statement))
    if (node.kind === "call") {
      const { function: callee } = node;
      const name = callee.kind === "name" || callee.kind === "attribute" ? callee.name : "";
      if (["exit", "_exit", "quit", "abort"].includes(name)) return true;
    }
  return false;
}
