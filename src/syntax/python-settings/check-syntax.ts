import type { SyntaxNodeRef, Tree } from "@lezer/common";
import { stringShape } from "./literals.ts";

/** A place that Python refuses; offsets of the parsed text. */
export interface SyntaxFault {
  readonly message: string;
  readonly from: number;
  readonly to: number;
}

export interface CheckedTree {
  /** Places where the parser had to recover, in order. */
  readonly errors: readonly { readonly from: number; readonly to: number }[];
  readonly faults: readonly SyntaxFault[];
}

/** The grammar gives up on expressions of this length that Python may still take. */
const longestStatement = 1500;

/** What Python refuses in a tree of @lezer/python, which is more tolerant in some places and less in others. */
export function checkSyntax(tree: Tree, text: string): CheckedTree {
  const errors: { from: number; to: number }[] = [];
  const faults: SyntaxFault[] = [];
  const indentations = new Map<number, string>();
  let statement = 0;
  const report = (message: string, { from, to }: { from: number; to: number }): void => {
    faults.push({ message, from, to });
  };
  tree.iterate({
    enter: (node) => {
      if (node.type.isError) {
        errors.push({ from: node.from, to: node.to });
        if (node.from - statement < longestStatement && !isGrammarGap(node))
          report("invalid Python syntax", node);
        return;
      }
      if (isStatement(node.name)) {
        statement = node.from;
        const fault = indentationFault(node, text, indentations);
        if (fault !== undefined) report(fault, node);
      }
      const fault = tokenFault(node, text);
      if (fault !== undefined) report(fault, node);
    },
  });
  return { errors, faults };
}

/** Valid Python that the grammar does not know: parenthesised `with` items and a bare `yield`. */
function isGrammarGap(node: SyntaxNodeRef): boolean {
  const { parent } = node.node;
  return (
    parent?.name === "WithStatement" ||
    parent?.name === "YieldExpression" ||
    parent?.parent?.name === "WithStatement"
  );
}

function isStatement(name: string): boolean {
  return name.endsWith("Statement") || name.endsWith("Definition") || name === "StatementGroup";
}

/** All statements of a block begin in the same column; those of the file in the first. */
function indentationFault(
  node: SyntaxNodeRef,
  text: string,
  indentations: Map<number, string>,
): string | undefined {
  const { parent } = node.node;
  if (parent === null || (parent.name !== "Script" && parent.name !== "Body")) return undefined;
  const lineStart =
    Math.max(text.lastIndexOf("\n", node.from - 1), text.lastIndexOf("\r", node.from - 1)) + 1;
  const before = text.slice(lineStart, node.from).replaceAll("\f", "");
  if (before.trim() !== "") return undefined;
  const expected = parent.name === "Script" ? "" : (indentations.get(parent.from) ?? before);
  indentations.set(parent.from, expected);
  return before === expected ? undefined : "this line is not indented like the lines of its block";
}

function insideFunction({ node }: SyntaxNodeRef): boolean {
  for (let around = node.parent; around !== null; around = around.parent)
    if (around.name === "FunctionDefinition") return true;
  return false;
}

function tokenFault(node: SyntaxNodeRef, text: string): string | undefined {
  if (node.name === "ReturnStatement" && !insideFunction(node))
    return "`return` outside of a function is no valid Python";
  if (node.name === "PrintStatement") return "print without parentheses is Python 2";
  if (node.name === "Number") {
    const number = text.slice(node.from, node.to);
    return /^0[0-9_]*[1-9][0-9_]*$/.test(number)
      ? "a number with leading zeros is no valid Python; octal numbers begin with 0o"
      : undefined;
  }
  if (node.name === "String" || node.name === "FormatString")
    return stringShape(text.slice(node.from, node.to)).closed ? undefined : "this string does not end";
  return undefined;
}
