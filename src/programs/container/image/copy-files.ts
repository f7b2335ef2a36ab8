import type { FileTree } from "../../../files/file-tree.ts";
import { absolutePath, nameOf } from "../../../files/host-path.ts";
import type { ContainerFile, ContainerFileSource } from "../../../model/container.ts";
import type { Value } from "../../../model/value.ts";
import type { Span } from "../../../text/span.ts";
import type { ContextFilter } from "./dockerignore.ts";
import { movedBelow, sourceAt } from "./image-path.ts";
import { compilePattern, patternMatches } from "./path-pattern.ts";

/** Where COPY and ADD put things. */
export interface Destination {
  readonly path: string;
  /** Written with a slash at the end, or named by several sources. */
  readonly isFolder: boolean;
}

/** The destination from the working directory; undefined where either is not known (pathRelativeToWorkingDir of BuildKit). */
export function destinationOf(
  written: Value<string>,
  workingDirectory: Value<string>,
  several: boolean,
): Destination | undefined {
  if (!written.known) return undefined;
  const text = written.value;
  if (!text.startsWith("/") && !workingDirectory.known) return undefined;
  const base = workingDirectory.known ? workingDirectory.value : "/";
  return {
    path: absolutePath(text, base),
    isFolder: several || text === "" || text === "." || text.endsWith("/") || text.endsWith("/."),
  };
}

/** As many files as a context is looked through for one COPY. */
const mostWalked = 20_000;

/** What stands in the context that a build sends. */
export class BuildContext {
  readonly #tree: FileTree;
  readonly #root: string;
  readonly #filter: ContextFilter;
  readonly #absent = new Map<string, readonly string[]>();

  constructor(tree: FileTree, root: string, filter: ContextFilter) {
    this.#tree = tree;
    this.#root = root;
    this.#filter = filter;
  }

