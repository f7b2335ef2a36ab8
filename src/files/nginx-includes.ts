import type { FileTree } from "./file-tree.ts";
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

/** The paths of a tree that a pattern of glob(7) names; a name with a leading dot must be asked for. */
export function expand(tree: FileTree, pattern: string): readonly string[] {
  if (!/[*?[]/.test(pattern)) return [pattern];
  let paths = ["/"];
  for (const part of pattern.split("/").filter((name) => name !== "")) {
    const join = (folder: string, name: string): string =>
      folder === "/" ? `/${name}` : `${folder}/${name}`;
    if (!/[*?[]/.test(part)) paths = paths.map((folder) => join(folder, part));
    else {
      const matches = globPart(part);
      paths = paths.flatMap((folder) =>
        tree
          .list(folder)
          .filter((name) => matches.test(name))
          .map((name) => join(folder, name)),
      );
    }
  }
  return paths.filter((path) => tree.kind(path) !== "missing");
}

/** Whether a pattern of glob(7) names a path. */
export function globMatches(pattern: string, path: string): boolean {
  const parts = pattern.split("/");
  const names = path.split("/");
  return parts.length === names.length && parts.every((part, at) => globPart(part).test(names[at] ?? ""));
}

function globPart(part: string): RegExp {
  let source = /^[*?[]/.test(part) ? "(?!\\.)" : "";
  for (let at = 0; at < part.length; at += 1) {
    const character = part[at] ?? "";
    const end = character === "[" ? part.indexOf("]", at + 2) : -1;
    if (character === "*") source += source.endsWith("[^/]*") ? "" : "[^/]*";
    else if (character === "?") source += "[^/]";
    else if (end !== -1) {
      const set = part
        .slice(at + 1, end)
        .replace(/^!/, "^")
        .replace(/[\\[\]&~]/g, "\\$&");
      source += `[${set}]`;
      at = end;
    } else source += character.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  }
  try {
    return new RegExp(`^${source}$`);
  } catch {
    // A range upside down matches nothing.
    return /^(?!)/;
  }
}
