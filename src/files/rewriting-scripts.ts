import type { DirectoryTree } from "./directory-tree.ts";
import { directoryOf } from "./host-path.ts";
import { containerFileKind } from "./recognise/container.ts";
import { type ReplacedWord, replacedWords } from "./replaced-words.ts";

const mostScripts = 2000;

/** Whether a file is a shell script or a Dockerfile by its name, and so may rewrite other files of its tree. */
export function mayRewrite(path: string): boolean {
  return /\.(?:ba)?sh$|(?:^|[-_./])entry-?point$/i.test(path) || containerFileKind(path) === "image";
}

/** What scripts replace in the files that they name, as far as the first 64 KB of each say. */
export function rewritesOf(tree: DirectoryTree, scripts: readonly string[]): ReplacedWord[] {
  return scripts.slice(0, mostScripts).flatMap((path) => replacedWords(tree.head(path) ?? ""));
}

/** Scripts that stand beside files, or in a folder above them. */
export function scriptsAbove(tree: DirectoryTree, paths: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const path of paths)
    for (let folder = directoryOf(path); !folders.has(folder); folder = directoryOf(folder))
      folders.add(folder);
  return [...folders].flatMap((folder) =>
    tree
      .entries(folder)
      .filter(({ name, kind }) => kind === "file" && mayRewrite(name))
      .map(({ name }) => (folder === "/" ? `/${name}` : `${folder}/${name}`)),
  );
}
