import type { Position } from "../text/source-file.ts";
import type { Span } from "../text/span.ts";
import { harmless } from "./harmless-text.ts";

const longestPath = 1000;

/** A path on one line that an editor or a terminal makes a link; it cannot forge the `path:line:col: ` of another. */
export function pathText(path: string): string {
  return harmless(path, longestPath).replaceAll(": ", ":\\x20");
}

/** `deploy/nginx.conf:5:3`. */
export function placeText(at: Span): string {
  const { line, column } = at.file.position(at.start);
  return `${pathText(at.file.path)}:${line}:${column}`;
}

/** The place of a span in every JSON of hostlint: lines and columns from 1, the end exclusive. */
export function placeJson(at: Span): { file: string; range: { start: Position; end: Position } } {
  const end = Math.max(at.start, at.end);
  return {
    file: at.file.path,
    range: { start: at.file.position(at.start), end: at.file.position(end) },
  };
}
