import type { Problem } from "../syntax/problem.ts";
import type { SourceFile } from "../text/source-file.ts";
import type { EntryKind, FileTree } from "./file-tree.ts";
import { absolutePath, compareBytes, directoryOf, isWithin, nameOf } from "./host-path.ts";

/** Where a path of the host really is. */
export interface Placement {
  readonly tree: FileTree;
  readonly path: string;
}

/** Files of a tree that are not to be seen through a folder, since they were placed on their own or left aside. */
export interface Hidden {
  readonly tree: FileTree;
  readonly paths: ReadonlySet<string>;
}

const mostLinks = 40;

/**
 * A host put together from files and folders of other trees.
 *
 * A file stands at the path it was placed at; a placed folder brings all below it but what is hidden. A file
 * wins over a folder, a deeper folder over a higher one, and listings are joined. A link that leads nowhere in
 * its own tree (`sites-enabled/app` of a repository, written for the machine as /etc/nginx/sites-available/app)
 * is followed in the host.
 */
export function overlayTree(
  files: ReadonlyMap<string, Placement>,
  folders: ReadonlyMap<string, Placement> = new Map(),
  hidden?: Hidden,
): FileTree {
  return new OverlayTree(files, folders, hidden);
}

class OverlayTree implements FileTree {
  readonly #files: ReadonlyMap<string, Placement>;
  /** Deepest first. */
  readonly #folders: readonly (readonly [string, Placement])[];
  readonly #hidden: Hidden | undefined;
  readonly #names = new Map<string, Set<string>>();

  constructor(
    files: ReadonlyMap<string, Placement>,
    folders: ReadonlyMap<string, Placement>,
    hidden: Hidden | undefined,
  ) {
    this.#files = files;
    this.#folders = [...folders].sort(([left], [right]) => right.length - left.length);
    this.#hidden = hidden;
    for (const path of [...files.keys(), ...folders.keys()])
      for (let child = path; child !== "/"; child = directoryOf(child)) {
        const parent = directoryOf(child);
        const names = this.#names.get(parent);
        if (names?.has(nameOf(child)) === true) break;
        if (names === undefined) this.#names.set(parent, new Set([nameOf(child)]));
        else names.add(nameOf(child));
      }
  }

  kind(path: string): EntryKind {
    const { path: meant, place } = this.#find(path);
    if (place !== undefined) return place.tree.kind(place.path);
    return meant === "/" || this.#names.has(meant) ? "directory" : "missing";
  }

  read(path: string): SourceFile | undefined {
    const { place } = this.#find(path);
    return place?.tree.read(place.path);
  }

  problem(path: string): Problem | undefined {
    const { place } = this.#find(path);
    return place?.tree.problem?.(place.path);
  }

  link(path: string): string | undefined {
    for (const place of this.#places(absolutePath(path))) {
      const target = place.tree.link(place.path);
      if (target !== undefined) return target;
      if (place.tree.kind(place.path) !== "missing") return undefined;
    }
    return undefined;
  }

  list(path: string): readonly string[] {
    const { path: meant } = this.#find(path);
    const names = new Set(this.#names.get(meant));
    for (const place of this.#places(meant))
      for (const name of place.tree.list(place.path))
        if (!this.#isHidden(place, absolutePath(name, place.path))) names.add(name);
    return [...names].sort(compareBytes);
  }

  /** The first place that holds something, after links of the machine; without one, the path that was meant. */
  #find(path: string): { readonly path: string; readonly place: Placement | undefined } {
    let meant = absolutePath(path);
    for (let links = 0; links <= mostLinks; links += 1) {
      let target: string | undefined;
      for (const place of this.#places(meant)) {
        if (place.tree.kind(place.path) !== "missing") return { path: meant, place };
        target ??= place.tree.link(place.path);
      }
      if (target === undefined) break;
      meant = absolutePath(target, directoryOf(meant));
    }
    return { path: meant, place: undefined };
  }

  *#places(path: string): Generator<Placement> {
    const file = this.#files.get(path);
    if (file !== undefined) yield file;
    for (const [folder, place] of this.#folders) {
      if (!isWithin(path, folder)) continue;
      const below = absolutePath(place.path + (folder === "/" ? path : path.slice(folder.length)));
      if (!this.#isHidden(place, below)) yield { tree: place.tree, path: below };
    }
  }

  #isHidden(place: Placement, path: string): boolean {
    return this.#hidden !== undefined && place.tree === this.#hidden.tree && this.#hidden.paths.has(path);
  }
}
