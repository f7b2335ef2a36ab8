import type { FileTree } from "./file-tree.ts";
import { expand } from "./glob.ts";
import { absolutePath } from "./host-path.ts";
import { nginxHome } from "./placement.ts";

/** A quick look, not a parser: `include` at the start of a statement, with one argument. */
const include = /(?<=^|[\s;{}])include\s+("[^"\n]*"|'[^'\n]*'|[^\s;{}"']+)\s*;/gm;

/** Host paths and patterns that a text includes, relative ones taken from the folder of the main file. */
export function includePatterns(text: string, home: string): readonly string[] {
  const patterns: string[] = [];
  for (const found of text.matchAll(include)) {
    const before = text.slice(Math.max(0, found.index - 1000), found.index);
    const comment = /(?:^|\s)#[^\n]*$/.test(before.slice(before.lastIndexOf("\n") + 1));
    const written = found[1] ?? "";
    if (!comment) patterns.push(absolutePath(/^["']/.test(written) ? written.slice(1, -1) : written, home));
  }
  return patterns;
}

/** Every file that is read when an nginx starts with `start`, by host path, `start` included. Cycles end. */
export function reachedFrom(tree: FileTree, start: string): ReadonlySet<string> {
  const home = nginxHome(start);
  const reached = new Set<string>();
  const waiting = [start];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue;
    const file = tree.read(path);
    if (file === undefined) continue;
    reached.add(path);
    for (const pattern of includePatterns(file.text, home)) waiting.push(...expand(tree, pattern));
  }
  return reached;
}
