import { SourceFile } from "../text/source-file.ts";
import type { EntryKind, FileTree } from "./file-tree.ts";
import { compareBytes } from "./host-path.ts";

type Entry =
  | { readonly kind: "file"; readonly content: string | Uint8Array; source?: SourceFile }
  | { readonly kind: "directory"; readonly names: Set<string> }
  | { readonly kind: "link"; readonly target: string };

/** As many links as Linux follows in one path (path_resolution(7)). */
const mostLinks = 40;

/**
 * A FileTree that stands in memory. Directories come from the paths; a path that ends with `/` is a directory
 * without files.
 *
 * @param files content by host path; the leading `/` may be left out
 * @param links target by host path; absolute targets count from the root of the tree
 * @param displayPrefix what stands before the path where a file is named to the user
 */
export function memoryTree(
  files: Readonly<Record<string, string | Uint8Array>>,
  links: Readonly<Record<string, string>> = {},
  displayPrefix = "",
): FileTree {
  const entries = new Map<string, Entry>([["/", { kind: "directory", names: new Set() }]]);

  const place = (path: string, entry: Entry | undefined): void => {
    const parts = path.split("/").filter((part) => part !== "" && part !== ".");
    let directory = "/";
    for (const [index, name] of parts.entries()) {
      const parent = entries.get(directory);
      if (parent?.kind !== "directory")
        throw new TypeError(`${directory} is a file and a directory at the same time`);
      parent.names.add(name);
      directory = directory === "/" ? `/${name}` : `${directory}/${name}`;
      const last = index === parts.length - 1;
      if (last && entry !== undefined) entries.set(directory, entry);
      else if (!entries.has(directory)) entries.set(directory, { kind: "directory", names: new Set() });
    }
  };

  for (const [path, content] of Object.entries(files))
    place(path, path.endsWith("/") ? undefined : { kind: "file", content });
  for (const [path, target] of Object.entries(links)) place(path, { kind: "link", target });

  /** The path with every link on the way followed; undefined where it leads nowhere. */
  const resolve = (path: string, followLast: boolean): string | undefined => {
    const ahead = path.split("/").reverse();
    const real: string[] = [];
    let followed = 0;
    for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
      if (name === "" || name === ".") continue;
      if (name === "..") {
        real.pop();
        continue;
      }
      real.push(name);
      const at = `/${real.join("/")}`;
      if (at === "/dev/null") return ahead.length === 0 ? at : undefined;
      const entry = entries.get(at);
      if (entry === undefined && at === "/dev" && ahead.length > 0) continue;
      if (entry === undefined) return undefined;
      if (entry.kind === "link" && (followLast || ahead.length > 0)) {
        followed += 1;
        if (followed > mostLinks) return undefined;
        real.pop();
        if (entry.target.startsWith("/")) real.length = 0;
        ahead.push(...entry.target.split("/").reverse());
      } else if (entry.kind === "file" && ahead.length > 0) return undefined;
    }
    return `/${real.join("/")}`;
  };

  const find = (path: string, followLast = true): Entry | undefined => {
    const real = resolve(path, followLast);
    return real === undefined ? undefined : entries.get(real);
  };

  return {
    kind(path): EntryKind {
      const real = resolve(path, true);
      if (real === "/dev/null") return "masked";
      const entry = real === undefined ? undefined : entries.get(real);
      return entry === undefined || entry.kind === "link" ? "missing" : entry.kind;
    },
    read(path) {
      const entry = find(path);
      if (entry?.kind !== "file") return undefined;
      entry.source ??= toSource(joined(displayPrefix, path), entry.content);
      return entry.source;
    },
    list(path) {
      const entry = find(path);
      return entry?.kind === "directory" ? [...entry.names].sort(compareBytes) : [];
    },
    link(path) {
      const entry = find(path, false);
      return entry?.kind === "link" ? entry.target : undefined;
    },
  };
}

function toSource(path: string, content: string | Uint8Array): SourceFile {
  return typeof content === "string" ? new SourceFile(path, content) : SourceFile.fromBytes(path, content);
}

function joined(prefix: string, path: string): string {
  const relative = path.replace(/^\/+/, "");
  return prefix === "" ? relative : `${prefix.replace(/\/+$/, "")}/${relative}`;
}
