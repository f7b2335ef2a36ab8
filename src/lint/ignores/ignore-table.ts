import type { Span } from "../../text/span.ts";
import type { Stretch } from "./commented-text.ts";

/** One name in an ignore comment that counts. */
export interface Ignore {
  /** `queue/somaxconn-below-backlog`, `queue/*`. */
  readonly name: string;
  /** Where the name stands. */
  readonly at: Span;
  /** The rules that it stands for. */
  readonly rules: readonly string[];
  readonly covers: Stretch;
  used: boolean;
}

/** Finds the ignores of one file that cover a place, in time that does not grow with their number. */
export class IgnoreTable {
  /** By rule, in the order in which their stretches start. */
  readonly #rows = new Map<string, Row[]>();

  constructor(ignores: readonly Ignore[]) {
    const ordered = [...ignores].sort((a, b) => a.covers.start - b.covers.start);
    for (const ignore of ordered) for (const rule of ignore.rules) this.#add(rule, ignore);
  }

  covering(rule: string, { start }: Span): Ignore[] {
    const rows = this.#rows.get(rule) ?? [];
    const found: Ignore[] = [];
    for (let index = firstBehind(rows, start) - 1; index >= 0; index--) {
      const row = rows[index];
      if (row === undefined || row.furthest <= start) break;
      if (row.ignore.covers.end > start) found.push(row.ignore);
    }
    return found;
  }

  #add(rule: string, ignore: Ignore): void {
    const rows = this.#rows.get(rule) ?? [];
    this.#rows.set(rule, rows);
    rows.push({ ignore, furthest: Math.max(ignore.covers.end, rows.at(-1)?.furthest ?? 0) });
  }
}

interface Row {
  readonly ignore: Ignore;
  /** The largest end of this stretch and of all before it. */
  readonly furthest: number;
}

/** The first row whose stretch starts behind an offset. */
function firstBehind(rows: readonly Row[], offset: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.ignore.covers.start ?? 0) > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
