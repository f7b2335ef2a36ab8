import { parseNginx } from "../../syntax/nginx/parse-nginx.ts";
import type { SourceFile } from "../../text/source-file.ts";
import type { CommentStyle } from "./comment-style.ts";
import type { CommentedText, Stretch } from "./commented-text.ts";
import { pythonComments } from "./python-comments.ts";

/** The comments and statements of a file in the eyes of the program that reads it. */
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
    case "words":
      return lineComments(file.text, /(?:^|[ \t])#/, true);
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
    const line = withoutLineEnd(text.slice(start, next));
    const found = form.exec(line);
    if (found !== null) {
      const mark = found.index + found[0].length - 1;
      comments.push({ start: start + mark, end: start + line.length });
    } else if (continued && goesOn(line)) open ??= start;
    else if (open !== undefined) {
      statements.push({ start: open, end: start + line.length });
      open = undefined;
    }
    start = next;
  }
  if (open !== undefined) statements.push({ start: open, end: text.length });
  return { comments, statements };
}

function withoutLineEnd(line: string): string {
  if (line.endsWith("\r\n")) return line.slice(0, -2);
  return line.endsWith("\n") ? line.slice(0, -1) : line;
}

/** An odd number of backslashes at the end. */
function goesOn(line: string): boolean {
  let end = line.length;
  while (line.charAt(end - 1) === "\\") end -= 1;
  return (line.length - end) % 2 === 1;
}
