import type { SyntaxNode } from "@lezer/common";
import type { SourceFile } from "../../text/source-file.ts";
import type { Hole, MaskedText } from "./holes.ts";

interface Range {
  readonly from: number;
  readonly to: number;
}

/** The text that was parsed, with what the template engine leaves open. */
export class PythonSource {
  readonly file: SourceFile;
  readonly #masked: MaskedText;
  /** Places where the parser had to recover, in order. */
  readonly #errors: readonly Range[];
  /** Where the parsed text begins in the file: behind a byte order mark. */
  readonly offset: number;

  constructor(file: SourceFile, masked: MaskedText, errors: readonly Range[], offset: number) {
    this.file = file;
    this.#masked = masked;
    this.#errors = errors;
    this.offset = offset;
  }

  get isTemplate(): boolean {
    return this.#masked.holes.length > 0 || this.#masked.conditional !== undefined;
  }

  text(node: Range): string {
    return this.#masked.text.slice(node.from, node.to);
  }

  place(node: Range): { start: number; end: number } {
    return { start: node.from + this.offset, end: node.to + this.offset };
  }

  /** The first hole that a range touches. */
  hole(from: number, to: number): Hole | undefined {
    const first = this.#masked.holes[this.#firstHole(from)];
    return first !== undefined && first.start < to ? first : undefined;
  }

  holesIn(from: number, to: number): readonly Hole[] {
    const inside: Hole[] = [];
    for (let index = this.#firstHole(from); index < this.#masked.holes.length; index++) {
      const hole = this.#masked.holes[index];
      if (hole === undefined || hole.start >= to) break;
      inside.push(hole);
    }
    return inside;
  }

  /** Whether the parser had to recover somewhere in a range. */
  hasError(from: number, to: number): boolean {
    const first =
      this.#errors[firstAtLeast(this.#errors.length, (index) => (this.#errors[index]?.to ?? 0) >= from)];
    return first !== undefined && first.from <= to;
  }

  #firstHole(from: number): number {
    const { holes } = this.#masked;
    return firstAtLeast(holes.length, (index) => (holes[index]?.end ?? 0) > from);
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

/** The first index for which the test holds, in a row in which it holds from some index on. */
function firstAtLeast(length: number, holds: (index: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
