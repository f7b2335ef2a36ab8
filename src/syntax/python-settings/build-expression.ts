import type { SyntaxNode } from "@lezer/common";
import { type ChainToken, joinChain } from "./boolean-chain.ts";
import { StringBuilder } from "./build-strings.ts";
import { readNumber } from "./literals.ts";
import { childrenOf, type PythonSource } from "./source.ts";
import type {
  BinaryOperator,
  CallArgument,
  Clause,
  ComparisonOperator,
  DictEntry,
  Element,
  Expression,
  Parameter,
} from "./tree.ts";

/** More levels than Python's own parser allows for parentheses (200), and few enough for the stack. */
const deepest = 300;

const comparisons = new Set<string>(["==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not"]);

const arithmetic = new Set(["+", "-", "*", "/", "//", "%", "**", "@", "<<", ">>", "&", "|", "^"]);

/** Builds expressions from the nodes of @lezer/python. */
export class ExpressionBuilder {
  readonly #source: PythonSource;
  readonly #strings: StringBuilder;
  #depth = 0;

  constructor(source: PythonSource) {
    this.#source = source;
    this.#strings = new StringBuilder(source, (node) => this.build(node));
  }

  build(node: SyntaxNode): Expression {
    if (this.#depth >= deepest) return this.#opaque(node, "it is nested too deeply");
    this.#depth++;
    const made = this.#build(node);
    this.#depth--;
    return made;
  }

  /** What stands between separators: one expression, or a tuple without parentheses. */
  list(nodes: readonly SyntaxNode[]): Expression | undefined {
    const [first] = nodes;
    const last = nodes.at(-1);
    if (first === undefined || last === undefined) return undefined;
    if (nodes.length === 1) return this.build(first);
    return {
      kind: "tuple",
      items: this.#elements(nodes),
      ...this.#source.place({ from: first.from, to: last.to }),
    };
  }

  parameters(node: SyntaxNode): Parameter[] {
    const parameters: Parameter[] = [];
    let star: Parameter["star"] = "";
    let current: { name: string; star: Parameter["star"]; default: Expression | undefined } | undefined;
    let afterAssign = false;
    for (const child of childrenOf(node)) {
      if (child.name === "*" || child.name === "**") star = child.name;
      else if (child.name === ",") {
        if (current !== undefined) parameters.push(current);
        current = undefined;
        star = "";
      } else if (child.name === "AssignOp") afterAssign = true;
      else if (afterAssign && current !== undefined) {
        current.default = this.build(child);
        afterAssign = false;
      } else if (child.name === "VariableName" && current === undefined)
        current = { name: this.#source.text(child), star, default: undefined };
    }
    if (current !== undefined) parameters.push(current);
    return parameters;
  }

  #build(node: SyntaxNode): Expression {
    const place = this.#source.place(node);
    const children = childrenOf(node);
    switch (node.name) {
      case "None":
        return { kind: "none", ...place };
      case "Boolean":
        return { kind: this.#source.text(node) === "True" ? "true" : "false", ...place };
      case "Ellipsis":
        return { kind: "ellipsis", ...place };
      case "Number":
        return this.#number(node);
      case "String":
      case "FormatString":
      case "ContinuedString": {
        const parts = this.#strings.parts(node);
        return parts === undefined ? { kind: "bytes", ...place } : { kind: "string", parts, ...place };
      }
      case "VariableName":
        return this.#name(node);
      case "ParenthesizedExpression": {
        const inner = children.find((child) => child.name !== "(" && child.name !== ")");
        return inner === undefined
          ? this.#opaque(node, "it is not complete")
          : { ...this.build(inner), ...place };
      }
      case "MemberExpression":
        return this.#member(node, children);
      case "CallExpression":
        return this.#call(node, children);
      case "BinaryExpression":
        return this.#binary(node, children);
      case "UnaryExpression":
        return this.#unary(node, children);
      case "ConditionalExpression": {
        const [whenTrue, , condition, , whenFalse] = children;
        if (whenTrue === undefined || condition === undefined || whenFalse === undefined) break;
        return {
          kind: "conditional",
          condition: this.build(condition),
          whenTrue: this.build(whenTrue),
          whenFalse: this.build(whenFalse),
          ...place,
        };
      }
      case "LambdaExpression": {
        const parameters = children.find((child) => child.name === "ParamList");
        const value = children.at(-1);
        if (value === undefined || value.name === ":") break;
        return {
          kind: "lambda",
          parameters: parameters === undefined ? [] : this.parameters(parameters),
          value: this.build(value),
          ...place,
        };
      }
      case "ArrayExpression":
        return { kind: "list", items: this.#elements(children), ...place };
      case "TupleExpression":
        return { kind: "tuple", items: this.#elements(children), ...place };
      case "SetExpression":
        return { kind: "set", items: this.#elements(children), ...place };
      case "DictionaryExpression":
        return { kind: "dict", entries: this.#entries(children), ...place };
      case "ArrayComprehensionExpression":
        return this.#comprehension(node, children, "list");
      case "SetComprehensionExpression":
        return this.#comprehension(node, children, "set");
      case "ComprehensionExpression":
        return this.#comprehension(node, children, "generator");
      case "DictionaryComprehensionExpression":
        return this.#comprehension(node, children, "dict");
      case "NamedExpression": {
        const [name, , value] = children;
        if (name === undefined || value === undefined) break;
        return { kind: "named", name: this.#source.text(name), value: this.build(value), ...place };
      }
    }
    return this.#opaque(node, "this expression is not read");
  }

  #opaque(node: SyntaxNode, why: string): Expression {
    return { kind: "opaque", why, ...this.#source.place(node) };
  }

  #name(node: SyntaxNode): Expression {
    const hole = this.#source.hole(node.from, node.to);
    const place = this.#source.place(node);
    if (hole !== undefined) return { kind: "hole", text: hole.text, ...place };
    return { kind: "name", name: this.#source.text(node).normalize("NFKC"), ...place };
  }

  #number(node: SyntaxNode): Expression {
    const value = readNumber(this.#source.text(node));
    const place = this.#source.place(node);
    if (typeof value === "bigint") return { kind: "int", value, ...place };
    return value === undefined
      ? this.#opaque(node, "this number is not read")
      : { kind: "float", value, ...place };
  }

  #member(node: SyntaxNode, children: readonly SyntaxNode[]): Expression {
    const [object, separator, name] = children;
    const place = this.#source.place(node);
    if (object === undefined || name === undefined) return this.#opaque(node, "it is not complete");
    const value = this.build(object);
    if (separator?.name === ".") return { kind: "attribute", value, name: this.#source.text(name), ...place };
    const inside = children.slice(2).filter((child) => child.name !== "]");
    const index = inside.some((child) => child.name === ":") ? this.#slice(inside) : this.list(inside);
    return index === undefined
      ? this.#opaque(node, "it is not complete")
      : { kind: "subscript", value, index, ...place };
  }

  #slice(nodes: readonly SyntaxNode[]): Expression | undefined {
    const [first] = nodes;
    const last = nodes.at(-1);
    if (first === undefined || last === undefined || nodes.some((node) => node.name === ","))
      return undefined;
    const parts: (Expression | undefined)[] = [undefined, undefined, undefined];
    let at = 0;
    for (const node of nodes)
      if (node.name === ":") at++;
      else parts[at] = this.build(node);
    const [from, to, step] = parts;
    return { kind: "slice", from, to, step, ...this.#source.place({ from: first.from, to: last.to }) };
  }

  #call(node: SyntaxNode, children: readonly SyntaxNode[]): Expression {
    const [callee, list] = children;
    if (callee === undefined || list?.name !== "ArgList") return this.#opaque(node, "it is not complete");
    const inside = childrenOf(list).slice(1, -1);
    const place = this.#source.place(node);
    if (inside.some((child) => child.name === "for")) {
      const value = this.#comprehension(list, [list, ...inside, list], "generator");
      return {
        kind: "call",
        function: this.build(callee),
        arguments: [{ name: undefined, star: "", value }],
        ...place,
      };
    }
    return { kind: "call", function: this.build(callee), arguments: this.#arguments(inside), ...place };
  }

  #arguments(nodes: readonly SyntaxNode[]): CallArgument[] {
    const list: CallArgument[] = [];
    for (const group of separated(nodes, ",")) {
      const [first, second, third] = group;
      if (first === undefined) continue;
      if ((first.name === "*" || first.name === "**") && second !== undefined)
        list.push({ name: undefined, star: first.name, value: this.build(second) });
      else if (second?.name === "AssignOp" && this.#source.text(second) === "=" && third !== undefined)
        list.push({ name: this.#source.text(first), star: "", value: this.build(third) });
      else list.push({ name: undefined, star: "", value: this.build(first) });
    }
    return list;
  }

  #elements(nodes: readonly SyntaxNode[]): Element[] {
    const inside = nodes.filter((node) => !"()[]{}".includes(node.name));
    return separated(inside, ",").flatMap((group): Element[] => {
      const star = group[0]?.name === "*";
      const value = star ? group[1] : group[0];
      return value === undefined ? [] : [{ star, value: this.build(value) }];
    });
  }

  #entries(nodes: readonly SyntaxNode[]): DictEntry[] {
    const inside = nodes.filter((node) => !"{}".includes(node.name));
    return separated(inside, ",").flatMap((group): DictEntry[] => {
      const [first, separator, value] = group;
      if (first?.name === "**" && separator !== undefined)
        return [{ key: undefined, value: this.build(separator) }];
      if (first === undefined || value === undefined) return [];
      return [{ key: this.build(first), value: this.build(value) }];
    });
  }

  #comprehension(
    node: SyntaxNode,
    children: readonly SyntaxNode[],
    makes: "list" | "set" | "generator" | "dict",
  ): Expression {
    const inside = children.slice(1, -1);
    const clauses: Clause[] = [];
    const start = inside.findIndex((child) => child.name === "for" || child.name === "async");
    const [first, , second] = inside;
    const unread = this.#opaque(node, "this comprehension is not read");
    if (first === undefined || start < 1 || inside[start]?.name === "async") return unread;
    for (let index = start; index < inside.length; ) {
      const isFor = inside[index]?.name === "for";
      let end = index + 1;
      while (end < inside.length && inside[end]?.name !== "for" && inside[end]?.name !== "if") end++;
      const parts = inside.slice(index + 1, end);
      const within = parts.findIndex((child) => child.name === "in");
      if (isFor) {
        const target = this.list(parts.slice(0, within));
        const over = this.list(parts.slice(within + 1));
        if (within === -1 || target === undefined || over === undefined) return unread;
        clauses.push({ kind: "for", target, over });
      } else {
        const condition = this.list(parts);
        if (condition === undefined) return unread;
        clauses.push({ kind: "if", condition });
      }
      index = end;
    }
    const value = makes === "dict" && second !== undefined ? this.build(second) : undefined;
    return {
      kind: "comprehension",
      makes,
      element: this.build(first),
      value,
      clauses,
      ...this.#source.place(node),
    };
  }

  #unary(node: SyntaxNode, children: readonly SyntaxNode[]): Expression {
    const [operator, operand] = children;
    if (operator === undefined || operand === undefined) return this.#opaque(node, "it is not complete");
    if (operator.name === "not") return this.#chain(node);
    const text = this.#source.text(operator);
    if (text !== "-" && text !== "+" && text !== "~") return this.#opaque(node, "this operator is not read");
    return { kind: "unary", operator: text, operand: this.build(operand), ...this.#source.place(node) };
  }

  #binary(node: SyntaxNode, children: readonly SyntaxNode[]): Expression {
    const left = children[0];
    const right = children.at(-1);
    if (left === undefined || right === undefined || children.length < 3)
      return this.#opaque(node, "it is not complete");
    const operator = this.#operator(children);
    if (operator === "and" || operator === "or") return this.#chain(node);
    if (comparisons.has(operator)) return this.#comparison(node);
    if (!arithmetic.has(operator)) return this.#opaque(node, "this operator is not read");
    return {
      kind: "binary",
      operator: operator as BinaryOperator,
      left: this.build(left),
      right: this.build(right),
      ...this.#source.place(node),
    };
  }

  #operator(children: readonly SyntaxNode[]): string {
    return children
      .slice(1, -1)
      .map((child) => this.#source.text(child))
      .join(" ");
  }

  #comparison(node: SyntaxNode): Expression {
    const rest: { operator: ComparisonOperator; value: Expression }[] = [];
    let left: SyntaxNode = node;
    for (;;) {
      const children = childrenOf(left);
      const [first] = children;
      const right = children.at(-1);
      const operator = this.#operator(children);
      if (left.name !== "BinaryExpression" || !comparisons.has(operator)) break;
      if (first === undefined || right === undefined) return this.#opaque(node, "it is not complete");
      rest.unshift({ operator: operator as ComparisonOperator, value: this.build(right) });
      left = first;
    }
    return { kind: "compare", first: this.build(left), rest, ...this.#source.place(node) };
  }

  #chain(node: SyntaxNode): Expression {
    const tokens: ChainToken<Expression>[] = [];
    const pending: SyntaxNode[] = [node];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const children = childrenOf(next);
      const operator = children[1]?.name;
      const isNot = next.name === "UnaryExpression" && children[0]?.name === "not";
      const isJoin = next.name === "BinaryExpression" && (operator === "and" || operator === "or");
      if (isNot || isJoin) pending.push(...children.reverse());
      else if (next.name === "and" || next.name === "or" || next.name === "not") tokens.push(next.name);
      else tokens.push({ operand: this.build(next) });
    }
    if (tokens.length > 2 * deepest) return this.#opaque(node, "it is nested too deeply");
    const joined = joinChain<Expression>(tokens, {
      join: (kind, left, right) => ({ kind, left, right, start: left.start, end: right.end }),
      negate: (operand) => ({
        kind: "unary",
        operator: "not",
        operand,
        start: operand.start,
        end: operand.end,
      }),
    });
    return joined ?? this.#opaque(node, "it is not complete");
  }
}

/** The parts between separators, without them. */
export function separated(nodes: readonly SyntaxNode[], separator: string): SyntaxNode[][] {
  const groups: SyntaxNode[][] = [[]];
  for (const node of nodes)
    if (node.name === separator) groups.push([]);
    else groups.at(-1)?.push(node);
  return groups.filter((group) => group.length > 0);
}
