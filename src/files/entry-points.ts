import type { SourceFile } from "../text/source-file.ts";
import type { FileTree } from "./file-tree.ts";
import { compareBytes } from "./host-path.ts";
import { reachedFrom } from "./nginx-includes.ts";

/** A file of nginx at its host path. */
export interface NginxFile {
  readonly path: string;
  readonly shape: "main" | "fragment" | "snippet";
}

export interface EntryPoints {
  /** Host paths with which an nginx starts, or which stand for one whose main file is not here. */
  readonly starts: readonly string[];
  /** Sites that no link enables. */
  readonly disabled: readonly string[];
  /** Every file that is read from one of the starts. */
  readonly reached: ReadonlySet<SourceFile>;
}

/**
 * What an nginx starts with: the main files, and every fragment that nothing reads. Sites below
 * `sites-available` count only where no `sites-enabled` says which of them are on.
 */
export function entryPoints(tree: FileTree, files: readonly NginxFile[]): EntryPoints {
  const starts: string[] = [];
  const disabled: string[] = [];
  // A link and its target are one file.
  const reached = new Set<SourceFile>();
  const reach = (start: string): void => {
    for (const path of reachedFrom(tree, start)) {
      const file = tree.read(path);
      if (file !== undefined) reached.add(file);
    }
  };
  for (const file of files)
    if (file.shape === "main") {
      starts.push(file.path);
      reach(file.path);
    }
  const enabling = files.some((file) => /\/sites-enabled\//.test(file.path));
  const fragments = files
    .filter((file) => file.shape === "fragment" && tree.kind(file.path) === "file")
    .sort(
      (left, right) =>
        Number(isAvailable(left.path)) - Number(isAvailable(right.path)) ||
        compareBytes(left.path, right.path),
    );
  const included = new Set<SourceFile>();
  for (const { path } of fragments)
    for (const other of reachedFrom(tree, path)) {
      const file = tree.read(other);
      if (other !== path && file !== undefined && file !== tree.read(path)) included.add(file);
    }
  // First those that no fragment includes, then what a circle of includes leaves over.
  for (const all of [false, true])
    for (const { path } of fragments) {
      const file = tree.read(path);
      if (file === undefined || reached.has(file) || (!all && included.has(file))) continue;
      if (enabling && isAvailable(path)) {
        if (!disabled.includes(path)) disabled.push(path);
        continue;
      }
      starts.push(path);
      reach(path);
    }
  return { starts, disabled, reached };
}

function isAvailable(path: string): boolean {
  return /\/sites-available\//.test(path);
}
