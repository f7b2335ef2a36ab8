import type { SourceFile } from "../text/source-file.ts";
import type { FileTree } from "./file-tree.ts";

/** The same tree, which tells of every file that is read through it. */
export function recordingTree(tree: FileTree, note: (hostPath: string, file: SourceFile) => void): FileTree {
  return {
    kind: (path) => tree.kind(path),
    list: (path) => tree.list(path),
    link: (path) => tree.link(path),
    problem: (path) => tree.problem?.(path),
    ...(tree.head === undefined ? {} : { head: (path: string) => tree.head?.(path) }),
    read: (path) => {
      const file = tree.read(path);
      if (file !== undefined) note(path, file);
      return file;
    },
  };
}
