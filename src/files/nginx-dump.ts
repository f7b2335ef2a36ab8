import type { Problem } from "../syntax/problem.ts";
import { SourceFile } from "../text/source-file.ts";
import { fileSpan } from "../text/span.ts";
import type { EntryKind, FileTree } from "./file-tree.ts";
import { absolutePath, compareBytes, directoryOf, nameOf } from "./host-path.ts";

/** The output of `nginx -T`, taken apart. */
interface NginxDump {
  readonly tree: FileTree;
  /** The file that nginx started with: the first of the dump. */
  readonly main: string;
  /** Host paths in the order of the dump. */
  readonly paths: readonly string[];
}

/** Written by nginx before each file it has read (ngx_dump_config in src/core/nginx.c). */
const mark = /^# configuration file (.+):\r?$/gm;

/**
 * Reads the output of `nginx -T`: test results, then each file once behind its mark. nginx writes one line
 * end after each file. Text without a mark is a Problem.
 *
 * @param path how the dump is named to the user, such as `-`
 */
export function nginxDump(text: string, path: string): NginxDump | Problem {
  const files = new Map<string, SourceFile>();
  let open: { readonly path: string; readonly start: number } | undefined;
  const close = (end: number): void => {
    if (open === undefined || files.has(open.path)) return;
    const content = text.slice(open.start, end);
    files.set(open.path, new SourceFile(open.path, content.replace(/\r?\n$/, "")));
  };
  for (const found of text.matchAll(mark)) {
    close(found.index);
    open = { path: absolutePath(found[1] ?? ""), start: found.index + found[0].length + 1 };
  }
  close(text.length);
  const [main] = files.keys();
  if (main === undefined)
    return {
      rule: "files/unreadable",
      message: `${path} is no output of nginx -T: it has no line "# configuration file PATH:"`,
      at: fileSpan(new SourceFile(path, text)),
      help: "pipe the output of nginx -T, run by a user who may read the configuration",
    };
  return { tree: new DumpTree(files), main, paths: [...files.keys()] };
}

class DumpTree implements FileTree {
  readonly #files: ReadonlyMap<string, SourceFile>;
  readonly #names = new Map<string, Set<string>>([["/", new Set()]]);

  constructor(files: ReadonlyMap<string, SourceFile>) {
    this.#files = files;
    for (const path of files.keys())
      for (let child = path; child !== "/"; child = directoryOf(child)) {
        const names = this.#names.get(directoryOf(child));
        if (names === undefined) this.#names.set(directoryOf(child), new Set([nameOf(child)]));
        else names.add(nameOf(child));
      }
  }

  kind(path: string): EntryKind {
    const plain = absolutePath(path);
    if (this.#files.has(plain)) return "file";
    return this.#names.has(plain) ? "directory" : "missing";
  }

  read(path: string): SourceFile | undefined {
    return this.#files.get(absolutePath(path));
  }

  list(path: string): readonly string[] {
    return [...(this.#names.get(absolutePath(path)) ?? [])].sort(compareBytes);
  }

  link(): string | undefined {
    return undefined;
  }
}
