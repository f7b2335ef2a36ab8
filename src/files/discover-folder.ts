import { fileSpan } from "../text/span.ts";
import { type Alternative, alternatives } from "./alternatives.ts";
import { joinProjects, type PlacedHost, withoutServers } from "./container-hosts.ts";
import { type DirectoryTree, directoryTree } from "./directory-tree.ts";
import type { ContainerProject, DiscoveredHost, Discovery, ResolveContainers } from "./discovered-host.ts";
import { groupLoose, placeOf } from "./grouping.ts";
import { directoryOf, isWithin, nameOf } from "./host-path.ts";
import { placeLoose } from "./loose-host.ts";
import { isReadInPlace } from "./placement.ts";
import { copiesTree, runsInContainer } from "./recognise/container.ts";
import { roleInWords } from "./recognise/recognised.ts";
import { isBackup, isSample } from "./recognise/template-suffix.ts";
import { rewritesOf } from "./rewriting-scripts.ts";
import {
  hostPathIn,
  isBesideMachine,
  isWholeMachine,
  type RootFiles,
  rootFiles,
  rootFolders,
  systemTops,
} from "./root-host.ts";
import type { UnsavedFile } from "./unsaved-file.ts";
import { type FoundFile, type Walk, walk } from "./walk.ts";

/** What one folder brings to a discovery, while it grows. */
interface Folder {
  readonly root: string;
  readonly unsaved: UnsavedFile | undefined;
  readonly isWholeMachine: boolean;
  readonly tree: DirectoryTree;
  readonly found: Walk;
  readonly projects: readonly ContainerProject[];
  readonly hosts: PlacedHost[];
  readonly aside: { path: string; why: string }[];
}

/**
 * The hosts of a folder: a whole machine, the root trees in it, and the loose files around them as
 * `groupLoose` and `alternatives` tell them apart.
 *
 * @param root the folder on the disk
 * @param display how it is named to the user; "" for the working directory
 * @param ignored absolute paths of the disk that are passed over
 * @param resolve makes projects of compose files, Dockerfiles and manifests
 * @param unsaved counts in place of what the disk holds
 * @param top where to look, a path of the tree
 */
export async function discoverFolder(
  root: string,
  display: string,
  ignored: (path: string) => boolean,
  resolve: ResolveContainers,
  unsaved: UnsavedFile | undefined,
  top = "/",
): Promise<Discovery> {
  const tree = directoryTree(root, display, unsaved);
  const whole = root === "/" || isWholeMachine(tree);
  const found = walk(tree, whole ? systemTops(tree) : [top], nameOf(root), (path) =>
    ignored(root === "/" ? path : root + path),
  );
  const aside = found.aside.map(({ path, why }) => ({ path: tree.shown(path), why }));
  if (!whole) tree.replaceWords(rewritesOf(tree, found.scripts));
  const containers = whole ? undefined : await resolve(tree, found.containers);
  const projects = containers?.projects ?? [];
  const folder: Folder = { root, unsaved, isWholeMachine: whole, tree, found, projects, hosts: [], aside };
  if (whole) addRoot(folder, "/", found.files, []);
  else addRepository(folder);
  const hosts = joinProjects(folder.hosts, projects, tree, found.repositories);
  // Beside other hosts it goes without saying that a compose file of databases is none.
  if (hosts.length === 0 && containers !== undefined)
    folder.aside.push(...withoutServers(found.containers, containers, tree));
  return {
    hosts,
    aside: folder.aside,
    problems: found.unreadable.map((path) => tree.problem(path)).filter((problem) => problem !== undefined),
  };
}

