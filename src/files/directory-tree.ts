import {
  accessSync,
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  type Stats,
} from "node:fs";
import type { Problem } from "../syntax/problem.ts";
import { SourceFile } from "../text/source-file.ts";
import type { EntryKind, FileTree } from "./file-tree.ts";
import { absolutePath, compareBytes, directoryOf } from "./host-path.ts";
import { type ReplacedWord, wordsIn } from "./replaced-words.ts";
import { unreadable } from "./unreadable.ts";
import { pathInRoot, type UnsavedFile } from "./unsaved-file.ts";

/** Larger files are not read: no configuration is that long, and a log or a disk image must not fill the memory. */
export const largestFile = 64 * 1024 * 1024;

/** Enough of a file to tell what it is. */
const headSize = 64 * 1024;

/** Linux gives up after as many links (path_resolution(7)). */
const mostLinks = 40;

/** What stands in a directory, known without looking at each entry on its own. */
interface DirectoryEntry {
  readonly name: string;
  readonly kind: "file" | "directory" | "link" | "other";
}

/** A directory of the disk seen as `/`. */
export interface DirectoryTree extends FileTree {
  problem(path: string): Problem | undefined;
  /** Entries of a directory in byte order; links are not followed. */
  entries(path: string): readonly DirectoryEntry[];
  /** The first 64 KB of a file as text; undefined where it cannot be read or holds binary data (a NUL byte). */
  head(path: string): string | undefined;
  /** How a path of the tree is named to the user. */
  shown(path: string): string;
  /** Words that scripts replace: files that are read from now on know theirs. */
  replaceWords(replaced: readonly ReplacedWord[]): void;
}

/** A path after following links: where it ended, or why it did not. */
type Resolved =
  | { readonly kind: "file" | "directory"; readonly path: string }
  | { readonly kind: "missing" | "masked" }
  | { readonly kind: "unreadable"; readonly path: string; readonly why: string };

/**
 * The directory `root` as `/` of a host. Links, also absolute ones, resolve inside of it; `..` stops at it; a
 * link to /dev/null is `masked`; a loop of links is `missing`. FIFOs, sockets, devices, files above 64 MB and
 * what the user may not read are `unreadable`. Content, kinds and listings are read once and kept.
 *
 * @param root the directory on the disk
 * @param displayRoot how the directory is named to the user, relative to the working directory; "" for it itself
 * @param unsaved counts in place of what the disk holds; it and its folders need not exist there
 */
export function directoryTree(root: string, displayRoot: string, unsaved?: UnsavedFile): DirectoryTree {
  return new DiskTree(root, displayRoot, unsaved);
}

const longestTarget = 200;
const linkTarget = /^(?:\.{1,2}\/|\/)[\w@.+-]+(?:\/[\w@.+-]+)*$/;

/** What is asked of a stat. */
type EntryStats = Pick<Stats, "size" | "isFile" | "isDirectory" | "isSymbolicLink" | "isFIFO" | "isSocket">;

class DiskTree implements DirectoryTree {
  readonly #root: string;
  readonly #displayRoot: string;
  /** The unsaved file, at its path in the tree. */
  readonly #unsaved: { readonly path: string; readonly bytes: Uint8Array } | undefined;
  #replaced: readonly ReplacedWord[] = [];
  readonly #stats = new Map<string, EntryStats | Error | undefined>();
  readonly #links = new Map<string, string>();
  readonly #resolved = new Map<string, Resolved>();
  readonly #files = new Map<string, SourceFile | { readonly why: string }>();
  readonly #listings = new Map<string, readonly DirectoryEntry[] | { readonly why: string }>();

