import type { Expression, Handler, Statement } from "../../../syntax/python-settings/tree.ts";
import type { SourceFile } from "../../../text/source-file.ts";
import { type Span, span } from "../../../text/span.ts";
import { settingRows } from "../settings-table.ts";
import { assignedNames } from "./assigned-names.ts";
import { type Data, keyOf, none, type PythonFunction, type Scope, type Term, term, truth } from "./data.ts";
import { ExpressionEvaluator } from "./evaluate-expression.ts";
import type { CallArguments } from "./evaluator.ts";
import { functionScope } from "./function-scope.ts";
import { importAll, importedName, importModule } from "./import-module.ts";
import { standardModules } from "./library.ts";
import { assignItem } from "./namespaces.ts";
import { opaque } from "./opaque.ts";
import { applyBinary } from "./operators.ts";
import { isInstance, Raised } from "./raised.ts";
import { assignName, innerScope, moduleOf, spoil } from "./scopes.ts";
import type { Session } from "./session.ts";

/** How a block ended: it ran to its end, or left the loop or the function. */
type Ending = undefined | "break" | "continue" | { readonly returned: Term };

const settingNames = new Set(settingRows.map((row) => row.name));

/** Follows the statements of a settings file. */
export class StatementRunner {
  readonly #session: Session;
  readonly #expressions: ExpressionEvaluator;

