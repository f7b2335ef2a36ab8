import { parseNginx } from "../../syntax/nginx/parse-nginx.ts";
import type { SourceFile } from "../../text/source-file.ts";
import type { CommentStyle } from "./comment-style.ts";
import { pythonComments } from "./python-comments.ts";

/** Offsets; `end` exclusive. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** What an ignore comment has to know of a file. */
export interface CommentedText {
  /** From the mark to the line end, in order. */
  readonly comments: readonly Stretch[];
  /** In the order in which they start; of a block only what stands before its `{`. */
  readonly statements: readonly Stretch[];
}

export function commentedText(file: SourceFile, style: CommentStyle): CommentedText {
  switch (style) {
    case "nginx":
      return nginxComments(file);
    case "python":
      return pythonComments(file.text);
    case "limits":
      return lineComments(file.text, /#/, false);
    case "sysctl":
      return lineComments(file.text, /^[ \t]*[#;]/, false);
    case "unit":
      return lineComments(file.text, /^[ \t]*[#;]/, true);
  }
}

function nginxComments(file: SourceFile): CommentedText {
  const tree = parseNginx(file);
  const statements = Array.from({ length: tree.directiveCount }, (_, index) => {
    const { start, end } = tree.directive(index).head;
    return { start, end };
  });
  return { comments: tree.comments, statements };
}

/**
 * @param form a comment in a line; its last character is the mark
 * @param continued whether a backslash at the end of a line joins it with the next; comment lines between do not
 *   count
 */
function lineComments(text: string, form: RegExp, continued: boolean): CommentedText {
  const comments: Stretch[] = [];
  const statements: Stretch[] = [];
  let open: number | undefined;
  for (let start = text.charCodeAt(0) === 0xfeff ? 1 : 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const next = newline === -1 ? text.length : newline + 1;
    const line = text.slice(start, next).trimEnd();
    const found = form.exec(line);
    if (found !== null) {
      const mark = found.index + found[0].length - 1;
      comments.push({ start: start + mark, end: start + line.length });
    } else if (continued) {
      const goesOn = line.length === contentLength(text, start, next) && oddBackslashes(line);
      if (goesOn) open ??= start;
      else if (open !== undefined) {
        statements.push({ start: open, end: start + line.length });
        open = undefined;
      }
    }
    start = next;
  }
  if (open !== undefined) statements.push({ start: open, end: text.length });
  return { comments, statements };
}

/** Without the line end; a blank behind a backslash makes it an ordinary character. */
function contentLength(text: string, start: number, next: number): number {
  return text.slice(start, next).replace(/\r?\n$/, "").length;
}

function oddBackslashes(line: string): boolean {
  return ((/\\*$/.exec(line)?.[0].length ?? 0) & 1) === 1;
}
