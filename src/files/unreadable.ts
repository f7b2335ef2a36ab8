import type { Problem } from "../syntax/problem.ts";
import { SourceFile } from "../text/source-file.ts";
import { span } from "../text/span.ts";

/** Says that a path cannot be read; the span is that of an empty file at that path. */
export function unreadable(path: string, why: string): Problem {
  return {
    rule: "files/unreadable",
    message: `${path} cannot be read: ${why}`,
    at: span(new SourceFile(path, ""), 0, 0),
  };
}
