import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

const configurationName = "hostlint.yaml";

/**
 * The hostlint.yaml that counts for a path: in its folder or in one above, up to the root of the git repository.
 *
 * @param path absolute; a file, a folder, or nothing that exists
 */
export function findConfiguration(path: string): string | undefined {
  let folder = isKind(path, "directory") ? path : dirname(path);
  for (;;) {
    const candidate = join(folder, configurationName);
    if (isKind(candidate, "file")) return candidate;
    const parent = dirname(folder);
    if (parent === folder || existsSync(join(folder, ".git"))) return undefined;
    folder = parent;
  }
}

function isKind(path: string, kind: "file" | "directory"): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return false;
  return kind === "file" ? stats.isFile() : stats.isDirectory();
}
