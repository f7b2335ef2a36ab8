import type { Span } from "../../text/span.ts";
import type { YamlScalar } from "./tree.ts";

/**
 * Where a range of a scalar's text stands in its file, through folding, indentation and escapes. Undefined where
 * the two cannot be laid side by side: then only the whole scalar has a place.
 */
export function placeInScalar(scalar: YamlScalar, start: number, end: number): Span | undefined {
  const offsets = offsetsOf(scalar);
  const from = offsets?.[start];
  const last = offsets?.[Math.max(start, end - 1)];
  if (from === undefined || last === undefined) return undefined;
  return { file: scalar.at.file, start: from, end: end > start ? last + 1 : from };
}

const known = new WeakMap<YamlScalar, readonly number[] | null>();

/** Offset in the file of every character of the text, and of its end. */
function offsetsOf(scalar: YamlScalar): readonly number[] | undefined {
  let offsets = known.get(scalar);
  if (offsets === undefined) {
    offsets = align(scalar) ?? null;
    known.set(scalar, offsets);
  }
  return offsets ?? undefined;
}

function align({ text, style, at }: YamlScalar): readonly number[] | undefined {
  const source = at.file.text;
  const isBlank = (offset: number): boolean => " \t\r\n".includes(source.charAt(offset)) && offset < at.end;
  const offsets: number[] = [];
  let offset = at.start;
  if (style === "block") {
    const headerEnd = source.indexOf("\n", at.start);
    if (headerEnd === -1) return undefined;
    offset = headerEnd + 1;
  } else if (style !== "plain") offset += 1;
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === " " || character === "\n") {
      offsets.push(offset);
      if (isBlank(offset)) {
        const newLine = source.charAt(offset) === "\n" || source.charAt(offset) === "\r";
        offset += 1;
        if (newLine || character === "\n") while (isBlank(offset)) offset += 1;
      }
      if (!isBlankCharacter(text.charAt(index + 1))) while (isBlank(offset)) offset += 1;
      continue;
    }
    while (isBlank(offset) && source.charAt(offset) !== character) offset += 1;
    const escaped = style === "double" ? escapeLength(source, offset) : 0;
    if (escaped === 0 && source.charAt(offset) !== character) return undefined;
    offsets.push(offset);
    if (escaped > 0) offset += escaped;
    else offset += style === "single" && character === "'" ? 2 : 1;
  }
  offsets.push(Math.min(offset, at.end));
  return offsets;
}

function isBlankCharacter(character: string): boolean {
  return character === " " || character === "\n";
}

const longEscapes: { readonly [letter: string]: number } = { x: 4, u: 6, U: 10 };

function escapeLength(source: string, offset: number): number {
  if (source.charAt(offset) !== "\\") return 0;
  return longEscapes[source.charAt(offset + 1)] ?? 2;
}