  constructor(root: string, displayRoot: string, unsaved: UnsavedFile | undefined) {
    this.#root = root.replace(/\/+$/, "");
    this.#displayRoot = displayRoot.replace(/(?<!^)\/+$/, "");
    const path = unsaved === undefined ? undefined : pathInRoot(this.#root, unsaved);
    this.#unsaved = unsaved === undefined || path === undefined ? undefined : { path, bytes: unsaved.bytes };
  }

  replaceWords(replaced: readonly ReplacedWord[]): void {
    this.#replaced = replaced;
  }

  kind(path: string): EntryKind {
    return this.#resolve(path).kind;
  }

  read(path: string): SourceFile | undefined {
    const found = this.#resolve(path);
    if (found.kind !== "file") return undefined;
    const kept = this.#files.get(found.path);
    if (kept !== undefined) return kept instanceof SourceFile ? kept : undefined;
    const bytes = this.#bytes(found.path, largestFile);
    if (bytes instanceof Uint8Array) {
      const words = wordsIn(found.path, this.#replaced);
      const file = SourceFile.fromBytes(this.shown(found.path), bytes, words);
      this.#files.set(found.path, file);
      return file;
    }
    this.#files.set(found.path, bytes);
    this.#resolved.clear();
    return undefined;
  }

  head(path: string): string | undefined {
    const found = this.#resolve(path);
    if (found.kind !== "file") return undefined;
    const kept = this.#files.get(found.path);
    if (kept instanceof SourceFile) return kept.text.slice(0, headSize);
    const bytes = this.#bytes(found.path, headSize);
    if (!(bytes instanceof Uint8Array) || bytes.includes(0)) return undefined;
    return new TextDecoder().decode(bytes);
  }

  list(path: string): readonly string[] {
    return this.entries(path).map((entry) => entry.name);
  }

  entries(path: string): readonly DirectoryEntry[] {
    const found = this.#resolve(path);
    if (found.kind !== "directory") return [];
    const kept = this.#listings.get(found.path);
    if (kept !== undefined) return "why" in kept ? [] : kept;
    const unsaved = this.#unsavedEntry(found.path);
    let names: Dirent[] = [];
    try {
      names = readdirSync(this.#onDisk(found.path), { withFileTypes: true });
    } catch (error) {
      if (unsaved === undefined || errorCode(error) !== "ENOENT") {
        this.#listings.set(found.path, { why: reason(error) });
        this.#resolved.clear();
        return [];
      }
    }
    const entries = names.map((entry): DirectoryEntry => ({ name: entry.name, kind: entryKind(entry) }));
    if (unsaved !== undefined && !entries.some(({ name }) => name === unsaved.name)) entries.push(unsaved);
    entries.sort((left, right) => compareBytes(left.name, right.name));
    this.#listings.set(found.path, entries);
    return entries;
  }

  link(path: string): string | undefined {
    const plain = absolutePath(path);
    if (plain === "/") return undefined;
    const directory = this.#resolve(directoryOf(plain));
    if (directory.kind !== "directory") return undefined;
    return this.#linkAt(join(directory.path, plain.slice(plain.lastIndexOf("/") + 1)));
  }

  problem(path: string): Problem | undefined {
    const found = this.#resolve(path);
    return found.kind === "unreadable" ? unreadable(this.shown(found.path), found.why) : undefined;
  }

  shown(path: string): string {
    const inside = absolutePath(path).slice(1);
    if (this.#displayRoot === "" || this.#displayRoot === ".") return inside === "" ? "." : inside;
    if (inside === "") return this.#displayRoot;
    return this.#displayRoot === "/" ? `/${inside}` : `${this.#displayRoot}/${inside}`;
  }

  #resolve(path: string): Resolved {
    const plain = absolutePathKeepingParents(path);
    const kept = this.#resolved.get(plain);
    if (kept !== undefined) return kept;
    const resolved = this.#follow(plain);
    this.#resolved.set(plain, resolved);
    return resolved;
  }

  #follow(path: string): Resolved {
    let rest = path.split("/").reverse();
    let at = "/";
    let links = 0;
    if (path === "/dev/null") return { kind: "masked" };
    while (rest.length > 0) {
      const name = rest.pop();
      if (name === undefined || name === "" || name === ".") continue;
      if (name === "..") {
        at = directoryOf(at);
        continue;
      }
      const next = join(at, name);
      const stat = this.#stat(next);
      if (stat === undefined) return { kind: "missing" };
      if (stat instanceof Error) return { kind: "unreadable", path: next, why: reason(stat) };
      const target = this.#linkAt(next);
      if (stat.isSymbolicLink() || target !== undefined) {
        links += 1;
        if (target === undefined || links > mostLinks) return { kind: "missing" };
        if (rest.length === 0 && absolutePath(target, at) === "/dev/null") return { kind: "masked" };
        if (target.startsWith("/")) at = "/";
        rest = [...rest, ...target.split("/").reverse()];
      } else if (stat.isDirectory()) at = next;
      else if (rest.some((part) => part !== "" && part !== ".")) return { kind: "missing" };
      else return this.#leaf(next, stat);
    }
    const listing = this.#listings.get(at);
    if (listing !== undefined && "why" in listing) return { kind: "unreadable", path: at, why: listing.why };
    return { kind: "directory", path: at };
  }

  /** The unsaved file or the folder that leads to it, as an entry of a directory. */
  #unsavedEntry(directory: string): DirectoryEntry | undefined {
    const below = directory === "/" ? directory : `${directory}/`;
    if (this.#unsaved?.path.startsWith(below) !== true) return undefined;
    const [name = "", ...rest] = this.#unsaved.path.slice(below.length).split("/");
    return { name, kind: rest.length === 0 ? "file" : "directory" };
  }

  #leaf(path: string, stat: EntryStats): Resolved {
    if (!stat.isFile())
      return { kind: "unreadable", path, why: `it is ${typeInWords(stat)}, not a regular file` };
    if (stat.size > largestFile) return { kind: "unreadable", path, why: tooLarge(stat.size) };
    const kept = this.#files.get(path);
    if (kept !== undefined && !(kept instanceof SourceFile))
      return { kind: "unreadable", path, why: kept.why };
    if (kept === undefined && path !== this.#unsaved?.path)
      try {
        accessSync(this.#onDisk(path), constants.R_OK);
      } catch (error) {
        return { kind: "unreadable", path, why: reason(error) };
      }
    return { kind: "file", path };
  }

  /** `path` has no link but its last part. */
  #stat(path: string): EntryStats | Error | undefined {
    if (this.#stats.has(path)) return this.#stats.get(path);
    let stat: EntryStats | Error | undefined;
    try {
      stat = lstatSync(this.#onDisk(path));
    } catch (error) {
      // A name that the system cannot even look up (a NUL byte, too long) is not there.
      stat = errorCode(error) === "EACCES" || errorCode(error) === "EIO" ? (error as Error) : undefined;
    }
    if (stat === undefined || (!(stat instanceof Error) && stat.isFile()))
      stat = this.#unsavedStat(path) ?? stat;
    this.#stats.set(path, stat);
    return stat;
  }

  #unsavedStat(path: string): EntryStats | undefined {
    if (this.#unsaved === undefined) return undefined;
    const isFile = this.#unsaved.path === path;
    if (!isFile && !this.#unsaved.path.startsWith(`${path}/`)) return undefined;
    const no = (): boolean => false;
    return {
      size: isFile ? this.#unsaved.bytes.length : 0,
      isFile: () => isFile,
      isDirectory: () => !isFile,
      isSymbolicLink: no,
      isFIFO: no,
      isSocket: no,
    };
  }

  #linkAt(path: string): string | undefined {
    const stat = this.#stat(path);
    if (stat === undefined || stat instanceof Error) return undefined;
    const kept = this.#links.get(path);
    if (kept !== undefined) return kept;
    if (!stat.isSymbolicLink()) return this.#checkedOutLink(path, stat);
    try {
      const target = readlinkSync(this.#onDisk(path));
      this.#links.set(path, target);
      return target;
    } catch {
      return undefined;
    }
  }

  /**
   * Where links cannot be made, as on Windows, git checks a link out as a file that holds the target and nothing
   * else, not even a line end. No program that is read here takes such a file.
   */
  #checkedOutLink(path: string, stat: EntryStats): string | undefined {
    if (!stat.isFile() || stat.size === 0 || stat.size > longestTarget) return undefined;
    const bytes = this.#bytes(path, longestTarget);
    if (!(bytes instanceof Uint8Array)) return undefined;
    const text = new TextDecoder().decode(bytes);
    if (!linkTarget.test(text)) return undefined;
    this.#links.set(path, text);
    return text;
  }

  /** Reads until the end or `most` bytes: files of /proc have a size of 0 and a content. */
  #bytes(path: string, most: number): Uint8Array | { readonly why: string } {
    if (path === this.#unsaved?.path) return this.#unsaved.bytes.subarray(0, most);
    let descriptor: number | undefined;
    try {
      // Without waiting and without following, should the file have become a FIFO or a link in the meantime.
      descriptor = openSync(
        this.#onDisk(path),
        constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW,
      );
      const stat = fstatSync(descriptor);
      if (!stat.isFile()) return { why: `it is ${typeInWords(stat)}, not a regular file` };
      const chunks: Uint8Array[] = [];
      let length = 0;
      while (length < most) {
        const chunk = new Uint8Array(Math.min(Math.max(stat.size - length + 1, 4096), most - length));
        const count = readSync(descriptor, chunk);
        if (count === 0) break;
        chunks.push(chunk.subarray(0, count));
        length += count;
      }
      return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    } catch (error) {
      return { why: reason(error) };
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }

  #onDisk(path: string): string {
    return path === "/" ? `${this.#root}/` : this.#root + path;
  }
}

function join(directory: string, name: string): string {
  return directory === "/" ? `/${name}` : `${directory}/${name}`;
}

/** `a/../b` is not `b` where `a` is a link, so parents are left to the walk. */
function absolutePathKeepingParents(path: string): string {
  return path.includes("..") ? `/${path}` : absolutePath(path);
}

function entryKind(entry: Dirent): DirectoryEntry["kind"] {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "link" : "other";
}

function typeInWords(stat: EntryStats): string {
  if (stat.isFIFO()) return "a FIFO";
  if (stat.isSocket()) return "a socket";
  if (stat.isDirectory()) return "a directory";
  return stat.isSymbolicLink() ? "a symbolic link" : "a device";
}

function tooLarge(size: number): string {
  return `it holds ${Math.ceil(size / 1024 / 1024)} MB, more than the 64 MB that are read of a file`;
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

function reason(error: unknown): string {
  switch (errorCode(error)) {
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "EIO":
      return "the disk reports an input/output error";
    case "EMFILE":
    case "ENFILE":
      return "too many open files";
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
