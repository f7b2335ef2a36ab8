import { absolutePath } from "../../../files/host-path.ts";

/**
 * The absolute path in the tree of a path that is relative to a folder of it; undefined for a path of the machine
 * (absolute, `~`) and for one that leaves the tree.
 */
export function pathInTree(path: string, directory: string): string | undefined {
  if (path.startsWith("/") || path.startsWith("~") || path.includes("://")) return undefined;
  let depth = directory.split("/").filter((part) => part !== "").length;
  for (const part of path.split("/")) {
    if (part === "..") depth -= 1;
    else if (part !== "" && part !== ".") depth += 1;
    if (depth < 0) return undefined;
  }
  return absolutePath(path, directory);
}
