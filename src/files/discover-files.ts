import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { alternatives } from "./alternatives.ts";
import { joinProjects, withoutServers } from "./container-hosts.ts";
import { type DirectoryTree, directoryTree } from "./directory-tree.ts";
import type { ContainerFiles, DiscoveredHost, Discovery, ResolveContainers } from "./discovered-host.ts";
import { groupLoose } from "./grouping.ts";
import { directoryOf } from "./host-path.ts";
import { placeLoose } from "./loose-host.ts";
import { containerFileKind, isComposeOfStage } from "./recognise/container.ts";
import { containerList, type FileRole, recogniseAs } from "./recognise/declared-role.ts";
import { mayBeManifest, recogniseManifest } from "./recognise/kubernetes.ts";
import { recogniseNamed } from "./recognise/recognise.ts";
import { rewritesOf, scriptsAbove } from "./rewriting-scripts.ts";
import { rootAbove } from "./root-host.ts";
import { shownPath } from "./shown-path.ts";
import type { UnsavedFile } from "./unsaved-file.ts";
import type { FoundFile } from "./walk.ts";

/**
 * Files that were named one by one. Those of one root tree make a host, the others are grouped as in a folder.
 * Only they are taken; what an nginx file includes and the drop-ins of a unit are found beside them.
 */
export async function discoverFiles(
  paths: readonly string[],
  workingDirectory: string,
  resolveContainers: ResolveContainers,
  unsaved: UnsavedFile | undefined,
  roles: ReadonlyMap<string, FileRole>,
): Promise<Discovery> {
  const byRoot = new Map<string | undefined, string[]>();
  for (const path of paths) {
    const root = rootAbove(resolve(workingDirectory, path));
    const members = byRoot.get(root);
    if (members === undefined) byRoot.set(root, [path]);
    else members.push(path);
  }
  const found: Discovery[] = [];
  for (const [root, members] of byRoot)
    found.push(await discoverTogether(members, root, workingDirectory, resolveContainers, unsaved, roles));
  return {
    hosts: found.flatMap((discovery) => discovery.hosts),
    aside: found.flatMap((discovery) => discovery.aside),
    problems: found.flatMap((discovery) => discovery.problems),
  };
}

async function discoverTogether(
  paths: readonly string[],
  above: string | undefined,
  workingDirectory: string,
  resolveContainers: ResolveContainers,
  unsaved: UnsavedFile | undefined,
  roles: ReadonlyMap<string, FileRole>,
): Promise<Discovery> {
  const places = paths.map((path) => resolve(workingDirectory, path));
  const root = above ?? rootAround(places, workingDirectory);
  const tree = directoryTree(root, shownRoot(root, workingDirectory, paths), unsaved);
  const inTree = places.map((place) => (root === "/" ? place : place.slice(root.length)));
  tree.replaceWords(rewritesOf(tree, scriptsAbove(tree, inTree)));
  const named: FoundFile[] = [];
  const ofContainers: Record<keyof ContainerFiles, string[]> = {
    compose: [],
    images: [],
    manifests: [],
    procfiles: [],
  };
  const aside: { path: string; why: string }[] = [];
  const problems: Discovery["problems"][number][] = [];
  for (const place of places) {
    const path = root === "/" ? place : place.slice(root.length);
    const text = tree.head(path);
    const problem = tree.problem(path);
    if (problem !== undefined) problems.push(problem);
    else if (text === undefined) aside.push({ path: tree.shown(path), why: "it holds binary data" });
    else {
      const declared = roles.get(place);
      const list = declared === undefined ? containerRole(place, text) : containerList(declared);
      if (list !== undefined) {
        ofContainers[list].push(path);
        continue;
      }
      const verdict =
        declared === undefined ? recogniseNamed(place, text) : recogniseAs(declared, place, text);
      if ("not" in verdict) aside.push({ path: tree.shown(path), why: verdict.not });
      else {
        const file = { path, recognised: verdict };
        named.push(file, ...dropInsOf(file, tree, places, root));
      }
    }
  }
  const containers = await resolveContainers(tree, ofContainers);
  const { projects } = containers;
  const read = new Set(projects.flatMap((project) => project.files.map(({ path }) => path)));
  aside.push(...withoutServers(ofContainers, containers, tree));
  const files = named.filter((file) => !read.has(file.path));
  const taken = new Set(files.map((file) => file.path));
  const groups = above === undefined ? groupLoose(files, []) : [{ folder: "/", files }];
  const hosts = groups.flatMap((group) => {
    const split = alternatives(group.files);
    return split.hosts.map((alternative): DiscoveredHost => {
      const { aside: disabled, ...placed } = placeLoose(alternative, tree, taken);
      aside.push(...disabled);
      const mark = alternative.mark ?? (alternative.files.length === 1 ? alternative.files[0] : undefined);
      return {
        ...placed,
        name: tree.shown(mark?.path ?? group.folder),
        kind: "loose",
        repository: tree,
        containerFiles: [],
        containers: [],
        containerProblems: [],
      };
    });
  });
  return {
    hosts: [...(files.length === 0 ? [] : hosts), ...joinProjects([], projects, tree, [])],
    aside,
    problems,
  };
}

/** What a named file says about containers; undefined for every other file. */
function containerRole(path: string, text: string): keyof ContainerFiles | undefined {
  const kind = containerFileKind(path);
  if (kind === "image") return "images";
  if (kind === "procfile") return "procfiles";
  if (kind === "compose" || isComposeOfStage(path, text)) return "compose";
  const verdict = mayBeManifest(path) ? recogniseManifest(path, text) : undefined;
  return verdict !== undefined && "program" in verdict ? "manifests" : undefined;
}

/** The drop-ins of a unit that stand beside it, but for those that were named themselves. */
function dropInsOf(
  file: FoundFile,
  tree: DirectoryTree,
  named: readonly string[],
  root: string,
): readonly FoundFile[] {
  if (file.recognised.program !== "systemd" || file.recognised.what !== "unit") return [];
  const folder = `${directoryOf(file.path)}/${file.recognised.unit}.d`.replace("//", "/");
  return tree
    .list(folder)
    .map((name) => `${folder}/${name}`)
    .filter((path) => !named.includes(root === "/" ? path : root + path))
    .flatMap((path) => {
      const verdict = recogniseNamed(path, tree.head(path) ?? "");
      return "program" in verdict && verdict.program === "systemd" ? [{ path, recognised: verdict }] : [];
    });
}

/** The repository around the files; without one, the working directory or their common folder. */
function rootAround(places: readonly string[], workingDirectory: string): string {
  let common = dirname(places[0] ?? workingDirectory);
  for (const place of places) while (!isInside(place, common)) common = dirname(common);
  for (let folder = common; folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(`${folder}/.git`)) return folder;
  return isInside(common, workingDirectory) ? workingDirectory : common;
}

function isInside(place: string, folder: string): boolean {
  return place === folder || place.startsWith(folder === "/" ? "/" : `${folder}/`);
}

/** The root as the user would write it: as a part of the first path where that goes through it. */
function shownRoot(root: string, workingDirectory: string, paths: readonly string[]): string {
  const [first] = paths;
  if (first === undefined || isInside(root, workingDirectory)) return shownPath(root, workingDirectory);
  const below = resolve(workingDirectory, first).slice(root === "/" ? 0 : root.length);
  const shown = shownPath(first, workingDirectory);
  return shown.endsWith(below) ? shown.slice(0, shown.length - below.length) || "/" : root;
}
