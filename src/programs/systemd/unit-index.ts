import type { FileTree } from "../../files/file-tree.ts";
import { nameOf } from "../../files/host-path.ts";
import { canonicalPath, linkTarget } from "./host-links.ts";
import { instantiate, isUnitType, parseUnitName, templateOf, type UnitName } from "./unit-name.ts";

/** Where the file of a unit is, and under which names it is known. */
export interface Fragment {
  readonly path: string;
  readonly names: readonly string[];
}

/**
 * The names of a search path, as unit_file_build_name_map of src/basic/unit-file.c maps them: the first
 * directory that has a name decides; a link to another unit of the path is an alias, a link that leaves the path
 * is a linked unit.
 */
export class UnitIndex {
  /** Name to path, or to the name that an alias stands for. */
  readonly #targets = new Map<string, string>();
  /** Name of a file to the names that lead to it. */
  readonly #aliases = new Map<string, string[]>();
  readonly directories: readonly string[];
  /** Names of the directories next to the units: `nginx.service.d`, `multi-user.target.wants`. */
  readonly sideDirectories: ReadonlySet<string>;

  constructor(tree: FileTree, directories: readonly string[]) {
    this.directories = directories;
    const sides = new Set<string>();
    const inside = new Set(directories.flatMap((each) => [each, canonicalPath(tree, each)]));
    for (const directory of directories)
      for (const name of tree.list(directory)) {
        const path = `${directory}/${name}`;
        const unit = parseUnitName(name);
        if (unit === undefined) {
          if (isSideDirectory(name) && tree.kind(path) === "directory") sides.add(name);
        } else if (!this.#targets.has(name)) {
          const target = unitTarget(tree, path, unit, inside);
          if (target !== undefined) this.#targets.set(name, target);
        }
      }
    this.sideDirectories = sides;
    for (const name of this.#targets.keys()) this.#addAlias(tree, name);
  }

  /** Every name that a file or a link has. */
  names(): string[] {
    return [...this.#targets.keys()];
  }

  /** unit_file_find_fragment: the file of a unit, else of its template. */
  find(name: UnitName): Fragment | undefined {
    const own = this.#resolve(name.text);
    const template = own === undefined && name.instance !== undefined ? templateOf(name) : undefined;
    const path = own ?? (template === undefined ? undefined : this.#resolve(template));
    const names = new Set([name.text, ...this.#namesFor(name, name.text)]);
    if (path !== undefined && nameOf(path) !== name.text) {
      const file = parseUnitName(nameOf(path));
      if (file !== undefined) {
        if (!file.isTemplate || name.instance === undefined) names.add(file.text);
        for (const each of this.#namesFor(name, file.text)) names.add(each);
      }
    }
    for (const each of [...names])
      if (parseUnitName(each)?.isTemplate && !name.isTemplate) names.delete(each);
    return path === undefined ? undefined : { path, names: [...names] };
  }

  #namesFor(name: UnitName, target: string): string[] {
    const known = this.#aliases.get(target) ?? [];
    return known.map((each) => {
      const alias = parseUnitName(each);
      return alias?.isTemplate && name.instance !== undefined ? instantiate(alias, name.instance) : each;
    });
  }

  /** Follows aliases, a few at most; a path stands at the end. */
  #resolve(name: string): string | undefined {
    let current = name;
    for (let hops = 0; hops < 8; hops++) {
      const target = this.#targets.get(current);
      if (target === undefined || target.startsWith("/")) return target;
      current = target;
    }
    return undefined;
  }

  #addAlias(tree: FileTree, name: string): void {
    const path = this.#resolve(name);
    if (path === undefined || isMask(tree, path)) return;
    const target = parseUnitName(nameOf(path));
    const alias = parseUnitName(name);
    const key =
      target?.isTemplate && alias?.instance !== undefined
        ? instantiate(target, alias.instance)
        : nameOf(path);
    this.#aliases.set(key, [...(this.#aliases.get(key) ?? []), name]);
  }
}

/** A link to /dev/null or an empty file. */
export function isMask(tree: FileTree, path: string): boolean {
  const kind = tree.kind(path);
  return kind === "masked" || (kind === "file" && tree.read(path)?.text === "");
}

function isSideDirectory(name: string): boolean {
  const unit = /^(.+)\.(?:d|wants|requires)$/.exec(name)?.[1];
  return unit !== undefined && (parseUnitName(unit) !== undefined || isUnitType(unit));
}

/** The path of a file or linked unit, the name behind an alias, or undefined for what systemd does not take. */
function unitTarget(
  tree: FileTree,
  path: string,
  unit: UnitName,
  inside: ReadonlySet<string>,
): string | undefined {
  const link = tree.link(path);
  if (link === undefined) return tree.kind(path) === "directory" ? undefined : path;
  const target = linkTarget(tree, path, link);
  const isAlias = [...inside].some((directory) => target.startsWith(`${directory}/`));
  if (!isAlias) return path;
  const alias = parseUnitName(nameOf(target));
  return alias !== undefined && mayAlias(unit, alias) ? alias.text : undefined;
}

const aliasable = new Set(["service", "socket", "target", "device", "timer", "path"]);

/** unit_validate_alias_symlink_or_warn: the type and the kind of name must agree, and the instance too. */
function mayAlias(unit: UnitName, target: UnitName): boolean {
  if (unit.text === target.text || unit.type !== target.type || !aliasable.has(unit.type)) return false;
  if (unit.instance !== undefined) return target.isTemplate || target.instance === unit.instance;
  return unit.isTemplate === target.isTemplate && target.instance === undefined;
}
