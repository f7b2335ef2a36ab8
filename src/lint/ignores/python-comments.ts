import type { CommentedText, Stretch } from "./commented-text.ts";

/**
 * Comments and statements of a Python file without parsing it: strings are passed over, and a line end inside
 * of brackets or behind a backslash ends no statement. A bracket that is never closed makes no statement.
 */
export function pythonComments(text: string): CommentedText {
  const comments: Stretch[] = [];
  const statements: Stretch[] = [];
  let depth = 0;
  let start: number | undefined;
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === "#") {
      const end = lineEnd(text, at);
      comments.push({ start: at, end });
      at = end;
      continue;
    }
    if (character === "\n") {
      if (depth === 0 && start !== undefined) {
        statements.push({ start, end: at });
        start = undefined;
      }
      at += 1;
      continue;
    }
    if (character === " " || character === "\t" || character === "\r" || character === "\f") {
      at += 1;
      continue;
    }
    start ??= at;
    if (character === "\\") at += text.startsWith("\r\n", at + 1) ? 3 : 2;
    else if (character === '"' || character === "'") at = afterString(text, at, character);
    else {
      if ("([{".includes(character)) depth += 1;
      else if (")]}".includes(character)) depth = Math.max(0, depth - 1);
      at += 1;
    }
  }
  if (depth === 0 && start !== undefined) statements.push({ start, end: text.length });
  return { comments, statements };
}

/** A string that is not closed ends with its line, or with the file where it has three quotes. */
function afterString(text: string, start: number, quote: string): number {
  const triple = text.startsWith(quote.repeat(3), start);
  const close = triple ? quote.repeat(3) : quote;
  let at = start + close.length;
  while (at < text.length) {
    if (text.startsWith(close, at)) return at + close.length;
    if (text.charAt(at) === "\\") at += text.startsWith("\r\n", at + 1) ? 3 : 2;
    else if (text.charAt(at) === "\n" && !triple) return at;
    else at += 1;
  }
  return text.length;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}
