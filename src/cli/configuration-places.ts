import { type Document, isMap, isNode, isPair, isScalar } from "yaml";
import type { SourceFile } from "../text/source-file.ts";
import { type Span, span } from "../text/span.ts";

/** Keys and indices from the top of a document. */
export type Path = readonly PropertyKey[];

/** Something wrong in a hostlint.yaml. */
export interface Fault {
  readonly offset: number;
  readonly message: string;
}

/** Where the value at a path starts, else the nearest thing around it. */
export function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

export function offsetOfKey(document: Document, path: Path): number {
  return pairRange(document, path)?.[0] ?? offsetOf(document, path.slice(0, -1));
}

/** A key with its value, without the line end that the parser counts to a block. */
export function placeOf(file: SourceFile, document: Document, path: Path): Span {
  const [start, end] = pairRange(document, path) ?? [offsetOf(document, path), offsetOf(document, path)];
  return span(file, start, start + file.text.slice(start, end).trimEnd().length);
}

/** From the start of a key to the end of its value. */
function pairRange(document: Document, path: Path): readonly [number, number] | undefined {
  const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find(
    (each) => isPair(each) && isScalar(each.key) && each.key.value === path.at(-1),
  );
  if (pair === undefined || !isScalar(pair.key) || !pair.key.range) return undefined;
  const end = isNode(pair.value) && pair.value.range ? pair.value.range[1] : pair.key.range[1];
  return [pair.key.range[0], end];
}
