import type { SyntaxNode } from "@lezer/common";
import type { SourceFile } from "../../text/source-file.ts";
import type { Hole, MaskedText } from "./holes.ts";

/** The text that was parsed, with what the template engine leaves open. */
export class PythonSource {
  readonly file: SourceFile;
  readonly #masked: MaskedText;
  /** Where the parsed text begins in the file: behind a byte order mark. */
  readonly offset: number;

  constructor(file: SourceFile, masked: MaskedText, offset: number) {
    this.file = file;
    this.#masked = masked;
    this.offset = offset;
  }

  get isTemplate(): boolean {
    return this.#masked.holes.length > 0 || this.#masked.conditional !== undefined;
  }

  text(node: { readonly from: number; readonly to: number }): string {
    return this.#masked.text.slice(node.from, node.to);
  }

  place(node: { readonly from: number; readonly to: number }): { start: number; end: number } {
    return { start: node.from + this.offset, end: node.to + this.offset };
  }

  /** The first hole that a range touches. */
  hole(from: number, to: number): Hole | undefined {
    return this.#masked.holes.find((hole) => hole.start < to && hole.end > from);
  }

  holesIn(from: number, to: number): readonly Hole[] {
    return this.#masked.holes.filter((hole) => hole.start < to && hole.end > from);
  }

  /** Whether a template tag decides about a range. */
  isConditional(from: number, to: number): boolean {
    const { conditional } = this.#masked;
    return conditional !== undefined && conditional.start < to && conditional.end > from;
  }
}

export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    if (child.name !== "Comment") children.push(child);
  return children;
}

/** Whether a part of the tree was put in or skipped to recover from an error, itself or any part of it. */
export function hasError(node: SyntaxNode): boolean {
  const cursor = node.cursor();
  do {
    if (cursor.from > node.to || cursor.to < node.from) return false;
    if (cursor.type.isError) return true;
    if (cursor.from >= node.to && cursor.to > node.to) return false;
  } while (cursor.next());
  return false;
}
