import type { FileTree } from "../../files/file-tree.ts";
import { canonicalPath } from "./host-links.ts";

/**
 * Where the system manager looks for units, the strongest first (`systemd-analyze unit-paths`, systemd 247 to
 * 262). /lib is its own directory only where /usr is not merged.
 */
const searchPath = [
  "/etc/systemd/system.control",
  "/run/systemd/system.control",
  "/run/systemd/transient",
  "/run/systemd/generator.early",
  "/etc/systemd/system",
  "/etc/systemd/system.attached",
  "/run/systemd/system",
  "/run/systemd/system.attached",
  "/run/systemd/generator",
  "/usr/local/lib/systemd/system",
  "/lib/systemd/system",
  "/usr/lib/systemd/system",
  "/run/systemd/generator.late",
];

/** The directories of the search path that the tree has, each once. */
export function unitDirectories(tree: FileTree): string[] {
  const seen = new Set<string>();
  const directories: string[] = [];
  const merged = tree.link("/lib") !== undefined;
  for (const directory of searchPath) {
    if (merged && directory.startsWith("/lib/")) continue;
    if (tree.kind(directory) !== "directory") continue;
    const resolved = canonicalPath(tree, directory);
    if (seen.has(resolved)) continue;
    seen.add(resolved);
    directories.push(directory);
  }
  return directories;
}
