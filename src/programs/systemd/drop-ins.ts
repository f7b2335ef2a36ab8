import type { FileTree } from "../../files/file-tree.ts";
import { compareBytes } from "../../files/host-path.ts";
import { canonicalPath } from "./host-links.ts";
import { instantiate, parseUnitName, templateOf, type UnitType } from "./unit-name.ts";

/**
 * The drop-ins of a unit in the order in which they are applied, the winner last.
 *
 * From all directories, sorted by base name; of several with one base name the first directory counts: the
 * search path decides first, then how specific the directory is, and `service.d` comes last
 * (unit_file_find_dropin_paths of src/shared/dropin.c and conf_files_list_strv, systemd 247 to 262).
 *
 * @param names all names of the unit, its own first
 * @returns host paths, links of the directory resolved; empty files and links to /dev/null are listed, as they
 *   hide others
 */
export function dropInPaths(
  tree: FileTree,
  searchPath: readonly string[],
  names: readonly string[],
  type: UnitType,
): string[] {
  const directories = new Set<string>();
  const add = (parent: string, name: string): void => {
    const path = `${parent}/${name}.d`;
    if (tree.kind(path) === "directory") directories.add(canonicalPath(tree, path));
  };
  for (const name of names) {
    const places = dropInNames(name);
    for (const parent of searchPath) for (const place of places) add(parent, place);
  }
  for (const parent of searchPath) add(parent, type);

  const chosen = new Map<string, string>();
  for (const directory of directories)
    for (const name of tree.list(directory))
      if (name.endsWith(".conf") && !name.startsWith(".") && !chosen.has(name))
        chosen.set(name, `${directory}/${name}`);
  return [...chosen.entries()].sort(([one], [other]) => compareBytes(one, other)).map(([, path]) => path);
}

/**
 * The names whose `.d` directories apply to a unit, the most specific first: its own, its template's, and those
 * of its prefixes that end in a dash (unit_file_find_dirs of src/shared/dropin.c).
 */
function dropInNames(text: string): string[] {
  const names: string[] = [];
  let pending = [text];
  while (pending.length > 0) {
    const [current = "", ...rest] = pending;
    pending = rest;
    const name = parseUnitName(current);
    if (name === undefined || names.includes(current)) continue;
    names.push(current);
    const next: string[] = [];
    if (name.instance !== undefined) next.push(templateOf(name));
    const shorter = dashPrefix(name.prefix);
    if (shorter !== undefined)
      next.push(
        name.instance === undefined
          ? `${shorter}.${name.type}`
          : instantiate({ ...name, prefix: shorter }, name.instance),
      );
    pending = [...next, ...pending];
  }
  return names;
}

/** `a-b-` of `a-b-c`, `a-` of `a-b-`; undefined where no dash is left. */
function dashPrefix(prefix: string): string | undefined {
  const whole = prefix.endsWith("-") ? prefix.slice(0, -1) : prefix;
  const dash = whole.lastIndexOf("-");
  if (dash <= 0) return undefined;
  return whole.slice(0, dash + 1);
}
