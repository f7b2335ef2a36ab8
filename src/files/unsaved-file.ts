import { realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** What an editor holds of a file and has not written. */
export interface UnsavedFile {
  /** Absolute, links followed: see `realPath`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** An absolute path with its links followed; of what does not exist, as far as it does. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(realPath(folder), basename(path));
  }
}

/** What an absolute path is since an unsaved file stands there or below. */
export function unsavedKind(
  path: string,
  unsaved: UnsavedFile | undefined,
): "file" | "directory" | undefined {
  if (unsaved === undefined) return undefined;
  const real = realPath(path);
  if (real === unsaved.path) return "file";
  return unsaved.path.startsWith(real === "/" ? real : `${real}/`) ? "directory" : undefined;
}

/** The path that an unsaved file has in the directory `root` seen as `/`; undefined where it stands outside. */
export function pathInRoot(root: string, { path }: UnsavedFile): string | undefined {
  const top = realPath(root === "" ? "/" : root).replace(/\/$/, "");
  return path.startsWith(`${top}/`) ? path.slice(top.length) : undefined;
}
