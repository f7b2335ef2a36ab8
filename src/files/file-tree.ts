import type { Problem } from "../syntax/problem.ts";
import type { SourceFile } from "../text/source-file.ts";

/** What stands at a path, after following symbolic links inside the tree. */
export type EntryKind = "file" | "directory" | "missing" | "masked" | "unreadable";

/**
 * A directory seen as `/` of a host. Paths are absolute host paths with `/`. Symbolic links resolve inside the
 * tree and never leave it. A link to /dev/null reads as `masked`.
 */
export interface FileTree {
  kind(path: string): EntryKind;
  /** The content of a regular file; undefined where there is none or it cannot be read (see `kind` and `problem`). */
  read(path: string): SourceFile | undefined;
  /**
   * The first 64 KB of a file as text; undefined where it cannot be read or holds binary data. A tree without it
   * holds no programs.
   */
  head?(path: string): string | undefined;
  /** Names in a directory, in byte order, `.` and `..` left out; empty where there is none. */
  list(path: string): readonly string[];
  /** Target of a symbolic link as written; undefined where the path is no link. */
  link(path: string): string | undefined;
  /** Why an `unreadable` path cannot be read, under the rule `files/unreadable`; undefined for every other path. */
  problem?(path: string): Problem | undefined;
}
