import { parser } from "@lezer/python";
import type { SourceFile } from "../../text/source-file.ts";
import { span } from "../../text/span.ts";
import type { Problem } from "../problem.ts";
import { StatementBuilder } from "./build-statement.ts";
import { checkSyntax, type SyntaxFault } from "./check-syntax.ts";
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
  const { errors, faults } = checkSyntax(tree, masked.text);
  const source = new PythonSource(file, masked, errors, offset);
  return {
    statements: new StatementBuilder(source).block(tree.topNode),
    problems: source.isTemplate ? [] : problemsOf(file, faults, offset),
  };
}

/** One problem a line: what follows on the same line is mostly its consequence. */
function problemsOf(file: SourceFile, faults: readonly SyntaxFault[], offset: number): Problem[] {
  const problems: Problem[] = [];
  let lineEnd = -1;
  for (const { message, from, to } of faults) {
    const start = Math.min(from + offset, Math.max(0, file.text.length - 1));
    if (start <= lineEnd) continue;
    const newline = file.text.indexOf("\n", start);
    lineEnd = newline === -1 ? file.text.length : newline;
    const end = Math.min(Math.max(to + offset, start + 1), file.text.length);
    problems.push({ rule: "gunicorn/syntax", message, at: span(file, start, end) });
    if (problems.length >= mostProblems) break;
  }
  return problems;
}
