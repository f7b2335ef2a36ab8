import type { Assignment, Write } from "./assignment.ts";
import { fnmatcher, globMatcher } from "./glob.ts";
import type { Errno } from "./kernel-write.ts";

/** What one program has read, and how it takes failures. */
export interface LoadedFiles {
  /** In the order in which they are written. */
  readonly assignments: readonly Assignment[];
  /** Whether reading alone makes the program exit with a failure. */
  readonly failed: boolean;
  /** Whether a key that a pattern matched is left alone: it has a line of its own. */
  isTakenOut(path: string): boolean;
  /** Whether a failed write makes the program exit with a failure. */
  fails(errno: Errno, write: Write): boolean;
  /** What stood in the place of an assignment before it, the latest first, where the program itself drops it. */
  losersTo(assignment: Assignment): readonly Assignment[];
}

/** The writes of a program, found by key. */
export class Writes {
  readonly #loaded: LoadedFiles;
  readonly #byKey = new Map<string, [order: number, assignment: Assignment][]>();
  readonly #globs: [order: number, assignment: Assignment, matches: (key: string) => boolean][] = [];

  readonly #uncertain: [order: number, assignment: Assignment, matches: (key: string) => boolean][] = [];

  constructor(loaded: LoadedFiles) {
    this.#loaded = loaded;
    for (const [order, assignment] of loaded.assignments.entries()) {
      if (assignment.text === undefined) continue;
      if (assignment.uncertainKey) this.#uncertain.push([order, assignment, fnmatcher(assignment.path)]);
      else if (assignment.glob) this.#globs.push([order, assignment, globMatcher(assignment.path)]);
      else if (assignment.key !== undefined) {
        const known = this.#byKey.get(assignment.key);
        if (known === undefined) this.#byKey.set(assignment.key, [[order, assignment]]);
        else known.push([order, assignment]);
      }
    }
  }

  /** Keys that are named without a pattern. */
  get keys(): Iterable<string> {
    return this.#byKey.keys();
  }

  /** Every write to these keys, in order. */
  to(keys: readonly string[]): Write[] {
    const writes: [order: number, write: Write][] = [];
    for (const key of keys) {
      for (const [order, assignment] of this.#byKey.get(key) ?? [])
        writes.push([order, { assignment, key, path: assignment.path }]);
      for (const [order, assignment, matches] of this.#globs)
        if (matches(key) && !this.#loaded.isTakenOut(key))
          writes.push([order, { assignment, key, path: key }]);
      for (const [order, assignment, matches] of this.#uncertain)
        if (matches(key)) writes.push([order, { assignment, key, path: key }]);
    }
    return writes.sort(([a], [b]) => a - b).map(([, write]) => write);
  }

  /** Every write to any key; patterns match among `existing`. */
  all(existing: readonly string[]): Write[] {
    const writes: [order: number, write: Write][] = [];
    for (const [order, assignment] of this.#loaded.assignments.entries())
      if (assignment.text !== undefined && !assignment.glob && !assignment.uncertainKey)
        writes.push([order, { assignment, key: assignment.key, path: assignment.path }]);
    for (const [order, assignment, matches] of this.#globs)
      for (const key of existing)
        if (matches(key) && !this.#loaded.isTakenOut(key))
          writes.push([order, { assignment, key, path: key }]);
    return writes.sort(([a], [b]) => a - b).map(([, write]) => write);
  }
}
