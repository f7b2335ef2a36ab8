import type { Position, SourceFile } from "../text/source-file.ts";
import type { Span } from "../text/span.ts";
import { wellFormed } from "./harmless-text.ts";

/** Name of the folder that relative paths count from; for GitHub the root of the repository. */
export const sourceRoot = "%SRCROOT%";

/** A place as SARIF has it: lines and columns from 1, columns in UTF-16 code units, the end exclusive. */
export function physicalLocation(at: Span): object {
  const start = position(at.file, at.start);
  const end = position(at.file, Math.max(at.start, at.end));
  return {
    artifactLocation: artifactLocation(at.file.path),
    region: {
      startLine: start.line,
      startColumn: start.column,
      endLine: end.line,
      endColumn: end.column,
    },
  };
}

/** A byte order mark is no column (SARIF 2.1.0, section 3.30.2). */
function position(file: SourceFile, offset: number): Position {
  const { line, column } = file.position(offset);
  return { line, column: line === 1 && file.hasByteOrderMark ? Math.max(column - 1, 1) : column };
}

function artifactLocation(path: string): object {
  const uri = wellFormed(path).split("/").map(encodeURIComponent).join("/");
  return path.startsWith("/") ? { uri: `file://${uri}` } : { uri, uriBaseId: sourceRoot };
}