  /**
   * Files that one source brings to a destination (solver/llbsolver/file of BuildKit and its fsutil copy): a file
   * goes into a folder or becomes the path; of a folder the contents go below the path.
   *
   * @param isFolder whether a path is known to be a folder in the image
   */
  copy(
    source: string,
    destination: Destination,
    at: Span,
    excluded: ContextFilter,
    isFolder: (path: string) => boolean,
  ): ContainerFile[] {
    const relative = absolutePath(source).slice(1);
    // A name with a slash at its end is meant as a folder, whose contents go below the path.
    if (source.endsWith("/") && this.#tree.kind(this.#real(relative)) === "missing")
      return this.#copyOne(relative, { path: destination.path, isFolder: false }, at, excluded, () => false);
    if (!/[*?[]/.test(relative)) return this.#copyOne(relative, destination, at, excluded, isFolder);
    const found = this.#matching(relative);
    if (found.length === 0) return [];
    return found.flatMap((each) => this.#copyOne(each, destination, at, excluded, isFolder));
  }

  #copyOne(
    relative: string,
    { path, isFolder: asFolder }: Destination,
    at: Span,
    excluded: ContextFilter,
    isFolder: (path: string) => boolean,
  ): ContainerFile[] {
    const real = this.#real(relative);
    const kind = this.#tree.kind(real);
    const place = asFolder || isFolder(path) ? absolutePath(nameOf(relative), path) : path;
    const unknown = (why: string, where: string): ContainerFile[] => [
      { path: where, source: { kind: "unknown", why }, at, readOnly: false },
    ];
    const shown = relative === "" ? "the build context" : relative;
    if (relative !== "" && this.#filter.excludes(relative) && !this.#filter.hasExceptions)
      return unknown(`${shown} is kept out of the build by .dockerignore`, place);
    if (kind === "missing") return unknown(`${shown} is not in the repository`, place);
    if (kind === "file")
      return [{ path: place, source: { kind: "repository", path: real }, at, readOnly: false }];
    if (kind !== "directory") return unknown(`${shown} cannot be read`, place);
    const folder: ContainerFile = { path, source: { kind: "repository", path: real }, at, readOnly: false };
    const why = "kept out of the build by .dockerignore";
    const absent = [...this.#absentBelow(relative), ...this.#excludedBelow(relative, excluded)];
    return [
      folder,
      ...absent.map(
        (each): ContainerFile => ({
          path: absolutePath(each, path),
          source: { kind: "absent", why },
          at,
          readOnly: false,
        }),
      ),
    ];
  }

  #real(relative: string): string {
    return absolutePath(relative, this.#root);
  }

  /** What the filter keeps out of a folder, relative to the folder; looked up once for each folder. */
  #absentBelow(folder: string): readonly string[] {
    if (this.#filter.empty) return [];
    const known = this.#absent.get(folder);
    if (known !== undefined) return known;
    const prefix = folder === "" ? "" : `${folder}/`;
    const found = this.#walk(
      folder,
      (path) => this.#filter.excludes(prefix + path),
      this.#filter.hasExceptions,
    );
    this.#absent.set(folder, found);
    return found;
  }

  #excludedBelow(folder: string, excluded: ContextFilter): readonly string[] {
    return excluded.empty
      ? []
      : this.#walk(folder, (path) => excluded.excludes(path), excluded.hasExceptions);
  }

  /** Paths below a folder that are left out; of a folder that is left out whole only the folder. */
  #walk(folder: string, leavesOut: (path: string) => boolean, hasExceptions: boolean): string[] {
    const found: string[] = [];
    const pending = [""];
    let walked = 0;
    for (let at = pending.pop(); at !== undefined && walked < mostWalked; at = pending.pop()) {
      const real = this.#real(folder === "" ? at : `${folder}/${at}`);
      for (const name of this.#tree.list(real)) {
        walked += 1;
        const path = at === "" ? name : `${at}/${name}`;
        const child = real === "/" ? `/${name}` : `${real}/${name}`;
        const isFolder = this.#tree.link(child) === undefined && this.#tree.kind(child) === "directory";
        const out = leavesOut(path);
        if (out && !(isFolder && hasExceptions)) found.push(path);
        else if (isFolder) pending.push(path);
      }
    }
    return found;
  }

  /** Paths that a pattern names, in byte order; a star stops at a slash and takes leading dots (filepath.Match of Go). */
  #matching(pattern: string): string[] {
    let paths = [""];
    for (const part of pattern.split("/")) {
      const special = /[*?[\\]/.test(part);
      const compiled = special ? compilePattern(part.replace(/\*+/g, "*")) : undefined;
      if (special && compiled === undefined) return [];
      const next: string[] = [];
      for (const folder of paths) {
        const names =
          compiled === undefined
            ? [part]
            : this.#tree.list(this.#real(folder)).filter((name) => patternMatches(compiled, name));
        for (const name of names) {
          const path = folder === "" ? name : `${folder}/${name}`;
          if (this.#tree.kind(this.#real(path)) !== "missing" && next.length < mostWalked) next.push(path);
        }
      }
      paths = next;
    }
    return paths.filter((path) => !this.#filter.excludes(path));
  }
}

/**
 * Files that COPY --from=STAGE brings: those that the stage itself has from the context.
 */
export function copyFromStage(
  files: readonly ContainerFile[],
  tree: FileTree,
  source: string,
  destination: Destination,
  at: Span,
  isFolder: (path: string) => boolean,
): ContainerFile[] {
  const path = absolutePath(source);
  const found = sourceAt(files, path);
  const inside = destination.isFolder || isFolder(destination.path);
  const place = inside ? absolutePath(nameOf(path), destination.path) : destination.path;
  const one = (where: string, what: ContainerFileSource): ContainerFile[] => [
    { path: where, source: what, at, readOnly: false },
  ];
  if (/[*?[]/.test(path))
    return one(destination.path, {
      kind: "unknown",
      why: `${source} is a pattern over the files of another stage`,
    });
  if (found?.kind === "inline" || (found?.kind === "repository" && tree.kind(found.path) === "file"))
    return one(place, found);
  if (found?.kind === "repository" && tree.kind(found.path) === "directory")
    return [...one(destination.path, found), ...movedBelow(files, path, destination.path, at)];
  const below = movedBelow(files, path, destination.path, at);
  const why = `${source} is made by another stage`;
  return [...one(below.length > 0 ? destination.path : place, { kind: "unknown", why }), ...below];
}