function addRepository(folder: Folder): void {
  const found = { ...folder.found, files: outsideContainers(folder) };
  const roots = rootFolders(found.files);
  const loose: FoundFile[] = [];
  const inRoot = new Map<string, FoundFile[]>(roots.map((root) => [root, []]));
  const besideRoot = new Map<string, FoundFile[]>(roots.map((root) => [root, []]));
  for (const file of found.files) {
    const root = roots
      .filter((candidate) => isWithin(file.path, candidate))
      .sort((left, right) => right.length - left.length)[0];
    const hostPath = hostPathIn(root ?? "/", file.path);
    if (root !== undefined && isReadInPlace(file, hostPath))
      inRoot.get(root)?.push({ ...file, path: hostPath });
    else if (isBackup(file.path)) leave(folder, file, "it is named as a backup copy");
    else if (root === undefined) loose.push(file);
    else if (isBesideMachine(hostPath) || hostPath.startsWith("/etc/")) besideRoot.get(root)?.push(file);
    else leave(folder, file, "it stands in a root tree where its program does not read it");
  }
  for (const root of roots)
    loose.push(...addRoot(folder, root, inRoot.get(root) ?? [], besideRoot.get(root) ?? []));
  for (const group of groupLoose(loose, found.repositories)) {
    const split = alternatives(group.files);
    for (const file of split.samples) leave(folder, file, "it is a sample, to be copied under its real name");
    for (const alternative of split.hosts) addLoose(folder, group.folder, alternative);
  }
}

/** Files that no container reads; what stands in one where its nginx does not read it is left aside. */
function outsideContainers(folder: Folder): FoundFile[] {
  const read = new Set(folder.projects.flatMap((project) => project.files.map((file) => file.path)));
  const unread = new Map(
    folder.projects.flatMap((project) => project.unread.map((file) => [file.path, file])),
  );
  const folders = new Set([...read.keys()].map(directoryOf));
  return folder.found.files.filter((file) => {
    if (read.has(file.path)) return false;
    if (isSample(nameOf(file.path)) && folders.has(directoryOf(file.path))) {
      leave(folder, file, "it is a sample, to be copied under its real name");
      return false;
    }
    const inside = file.recognised.program === "nginx" ? unread.get(file.path) : undefined;
    if (inside === undefined) return true;
    leave(folder, file, `it is ${inside.inside} of ${inside.container}, where nginx does not read it`);
    return false;
  });
}

function leave(folder: Folder, file: FoundFile, why: string): void {
  folder.aside.push({ path: folder.tree.shown(file.path), why });
}

/** Adds a root tree, with the loose files beside it where they complete it; hands back those that do not. */
function addRoot(
  folder: Folder,
  root: string,
  files: readonly FoundFile[],
  beside: readonly FoundFile[],
): readonly FoundFile[] {
  const tree =
    root === "/" ? folder.tree : directoryTree(folder.root + root, folder.tree.shown(root), folder.unsaved);
  const own = rootFiles(files, tree);
  folder.aside.push(...own.aside);
  const completing = completes(own, beside, folder);
  const below = beside.map((file) => ({ ...file, path: hostPathIn(root, file.path) }));
  const hidden = new Set(below.map((file) => file.path));
  const merged = completing ? placeLoose({ mark: undefined, files: below }, tree, hidden, own) : undefined;
  folder.aside.push(...(merged?.aside ?? []));
  const host: DiscoveredHost = {
    name: tree.shown("/"),
    kind: "root",
    tree: merged?.tree ?? tree,
    nginx: merged?.nginx ?? own.starts,
    hasUnits: merged?.hasUnits ?? own.hasUnits,
    repository: folder.isWholeMachine ? undefined : folder.tree,
    containerFiles: imagesWith(folder, root),
    containers: [],
    containerProblems: [],
    files: [
      ...withoutLinksToListed(tree, own.files).map((file) => ({
        path: tree.shown(file.path),
        role: roleInWords(file.recognised),
      })),
      ...(merged?.files ?? []),
    ],
  };
  if (host.files.length === 0) return completing ? [] : beside;
  const placed = own.files.map((file) => ({ ...file, path: root === "/" ? file.path : root + file.path }));
  folder.hosts.push({ host, files: completing ? [...placed, ...beside] : placed });
  return completing ? [] : beside;
}

