import { parser } from "@lezer/python";
import type { SourceFile } from "../../text/source-file.ts";
import { span } from "../../text/span.ts";
import type { Problem } from "../problem.ts";
import { StatementBuilder } from "./build-statement.ts";
import { maskHoles } from "./holes.ts";
import { PythonSource } from "./source.ts";
import type { PythonSettings } from "./tree.ts";

/** Settings files have a few thousand characters; a longer file is not read. */
export const mostCharacters = 100_000;

/** Problems of one file that are worth showing. */
const mostProblems = 20;

/**
 * A Python settings file as a tree of what can be evaluated without running it. What Python refuses comes as
 * problems; the statements around it are still read. In a template nothing is refused.
 */
export function parsePythonSettings(file: SourceFile): PythonSettings {
  if (file.text.length > mostCharacters)
    return {
      statements: [
        {
          kind: "opaque",
          why: `the file has more than ${mostCharacters} characters`,
          assigns: ["*"],
          start: 0,
          end: 0,
        },
      ],
      problems: [],
    };
  const offset = file.hasByteOrderMark ? 1 : 0;
  const text = file.text.slice(offset);
  const masked = maskHoles(text);
  const tree = parser.parse(masked.text);
  const errors: { from: number; to: number }[] = [];
  const problems: Problem[] = [];
  const report = (message: string, from: number, to: number): void => {
    const line = problems.at(-1)?.at.start ?? -1;
    const start = from + offset;
    if (problems.length >= mostProblems || sameLine(file.text, line, start)) return;
    const end = Math.min(Math.max(to + offset, start + 1), file.text.length);
    problems.push({ rule: "gunicorn/syntax", message, at: span(file, Math.min(start, end), end) });
  };
  tree.iterate({
    enter: (node) => {
      if (node.type.isError) {
        errors.push({ from: node.from, to: node.to });
        const parent = node.node.parent;
        if (!isParserGap(parent?.name, parent?.parent?.name))
          report("invalid Python syntax", node.from, node.to);
      } else if (node.name === "PrintStatement")
        report("print without parentheses is Python 2 and stops gunicorn", node.from, node.to);
      else if (node.name === "Number" && /^0[0-9_]*[1-9]/.test(masked.text.slice(node.from, node.to))) {
        if (/^[0-9_]+$/.test(masked.text.slice(node.from, node.to)))
          report(
            "a number with leading zeros is no valid Python; octal numbers begin with 0o",
            node.from,
            node.to,
          );
      }
    },
  });
  const source = new PythonSource(file, masked, errors, offset);
  return {
    statements: new StatementBuilder(source).block(tree.topNode),
    problems: source.isTemplate ? [] : problems,
  };
}

/** Valid Python that the grammar does not know: parenthesised `with` items and a bare `yield`. */
function isParserGap(parent: string | undefined, grandparent: string | undefined): boolean {
  return parent === "WithStatement" || parent === "YieldExpression" || grandparent === "WithStatement";
}

function sameLine(text: string, one: number, other: number): boolean {
  if (one < 0) return false;
  const newline = text.indexOf("\n", one);
  return newline === -1 || newline >= other;
}
