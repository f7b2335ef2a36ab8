import type { FileTree } from "./file-tree.ts";
import { compareBytes } from "./host-path.ts";

/** Whether a name is a pattern of glob(7); nginx hands no other include to glob(3). */
export function isPattern(name: string): boolean {
  return /[*?[]/.test(name);
}

/**
 * The paths that glob(3) of glibc names for an absolute pattern, in byte order: a leading dot must be asked for,
 * `*` and `?` do not match `/`, no braces, no `~`. A broken link counts as a name.
 */
export function globPaths(tree: FileTree, pattern: string): string[] {
  const parts = pattern.split("/").filter((part) => part !== "");
  let paths = [""];
  for (const part of parts) {
    const literal = isPattern(part) ? undefined : part.replace(/\\(.)/g, "$1");
    const next: string[] = [];
    for (const folder of paths) {
      if (literal !== undefined) {
        const path = `${folder}/${literal}`;
        if (tree.kind(path) !== "missing" || tree.link(path) !== undefined) next.push(path);
        continue;
      }
      for (const name of tree.list(folder === "" ? "/" : folder))
        if (matches(part, name)) next.push(`${folder}/${name}`);
    }
    paths = next;
  }
  return parts.length === 0 ? [] : paths.sort(compareBytes);
}

/** The files that a name or a pattern stands for: a name for itself, whether it exists or not. */
export function expand(tree: FileTree, pattern: string): readonly string[] {
  if (!isPattern(pattern)) return [pattern];
  return globPaths(tree, pattern).filter((path) => tree.kind(path) !== "missing");
}

/** Whether a pattern names a path, part by part. */
export function globMatches(pattern: string, path: string): boolean {
  const parts = pattern.split("/");
  const names = path.split("/");
  return parts.length === names.length && parts.every((part, at) => matches(part, names[at] ?? ""));
}

/** Whether one part of a path matches; takes time in proportion to both lengths multiplied at most. */
export function matches(pattern: string, name: string): boolean {
  if (name.startsWith(".") && !/^\\?\./.test(pattern)) return false;
  let at = 0;
  let from = 0;
  let star = -1;
  let starFrom = 0;
  while (from < name.length) {
    if (pattern[at] === "*") {
      star = at;
      starFrom = from;
      at += 1;
      continue;
    }
    const length = at < pattern.length ? matchOne(pattern, at, name.charAt(from)) : 0;
    if (length > 0) {
      at += length;
      from += 1;
    } else if (star !== -1) {
      at = star + 1;
      starFrom += 1;
      from = starFrom;
    } else return false;
  }
  while (pattern[at] === "*") at += 1;
  return at === pattern.length;
}

/** Length of the pattern's element at `at` when it matches the character, else 0. */
function matchOne(pattern: string, at: number, character: string): number {
  const element = pattern.charAt(at);
  if (element === "?") return 1;
  if (element === "\\" && at + 1 < pattern.length) return pattern.charAt(at + 1) === character ? 2 : 0;
  if (element === "[") {
    const set = readSet(pattern, at);
    if (set !== undefined) return set.holds(character) ? set.length : 0;
  }
  return element === character ? 1 : 0;
}

/** A `[...]` set; undefined where no `]` closes it, so that `[` stands for itself. */
function readSet(
  pattern: string,
  start: number,
): { length: number; holds: (character: string) => boolean } | undefined {
  let at = start + 1;
  const negated = pattern.charAt(at) === "!" || pattern.charAt(at) === "^";
  if (negated) at += 1;
  const ranges: [string, string][] = [];
  const take = (): string => {
    if (pattern.charAt(at) === "\\" && at + 1 < pattern.length) at += 1;
    at += 1;
    return pattern.charAt(at - 1);
  };
  for (let first = true; first || pattern.charAt(at) !== "]"; first = false) {
    if (at >= pattern.length) return undefined;
    const low = take();
    if (pattern.charAt(at) === "-" && at + 1 < pattern.length && pattern.charAt(at + 1) !== "]") {
      at += 1;
      ranges.push([low, take()]);
    } else ranges.push([low, low]);
  }
  return {
    length: at + 1 - start,
    holds: (character) => ranges.some(([low, high]) => low <= character && character <= high) !== negated,
  };
}
