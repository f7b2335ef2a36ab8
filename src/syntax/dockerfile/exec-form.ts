import { isSpace } from "./blanks.ts";

/** A string of a JSON array: where it stands, quotes included, and what it says. */
interface JsonString {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Whether the text is the exec form. As BuildKit decides it (frontend/dockerfile/parser/line_parsers.go,
 * parseJSON): the whole text must be one JSON array; single quotes, a trailing comma or text behind the bracket
 * make it the shell form, an array that holds anything but strings is an error.
 */
export function readExecForm(
  text: string,
  start: number,
  end: number,
): { kind: "exec"; strings: readonly JsonString[] } | { kind: "shell" } | { kind: "not strings" } {
  let at = start;
  while (at < end && isSpace(text[at])) at += 1;
  if (text[at] !== "[") return { kind: "shell" };
  return readStrings(text, at + 1, end) ?? otherJson(text.slice(at, end));
}

function readStrings(
  text: string,
  start: number,
  end: number,
): { kind: "exec"; strings: readonly JsonString[] } | undefined {
  const strings: JsonString[] = [];
  let at = afterJsonBlanks(text, start, end);
  if (text[at] === "]") at += 1;
  else
    for (;;) {
      const close = closingQuote(text, at, end);
      if (close === undefined) return undefined;
      const decoded = decodeString(text.slice(at, close));
      if (decoded === undefined) return undefined;
      strings.push({ text: decoded, start: at, end: close });
      at = afterJsonBlanks(text, close, end);
      const separator = text[at];
      at += 1;
      if (separator === "]") break;
      if (separator !== ",") return undefined;
      at = afterJsonBlanks(text, at, end);
    }
  return afterJsonBlanks(text, at, end) >= end ? { kind: "exec", strings } : undefined;
}

function closingQuote(text: string, open: number, end: number): number | undefined {
  if (text[open] !== '"') return undefined;
  for (let at = open + 1; at < end; at++) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return undefined;
}

function afterJsonBlanks(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && (text[at] === " " || text[at] === "\t" || text[at] === "\r" || text[at] === "\n"))
    at += 1;
  return at;
}

function decodeString(token: string): string | undefined {
  try {
    const value: unknown = JSON.parse(token);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

function otherJson(text: string): { kind: "shell" } | { kind: "not strings" } {
  try {
    JSON.parse(text);
    return { kind: "not strings" };
  } catch {
    return { kind: "shell" };
  }
}