  constructor(session: Session) {
    this.#session = session;
    this.#expressions = new ExpressionEvaluator(session, (callee, given, at) =>
      this.#runFunction(callee, given, at),
    );
  }

  module(scope: Scope, statements: readonly Statement[]): void {
    this.#block(statements, scope);
  }

  #block(statements: readonly Statement[], scope: Scope): Ending {
    for (const statement of statements) {
      const ending = this.#statement(statement, scope);
      if (ending !== undefined) return ending;
    }
    return undefined;
  }

  #statement(statement: Statement, scope: Scope): Ending {
    this.#session.step();
    const at = span(scope.file, statement.start, statement.end);
    try {
      return this.#run(statement, scope, at);
    } catch (error) {
      if (error instanceof Raised) error.at ??= at;
      throw error;
    }
  }

  #run(statement: Statement, scope: Scope, at: Span): Ending {
    const evaluate = (expression: Expression): Term => this.#expressions.evaluate(expression, scope);
    switch (statement.kind) {
      case "expression":
        evaluate(statement.value);
        return undefined;
      case "assign": {
        const value = evaluate(statement.value);
        for (const target of statement.targets) this.#assign(target, value, scope, at);
        return undefined;
      }
      case "update":
        this.#update(statement, scope, at);
        return undefined;
      case "if": {
        for (const branch of statement.branches)
          if (this.#expressions.holds(evaluate(branch.condition))) return this.#block(branch.body, scope);
        return this.#block(statement.otherwise, scope);
      }
      case "for":
        return this.#for(statement, scope, at);
      case "while":
        return this.#while(statement, scope, at);
      case "try":
        return this.#try(statement, scope, at);
      case "with": {
        for (const item of statement.items) {
          const value = evaluate(item.value);
          const entered =
            value.data.kind === "file" ? value : opaque("what a with statement makes is not known");
          if (item.target !== undefined) this.#assign(item.target, entered, scope, at);
        }
        return this.#block(statement.body, scope);
      }
      case "function":
        assignName(
          scope,
          statement.name,
          term(
            this.#expressions.function(
              statement.name,
              statement.parameters,
              statement.body,
              scope,
              !statement.special,
            ),
          ),
          at,
        );
        return undefined;
      case "class": {
        const inner = innerScope("class", scope);
        this.#block(statement.body, inner);
        assignName(
          scope,
          statement.name,
          term({ kind: "class", name: statement.name, scope: inner, plain: statement.plain }),
          at,
        );
        return undefined;
      }
      case "import":
        for (const { path, as } of statement.modules) {
          const module = this.#import(path, 0, scope, at);
          const [root = path] = path.split(".");
          const whole = as !== undefined || root === path;
          assignName(
            scope,
            as ?? root,
            whole ? module : term({ kind: "module", name: root, scope: undefined }),
            at,
          );
        }
        return undefined;
      case "import-from":
        this.#importFrom(statement, scope, at);
        return undefined;
      case "return":
        return { returned: statement.value === undefined ? none : evaluate(statement.value) };
      case "raise": {
        const value = statement.value === undefined ? undefined : evaluate(statement.value);
        if (value?.data.kind === "exception") throw new Raised(value.data.name, value.data.message, at);
        if (value?.data.kind === "builtin") throw new Raised(value.data.name, "", at);
        throw new Raised("", "an exception of another module", at);
      }
      case "assert":
        if (truth(evaluate(statement.condition).data) === false) throw new Raised("AssertionError", "", at);
        return undefined;
      case "delete":
        for (const target of statement.targets) this.#delete(target, scope);
        return undefined;
      case "global":
        for (const name of statement.names) scope.globals.add(name);
        return undefined;
      case "pass":
        return undefined;
      case "break":
      case "continue":
        return statement.kind;
      case "opaque":
        if (statement.assigns.includes("*")) spoil(moduleOf(scope), statement.why, at);
        for (const name of statement.assigns)
          if (settingNames.has(name) || scope.names.has(name))
            assignName(scope, name, opaque(statement.why), at);
        return undefined;
    }
  }

  #assign(target: Expression, value: Term, scope: Scope, at: Span): void {
    switch (target.kind) {
      case "name":
        assignName(scope, target.name, value, at);
        return;
      case "tuple":
      case "list":
        this.#unpack(target, value, scope, at);
        return;
      case "subscript": {
        const object = this.#expressions.evaluate(target.value, scope);
        const key = this.#expressions.evaluate(target.index, scope);
        this.#assignItem(object.data, key, value, at);
        return;
      }
      case "attribute": {
        const object = this.#expressions.evaluate(target.value, scope);
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

  #assignItem(object: Data, key: Term, value: Term, at: Span): void {
    if (object.kind === "namespace") assignItem(object.scope, key, value, at);
    else if (object.kind === "environ") {
      if (key.data.kind === "str") this.#session.setVariable(key.data.value, value);
      else this.#session.addVariables("os.environ is changed in a way that is not known");
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

  #unpack(
    target: Extract<Expression, { kind: "list" | "tuple" | "set" }>,
    value: Term,
    scope: Scope,
    at: Span,
  ): void {
    const items = this.#expressions.iterate(value, at);
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
      this.#assign(
        element.value,
        values?.[index] ?? opaque("a part of it is not known", value.from),
        scope,
        at,
      );
  }

  #update(statement: Extract<Statement, { kind: "update" }>, scope: Scope, at: Span): void {
    const left = this.#expressions.evaluate(statement.target, scope);
    const right = this.#expressions.evaluate(statement.value, scope);
    if (statement.operator === "+" && left.data.kind === "list" && right.data.kind !== "list") {
      const items = this.#expressions.iterate(right, at);
      const more = items === undefined ? [opaque("a part of the list is not known")] : items;
      this.#assign(statement.target, term({ kind: "list", items: [...left.data.items, ...more] }), scope, at);
      return;
    }
    this.#assign(
      statement.target,
      applyBinary(this.#session, statement.operator, left, right, at),
      scope,
      at,
    );
  }

  #for(statement: Extract<Statement, { kind: "for" }>, scope: Scope, at: Span): Ending {
    const over = this.#expressions.evaluate(statement.over, scope);
    const items = this.#expressions.iterate(over, at);
    if (items === undefined) {
      const why = over.data.kind === "opaque" ? over.data.why : "what the loop goes through is not known";
      return this.#maybe(statement, scope, why, at, () =>
        this.#assign(statement.target, opaque(why, over.from), scope, at),
      );
    }
    for (const item of items) {
      this.#session.step();
      this.#assign(statement.target, item, scope, at);
      const ending = this.#block(statement.body, scope);
      if (ending === "break") return undefined;
      if (typeof ending === "object") return ending;
    }
    return this.#block(statement.otherwise, scope);
  }

  #while(statement: Extract<Statement, { kind: "while" }>, scope: Scope, at: Span): Ending {
    for (;;) {
      this.#session.step();
      const condition = this.#expressions.evaluate(statement.condition, scope);
      const answer = truth(condition.data);
      if (answer === undefined)
        return this.#maybe(statement, scope, "how often the loop runs is not known", at, () => undefined);
      if (!answer) return this.#block(statement.otherwise, scope);
      const ending = this.#block(statement.body, scope);
      if (ending === "break") return undefined;
      if (typeof ending === "object") return ending;
    }
  }

  /** A loop that may run any number of times: once for what it does, then its names are unknown. */
  #maybe(
    { body, otherwise }: { readonly body: readonly Statement[]; readonly otherwise: readonly Statement[] },
    scope: Scope,
    why: string,
    at: Span,
    before: () => void,
  ): Ending {
    const forget = (statements: readonly Statement[]): void => {
      for (const name of assignedNames(statements)) assignName(scope, name, opaque(why), at);
    };
    forget(body);
    before();
    const ending = this.#block(body, scope);
    forget(body);
    if (typeof ending === "object") return { returned: opaque(why) };
    if (ending !== "break") return this.#block(otherwise, scope);
    forget(otherwise);
    return undefined;
  }

  #try(statement: Extract<Statement, { kind: "try" }>, scope: Scope, at: Span): Ending {
    const depth = this.#session.tries.length;
    try {
      let ending: Ending;
      try {
        if (statement.handlers.length > 0) this.#session.tries.push({ decided: false });
        ending = this.#block(statement.body, scope);
      } finally {
        this.#session.tries.length = depth;
      }
      return ending ?? this.#block(statement.otherwise, scope);
    } catch (error) {
      if (!(error instanceof Raised)) throw error;
      const handler = this.#handler(error, statement.handlers);
      if (handler === undefined) throw error;
      if (handler.as !== undefined)
        assignName(
          scope,
          handler.as,
          term({ kind: "exception", name: error.exception, message: error.text }),
          at,
        );
      return this.#block(handler.body, scope);
    } finally {
      this.#block(statement.finally, scope);
    }
  }

  #handler(error: Raised, handlers: readonly Handler[]): Handler | undefined {
    for (const handler of handlers) {
      if (handler.catches === undefined) return handler;
      const answers = handler.catches.map((name) => isInstance(error.exception, name));
      if (answers.includes(true)) return handler;
      const unsure = answers.includes(undefined) || handler.catches.length === 0;
      if (unsure && this.#session.choices.decide(2, { why: error.text }) === 0) return handler;
    }
    return undefined;
  }

  #delete(target: Expression, scope: Scope): void {
    if (target.kind === "name") {
      if (!scope.names.delete(target.name))
        throw new Raised("NameError", `name '${target.name}' is not defined`);
    } else if (target.kind === "subscript") {
      const object = this.#expressions.evaluate(target.value, scope);
      const key = this.#expressions.evaluate(target.index, scope);
      if (object.data.kind === "environ" && key.data.kind === "str")
        this.#session.unsetVariable(key.data.value);
      const name = keyOf(key.data);
      if (object.data.kind === "dict" && name !== undefined) object.data.entries.delete(name);
      if (object.data.kind === "namespace" && key.data.kind === "str")
        object.data.scope.names.delete(key.data.value);
    }
  }

  #import(path: string, level: number, scope: Scope, at: Span): Term {
    return importModule(path, level, scope, this.#session, (inner, file) => this.#runModule(inner, file), at);
  }

  #runModule(scope: Scope, file: SourceFile): void {
    const { statements, problems } = this.#session.parse(file);
    const [problem] = problems;
    if (problem !== undefined) throw new Raised("SyntaxError", "invalid syntax", problem.at);
    this.#block(statements, scope);
  }

  #importFrom(statement: Extract<Statement, { kind: "import-from" }>, scope: Scope, at: Span): void {
    const module = this.#import(statement.module, statement.level, scope, at);
    if (module.data.kind !== "module") return;
    for (const { name, as } of statement.names) {
      if (name !== "*") {
        const value = importedName(
          module,
          name,
          (path) => this.#import(path, 0, scope, at),
          this.#session,
          at,
        );
        assignName(scope, as, value, at);
        continue;
      }
      const { scope: inner } = module.data;
      const [root = ""] = module.data.name.split(".");
      if (inner === undefined) {
        if (!standardModules.has(root))
          spoil(scope, `${module.data.name} is not here, and everything is imported from it`, at);
        continue;
      }
      importAll(inner, scope, at);
    }
  }

  #runFunction(callee: PythonFunction, given: CallArguments, at: Span): Term {
    const scope = functionScope(callee, given, at);
    if ("value" in callee.body) return this.#expressions.evaluate(callee.body.value, scope);
    const ending = this.#block(callee.body.statements, scope);
    return typeof ending === "object" ? ending.returned : none;
  }
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