/** Whether loose files and a root tree are one host: one set of files that claims no place that the tree has. */
function completes(own: RootFiles, beside: readonly FoundFile[], folder: Folder): boolean {
  const groups = groupLoose(beside, folder.found.repositories);
  const [first] = groups;
  if (first === undefined || groups.length !== 1 || alternatives(first.files).hosts.length !== 1)
    return false;
  const has = new Set(own.files.map(placeOf).filter((place) => place !== undefined));
  const bothNginx = own.nginx.length > 0 && beside.some((file) => file.recognised.program === "nginx");
  return !bothNginx && !beside.some((file) => has.has(placeOf(file) ?? ""));
}

function addLoose(folder: Folder, place: string, alternative: Alternative): void {
  const { tree, found } = folder;
  if (alternative.files.every((file) => file.recognised.program === "gunicorn")) {
    for (const file of alternative.files)
      leave(folder, file, "settings of gunicorn that no unit here starts");
    return;
  }
  const read = new Set(folder.projects.flatMap((project) => project.files.map((file) => file.path)));
  const placed = placeLoose(
    alternative,
    tree,
    new Set(found.files.map((file) => file.path)),
    undefined,
    found.files.filter((file) => read.has(file.path)),
  );
  folder.aside.push(...placed.aside);
  if (placed.files.length === 0) return;
  const host: DiscoveredHost = {
    name: tree.shown(alternative.mark?.path ?? place),
    kind: "loose",
    tree: placed.tree,
    nginx: placed.nginx,
    hasUnits: placed.hasUnits,
    repository: tree,
    containerFiles: containerFilesOf(folder, place),
    containers: [],
    containerProblems: [],
    files: placed.files,
  };
  folder.hosts.push({ host, files: alternative.files });
}

/** Folders that are named after what their content is for. */
const containerFolder = /\/\.?(?:docker(?:files?)?|containers?|podman)(?=\/|$)/i;

/**
 * Container files above, at or below the folder of a host that show that nginx or gunicorn runs in a container. Where
 * a folder says that its files are for containers, or a part of the repository has a Dockerfile of its own, none needs
 * to name the program.
 */
function containerFilesOf(folder: Folder, place: string): DiscoveredHost["containerFiles"] {
  const { tree, found } = folder;
  const around = (path: string): boolean => isWithin(path, place) || isWithin(place, directoryOf(path));
  const near = [...found.containers.compose, ...found.containers.images].filter(around);
  const shown = near.flatMap((path) => {
    const file = tree.read(path);
    return (file && runsInContainer(file)) ?? [];
  });
  if (shown.length > 0) return shown;
  const own = found.containers.images.filter(
    (path) => directoryOf(path) !== "/" && isWithin(place, directoryOf(path)),
  );
  return (containerFolder.test(place) ? near : own).flatMap((path) => {
    const file = tree.read(path);
    return file === undefined ? [] : fileSpan(file);
  });
}

/** Dockerfiles that copy a root tree into their image. */
function imagesWith(folder: Folder, root: string): DiscoveredHost["containerFiles"] {
  const { tree, found } = folder;
  return found.containers.images
    .filter((path) => isWithin(root, directoryOf(path)))
    .flatMap((path) => {
      const file = tree.read(path);
      const above = directoryOf(path) === "/" ? "/" : `${directoryOf(path)}/`;
      return (file && copiesTree(file, root === "/" ? "" : root.slice(above.length))) ?? [];
    });
}

/** A link in sites-enabled and the site that it names are one file; it is listed once. */
function withoutLinksToListed(tree: DirectoryTree, files: readonly FoundFile[]): FoundFile[] {
  const plain = files.filter(({ path }) => tree.link(path) === undefined);
  if (plain.length === files.length) return plain;
  const listed = new Set(plain.map(({ path }) => tree.read(path)));
  return files.filter(({ path }) => tree.link(path) === undefined || !listed.has(tree.read(path)));
}
