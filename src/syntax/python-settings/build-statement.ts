import type { SyntaxNode } from "@lezer/common";
import { ExpressionBuilder, separated } from "./build-expression.ts";
import { childrenOf, type PythonSource } from "./source.ts";
import type { BinaryOperator, Branch, Expression, Handler, Parameter, Statement } from "./tree.ts";

/** Python refuses more than 100 levels of indentation. */
const deepest = 100;

const compound = new Set([
  "IfStatement",
  "ForStatement",
  "WhileStatement",
  "TryStatement",
  "WithStatement",
  "FunctionDefinition",
  "ClassDefinition",
  "DecoratedStatement",
]);

/** Builds statements from the nodes of @lezer/python. */
export class StatementBuilder {
  readonly #source: PythonSource;
  readonly #expressions: ExpressionBuilder;
  #depth = 0;

  constructor(source: PythonSource) {
    this.#source = source;
    this.#expressions = new ExpressionBuilder(source);
  }

  /** The statements of a Script or a Body. */
  block(node: SyntaxNode | undefined): Statement[] {
    if (node === undefined) return [];
    if (this.#depth >= deepest) return [this.#opaque(node, "it is nested too deeply")];
    this.#depth++;
    const statements = childrenOf(node).flatMap((child) => this.#statement(child));
    this.#depth--;
    return statements;
  }

  #statement(node: SyntaxNode): Statement[] {
    if (node.name === ":" || node.name === ";" || node.type.isError) return [];
    if (node.name === "StatementGroup") return childrenOf(node).flatMap((child) => this.#statement(child));
    if (this.#source.isConditional(node.from, node.to))
      return [this.#opaque(node, "a template decides about it")];
    if (!compound.has(node.name) && this.#source.hasError(node.from, node.to))
      return [this.#opaque(node, "it is no valid Python")];
    return [this.#read(node) ?? this.#opaque(node, "this statement is not read")].filter(
      (statement) => statement.kind !== "pass",
    );
  }

  #opaque(node: SyntaxNode, why: string): Statement {
    return { kind: "opaque", why, assigns: this.#assigned(node), ...this.#source.place(node) };
  }

  /** Names that a part of the tree may assign. */
  #assigned(node: SyntaxNode): string[] {
    const names = new Set<string>();
    node.toTree().iterate({
      enter: ({ name, from, to }) => {
        if (name === "VariableName")
          names.add(this.#source.text({ from: node.from + from, to: node.from + to }));
      },
    });
    return [...names];
  }

  #read(node: SyntaxNode): Statement | undefined {
    const place = this.#source.place(node);
    const children = childrenOf(node);
    switch (node.name) {
      case "ExpressionStatement": {
        const value = this.#expressions.list(children);
        return value && { kind: "expression", value, ...place };
      }
      case "AssignStatement":
        return this.#assign(node, children);
      case "UpdateStatement": {
        const [target, operator, ...rest] = children;
        const value = this.#expressions.list(rest);
        if (target === undefined || operator === undefined || value === undefined) return undefined;
        const text = this.#source.text(operator).replace(/=$/, "");
        return {
          kind: "update",
          target: this.#expressions.build(target),
          operator: text as BinaryOperator,
          value,
          ...place,
        };
      }
      case "IfStatement":
        return this.#if(node, children);
      case "ForStatement":
        return this.#for(node, children);
      case "WhileStatement": {
        const [, condition] = children;
        const [body, otherwise] = children.filter((child) => child.name === "Body");
        if (condition === undefined || body === undefined) return undefined;
        return {
          kind: "while",
          condition: this.#expressions.build(condition),
          body: this.block(body),
          otherwise: this.block(otherwise),
          ...place,
        };
      }
      case "TryStatement":
        return this.#try(node, children);
      case "WithStatement":
        return this.#with(node, children);
      case "FunctionDefinition":
        return this.#function(node, children, false);
      case "ClassDefinition":
        return this.#class(node, children, false);
      case "DecoratedStatement": {
        const definition = children.find((child) => child.name.endsWith("Definition"));
        if (definition?.name === "FunctionDefinition")
          return this.#function(definition, childrenOf(definition), true);
        if (definition?.name === "ClassDefinition")
          return this.#class(definition, childrenOf(definition), true);
        return undefined;
      }
      case "ImportStatement":
        return this.#import(node, children);
      case "ReturnStatement":
        return { kind: "return", value: this.#expressions.list(children.slice(1)), ...place };
      case "RaiseStatement": {
        const value = children[1];
        return { kind: "raise", value: value && this.#expressions.build(value), ...place };
      }
      case "AssertStatement": {
        const [, condition, , message] = children;
        if (condition === undefined) return undefined;
        return {
          kind: "assert",
          condition: this.#expressions.build(condition),
          message: message && this.#expressions.build(message),
          ...place,
        };
      }
      case "DeleteStatement":
        return {
          kind: "delete",
          targets: children
            .slice(1)
            .filter((child) => child.name !== ",")
            .map((child) => this.#expressions.build(child)),
          ...place,
        };
      case "ScopeStatement":
        if (children[0]?.name !== "global") return undefined;
        return {
          kind: "global",
          names: children
            .filter((child) => child.name === "VariableName")
            .map((child) => this.#source.text(child)),
          ...place,
        };
      case "PassStatement":
        return { kind: "pass", ...place };
      case "BreakStatement":
        return { kind: "break", ...place };
      case "ContinueStatement":
        return { kind: "continue", ...place };
      default:
        return undefined;
    }
  }

  #assign(node: SyntaxNode, children: readonly SyntaxNode[]): Statement | undefined {
    const place = this.#source.place(node);
    const groups = separated(
      children.filter((child) => child.name !== "TypeDef"),
      "AssignOp",
    );
    if (groups.length < 2) return { kind: "pass", ...place };
    const parts = groups.map((group) => this.#expressions.list(group));
    const value = parts.pop();
    const targets = parts.filter((part): part is Expression => part !== undefined);
    return value === undefined || targets.length !== parts.length
      ? undefined
      : { kind: "assign", targets, value, ...place };
  }

  #if(node: SyntaxNode, children: readonly SyntaxNode[]): Statement {
    const branches: Branch[] = [];
    let otherwise: readonly Statement[] = [];
    for (const [index, child] of children.entries()) {
      if (child.name === "if" || child.name === "elif") {
        const condition = children[index + 1];
        const body = children[index + 2];
        if (condition === undefined) continue;
        branches.push({
          condition: this.#expressions.build(condition),
          body: this.block(body?.name === "Body" ? body : undefined),
        });
      } else if (child.name === "else") otherwise = this.block(children[index + 1]);
    }
    return { kind: "if", branches, otherwise, ...this.#source.place(node) };
  }

  #for(node: SyntaxNode, children: readonly SyntaxNode[]): Statement | undefined {
    const within = children.findIndex((child) => child.name === "in");
    const bodies = children.filter((child) => child.name === "Body");
    const start = children.findIndex((child) => child.name === "for") + 1;
    const end = children.findIndex((child) => child.name === "Body");
    const target = this.#expressions.list(children.slice(start, within));
    const over = this.#expressions.list(children.slice(within + 1, end));
    if (start !== 1 || target === undefined || over === undefined || within === -1) return undefined;
    return {
      kind: "for",
      target,
      over,
      body: this.block(bodies[0]),
      otherwise: this.block(bodies[1]),
      ...this.#source.place(node),
    };
  }

  #try(node: SyntaxNode, children: readonly SyntaxNode[]): Statement {
    const handlers: Handler[] = [];
    let body: readonly Statement[] = [];
    let otherwise: readonly Statement[] = [];
    let last: readonly Statement[] = [];
    for (let index = 0; index < children.length; index++) {
      const keyword = children[index]?.name;
      let end = index + 1;
      while (end < children.length && children[end]?.name !== "Body") end++;
      const block = children[end];
      if (keyword === "try") body = this.block(block);
      else if (keyword === "else") otherwise = this.block(block);
      else if (keyword === "finally") last = this.block(block);
      else if (keyword === "except") handlers.push(this.#handler(children.slice(index + 1, end), block));
      index = end;
    }
    return { kind: "try", body, handlers, otherwise, finally: last, ...this.#source.place(node) };
  }

  #handler(header: readonly SyntaxNode[], body: SyntaxNode | undefined): Handler {
    const named = header.findIndex((child) => child.name === "as");
    const alias = named === -1 ? undefined : header[named + 1];
    const types = header.slice(0, named === -1 ? undefined : named).filter((child) => child.name !== "*");
    const as = alias && this.#source.text(alias);
    if (types.length === 0) return { catches: undefined, as, body: this.block(body) };
    const inside = types.flatMap((type) =>
      type.name === "TupleExpression" || type.name === "ParenthesizedExpression" ? childrenOf(type) : [type],
    );
    const names = inside
      .filter((child) => /^[A-Z]/.test(child.name))
      .map((child) => this.#source.text(child).replace(/^.*\./, ""));
    return { catches: names, as, body: this.block(body) };
  }

  #with(node: SyntaxNode, children: readonly SyntaxNode[]): Statement | undefined {
    const body = children.at(-1);
    const header = children.slice(1, -1);
    const [first] = header;
    const last = header.at(-1);
    if (children[0]?.name !== "with" || body?.name !== "Body" || first === undefined || last === undefined)
      return undefined;
    if (this.#source.hasError(first.from, last.to)) return undefined;
    const items = separated(header, ",").flatMap((group) => {
      const [value, as, target] = group;
      if (value === undefined) return [];
      return [
        {
          value: this.#expressions.build(value),
          target: as?.name === "as" && target !== undefined ? this.#expressions.build(target) : undefined,
        },
      ];
    });
    return { kind: "with", items, body: this.block(body), ...this.#source.place(node) };
  }

  #function(node: SyntaxNode, children: readonly SyntaxNode[], decorated: boolean): Statement | undefined {
    const name = children.find((child) => child.name === "VariableName");
    const list = children.find((child) => child.name === "ParamList");
    const body = children.find((child) => child.name === "Body");
    if (name === undefined || body === undefined) return undefined;
    const parameters: readonly Parameter[] = list === undefined ? [] : this.#expressions.parameters(list);
    let special = decorated || children[0]?.name === "async";
    body.toTree().iterate({
      enter: ({ name: inner }) => {
        if (inner === "YieldStatement" || inner === "YieldExpression") special = true;
        return inner !== "FunctionDefinition" && inner !== "LambdaExpression";
      },
    });
    return {
      kind: "function",
      name: this.#source.text(name),
      parameters,
      body: { statements: this.block(body) },
      special,
      ...this.#source.place(node),
    };
  }

  #class(node: SyntaxNode, children: readonly SyntaxNode[], decorated: boolean): Statement | undefined {
    const name = children.find((child) => child.name === "VariableName");
    const bases = children.find((child) => child.name === "ArgList");
    const body = children.find((child) => child.name === "Body");
    if (name === undefined || body === undefined) return undefined;
    const plain =
      !decorated &&
      (bases === undefined || ["()", "(object)"].includes(this.#source.text(bases).replace(/\s/g, "")));
    return {
      kind: "class",
      name: this.#source.text(name),
      body: this.block(body),
      plain,
      ...this.#source.place(node),
    };
  }

  #import(node: SyntaxNode, children: readonly SyntaxNode[]): Statement {
    const place = this.#source.place(node);
    const split = children.findIndex((child) => child.name === "import");
    const named = separated(
      children.slice(split + 1).filter((child) => child.name !== "(" && child.name !== ")"),
      ",",
    ).map((group) => {
      const as = group.findIndex((child) => child.name === "as");
      const path = group.slice(0, as === -1 ? undefined : as);
      const alias = as === -1 ? undefined : group[as + 1];
      return {
        path: path.map((child) => this.#source.text(child)).join(""),
        as: alias && this.#source.text(alias),
      };
    });
    if (children[0]?.name !== "from") return { kind: "import", modules: named, ...place };
    const from = children
      .slice(1, split)
      .map((child) => this.#source.text(child))
      .join("");
    const level = /^\.*/.exec(from)?.[0].length ?? 0;
    return {
      kind: "import-from",
      level,
      module: from.slice(level),
      names: named.map(({ path, as }) => ({ name: path, as: as ?? path })),
      ...place,
    };
  }
}
