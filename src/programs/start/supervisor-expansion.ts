import { derive, type Value } from "../../model/value.ts";
import type { Span } from "../../text/span.ts";
import { shlexSplit } from "../gunicorn/shell-words.ts";
import type { ShellField } from "./shell-state.ts";
import { concatenated, type TextPiece } from "./shell-text.ts";

/** A value after `%(name)s`, or the name that supervisord stops at. */
export type Expanded = { readonly pieces: readonly TextPiece[] } | { readonly missing: string };

/** Python's `text % names`: `%(ENV_X)s`, `%(process_num)02d`, `%%`; anything else behind a percent sign is an error. */
export function expandedPercent(text: string, lookup: (name: string) => Value<string> | undefined): Expanded {
  const pieces: TextPiece[] = [];
  let start = 0;
  for (const found of text.matchAll(/%(?:\(([^)]*)\)(0?\d*)([sd])|%|.?)/gs)) {
    pieces.push(text.slice(start, found.index));
    start = found.index + found[0].length;
    const [whole, name, width = ""] = found;
    if (whole === "%%") pieces.push("%");
    else if (name === undefined) return { missing: whole };
    else {
      const value = lookup(name);
      if (value === undefined) return { missing: name };
      const size = Math.min(Number(width || 0), 100);
      const filler = width.startsWith("0") ? "0" : " ";
      pieces.push(
        size === 0 ? value : derive(value.label, whole, [value], (each) => each.padStart(size, filler)),
      );
    }
  }
  pieces.push(text.slice(start));
  return { pieces };
}

/** A command line as supervisord splits it, without a shell; undefined where its quotes do not close. */
export function splitCommand(pieces: readonly TextPiece[], at: Span): ShellField[] | undefined {
  const values: Value<string>[] = [];
  const text = pieces
    .map((piece) => {
      if (typeof piece === "string") return piece;
      if (piece.known && /[\s'"\\]/.test(piece.value)) return piece.value;
      values.push(piece);
      return `\uE000${values.length - 1}\uE001`;
    })
    .join("");
  const words = shlexSplit(text);
  if ("error" in words) return undefined;
  return words.map((word) => ({
    at,
    text: concatenated("argument", word.text, restored(word.text, values), at),
  }));
}

function restored(text: string, values: readonly Value<string>[]): TextPiece[] {
  return text
    .split(/(\uE000\d+\uE001)/)
    .filter((part) => part !== "")
    .map((part) => values[Number(/^\uE000(\d+)\uE001$/.exec(part)?.[1] ?? Number.NaN)] ?? part);
}

/** `KEY=value,KEY2="a,b"` as supervisor reads it with shlex; undefined where it stops at it. */
export function environmentPairs(text: string): ReadonlyMap<string, string> | undefined {
  const tokens: string[] = [];
  const token = /\s+|#[^\n]*\n?|("[^"]*"|'[^']*'|[A-Za-z0-9_/.+\-():\u00C0-\u00FF\uE000\uE001]+|[^\s"'])/gy;
  let at = 0;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    at = token.lastIndex;
    if (found[1] !== undefined) tokens.push(found[1]);
  }
  if (at < text.length) return undefined;
  const pairs = new Map<string, string>();
  for (let index = 0; index < tokens.length; index += 4) {
    const [name, equals, value] = tokens.slice(index, index + 3);
    if (name === undefined || equals !== "=" || value === undefined) return undefined;
    pairs.set(name, value.replace(/^['"]+|['"]+$/g, ""));
  }
  return pairs;
}
