import type { DirectoryTree } from "./directory-tree.ts";
import { type EntryPoints, entryPoints, type NginxFile } from "./entry-points.ts";
import { directoryOf, isWithin, nameOf } from "./host-path.ts";
import { isReadInPlace } from "./placement.ts";
import { isBackup, isSample } from "./recognise/template-suffix.ts";
import type { FoundFile } from "./walk.ts";

/** What stands in a root tree at its place on the machine. */
export interface RootFiles {
  readonly files: readonly FoundFile[];
  readonly nginx: readonly NginxFile[];
  readonly starts: readonly string[];
  readonly hasUnits: boolean;
  readonly aside: readonly { readonly path: string; readonly why: string }[];
}

/** Folders at the top of every Linux or BSD machine (hier(7)). */
const machineFolders =
  /^\/(?:bin|boot|dev|etc|home|lib|lib64|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)\//;

const systemFolders = [
  "/etc",
  "/run/systemd",
  "/usr/lib/systemd",
  "/usr/local/lib/systemd",
  "/lib/systemd",
  "/run/sysctl.d",
  "/usr/lib/sysctl.d",
  "/usr/local/lib/sysctl.d",
  "/lib/sysctl.d",
  "/usr/local/etc",
  "/usr/local/nginx/conf",
  "/usr/local/openresty/nginx/conf",
  "/opt/nginx/conf",
];

/** A file that stands at its place on a machine says that the folder above `etc` is a root tree. */
const placeInRoot =
  /^(.*?)\/etc\/(?:nginx\/.|sysctl\.conf$|sysctl\.d\/.|security\/limits\.(?:conf$|d\/.)|systemd\/(?:system\.conf|system\/.))/;

/** The folder above `etc` where a path is that of a configuration on a machine; undefined for every other path. */
export function rootAbove(path: string): string | undefined {
  // FreeBSD's ports keep theirs in /usr/local/etc.
  const root = placeInRoot
    .exec(path)?.[1]
    ?.replace(/(?<=^|\/)usr\/local$/, "")
    .replace(/(?<=.)\/$/, "");
  return root === "" ? "/" : root;
}

/** The folders of which `etc` holds something of ours at its place; of two inside one machine the outer one. */
export function rootFolders(files: readonly FoundFile[]): readonly string[] {
  const roots = new Set<string>();
  for (const file of files) {
    const root = rootAbove(file.path);
    if (root !== undefined && isReadInPlace(file, hostPathIn(root, file.path))) roots.add(root);
  }
  const isInside = (root: string, outer: string): boolean =>
    outer !== root && isWithin(root, outer) && machineFolders.test(`${hostPathIn(outer, root)}/`);
  return [...roots].filter((root) => ![...roots].some((outer) => isInside(root, outer)));
}

/** The path that a file of the repository has on the machine of a root tree. */
export function hostPathIn(root: string, path: string): string {
  return root === "/" ? path : path.slice(root.length);
}

/** Whether a tree is a whole machine and not only the part of it that somebody keeps in a repository. */
export function isWholeMachine(tree: DirectoryTree): boolean {
  return tree.kind("/etc/os-release") === "file" || tree.kind("/usr/lib/os-release") === "file";
}

/** Where a whole machine keeps what hostlint reads: the rest of its disk is not walked. */
export function systemTops(tree: DirectoryTree): readonly string[] {
  return systemFolders.filter(
    (path) =>
      tree.kind(path) === "directory" &&
      tree.link(path) === undefined &&
      tree.link(directoryOf(path)) === undefined,
  );
}

/** Whether a file of a repository that is a root tree stands where no machine has a folder: beside the tree. */
export function isBesideMachine(path: string): boolean {
  return !machineFolders.test(path);
}

/**
 * Sorts the files of one root tree.
 *
 * @param files recognised files at their host paths
 */
export function rootFiles(files: readonly FoundFile[], tree: DirectoryTree): RootFiles {
  const inPlace = files.filter((file) => isReadInPlace(file, file.path));
  const nginx: NginxFile[] = [];
  const spare = new Map<FoundFile, string>();
  const mains = inPlace.filter(
    (file) => file.recognised.program === "nginx" && file.recognised.shape === "main" && !isSample(file.path),
  );
  const hasUsualName = mains.some((file) => nameOf(file.path) === "nginx.conf");
  for (const file of inPlace) {
    const { recognised, path } = file;
    if (recognised.program !== "nginx") continue;
    if (isSample(path)) spare.set(file, "it is a sample that nginx does not read");
    else if (isBackup(path)) spare.set(file, "it is named as a backup copy, and nginx does not read it");
    else if (
      recognised.shape === "main" &&
      hasUsualName &&
      nameOf(path) !== "nginx.conf" &&
      !isNamedByUnit(path, inPlace, tree)
    )
      spare.set(file, "it stands beside nginx.conf, and no unit starts nginx with it");
    else nginx.push({ path, shape: recognised.shape });
  }
  const entry = entryPoints(tree, nginx);
  const aside = [...spare]
    .filter(([file]) => !isReached(file, entry, tree))
    .map(([file, why]) => ({ path: tree.shown(file.path), why }));
  const unused = new Set(aside.map(({ path }) => path));
  for (const path of entry.disabled) {
    aside.push({ path: tree.shown(path), why: "no link in sites-enabled turns this site on" });
    unused.add(tree.shown(path));
  }
  const taken = inPlace.filter((file) => !unused.has(tree.shown(file.path)));
  return {
    files: taken,
    nginx,
    starts: entry.starts,
    hasUnits: taken.some((file) => file.recognised.program === "systemd"),
    aside,
  };
}

function isReached(file: FoundFile, entry: EntryPoints, tree: DirectoryTree): boolean {
  const source = tree.read(file.path);
  return source !== undefined && entry.reached.has(source);
}

function isNamedByUnit(path: string, files: readonly FoundFile[], tree: DirectoryTree): boolean {
  return files.some(
    (file) => file.recognised.program === "systemd" && tree.head(file.path)?.includes(path) === true,
  );
}
