import { relative, resolve, sep } from "node:path";

/**
 * How a path is named to the user: relative to the working directory with `/`, "" for the directory itself; a
 * path outside of it as it was written.
 */
export function shownPath(path: string, workingDirectory: string): string {
  const inside = relative(workingDirectory, resolve(workingDirectory, path)).split(sep).join("/");
  if (inside !== ".." && !inside.startsWith("../")) return inside;
  return path
    .split(sep)
    .join("/")
    .replace(/(?<=.)\/+$/, "")
    .replace(/\/{2,}/g, "/");
}
