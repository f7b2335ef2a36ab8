import type { Expression, Handler, Statement } from "../../../syntax/python-settings/tree.ts";
import type { SourceFile } from "../../../text/source-file.ts";
import { type Span, span } from "../../../text/span.ts";
import { settingRows } from "../settings-table.ts";
import { assignTarget, updateTarget } from "./assign-targets.ts";
import { assignedNames } from "./assigned-names.ts";
import { keyOf, none, type PythonFunction, pythonText, type Scope, type Term, term, truth } from "./data.ts";
import { ExpressionEvaluator } from "./evaluate-expression.ts";
import type { CallArguments } from "./evaluator.ts";
import { functionScope } from "./function-scope.ts";
import { importAll, importedName, importModule } from "./import-module.ts";
import { exited, standardModules } from "./library.ts";
import { opaque } from "./opaque.ts";
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
    this.#expressions = new ExpressionEvaluator(
      session,
      (callee, given, at) => this.#runFunction(callee, given, at),
      (path, scope, at) => this.#import(path, 0, scope, at),
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
        for (const target of statement.targets) assignTarget(this.#expressions, target, value, scope, at);
        return undefined;
      }
      case "update":
        updateTarget(this.#expressions, statement, scope, at);
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
          if (item.target !== undefined) assignTarget(this.#expressions, item.target, entered, scope, at);
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
        if (value?.data.kind === "exception" && value.data.name === "SystemExit")
          throw exited(value.data.argument, at);
        if (value?.data.kind === "exception") throw new Raised(value.data.name, value.data.message, at);
        if (value?.data.kind === "builtin" && value.data.name === "SystemExit") throw exited(undefined, at);
        if (value?.data.kind === "builtin") throw new Raised(value.data.name, "", at);
        throw new Raised("", "an exception of another module", at);
      }
      case "assert":
        if (truth(evaluate(statement.condition).data) === false) {
          const told = statement.message && evaluate(statement.message);
          throw new Raised("AssertionError", told === undefined ? "" : (pythonText(told.data) ?? ""), at);
        }
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

  #for(statement: Extract<Statement, { kind: "for" }>, scope: Scope, at: Span): Ending {
    const over = this.#expressions.evaluate(statement.over, scope);
    const items = this.#expressions.iterate(over, at);
    if (items === undefined) {
      const why = over.data.kind === "opaque" ? over.data.why : "what the loop goes through is not known";
      return this.#maybe(statement, scope, why, at, () =>
        assignTarget(this.#expressions, statement.target, opaque(why, over.from), scope, at),
      );
    }
    for (const item of items) {
      this.#session.step();
      assignTarget(this.#expressions, statement.target, item, scope, at);
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
