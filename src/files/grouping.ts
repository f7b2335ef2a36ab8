import { directoryOf, isWithin, nameOf } from "./host-path.ts";
import { belowNginxFolder, installedPath } from "./placement.ts";
import { installedName } from "./recognise/template-suffix.ts";
import { isStage, variantOf } from "./variant.ts";
import { dividingFolder, type FoundFile } from "./walk.ts";

/** Loose files that make one host, before alternatives that stand side by side are told apart. */
export interface Group {
  /** The nearest folder that holds them all. */
  readonly folder: string;
  readonly files: readonly FoundFile[];
}

/**
 * Which loose files make one host:
 *
 * 1. A folder of hosts, stages or roles (`hosts/`, `envs/`, `roles/`, `examples/`) and a repository inside the
 *    repository divide: what stands in different sub-folders of it never meets.
 * 2. Otherwise all files below one folder are one host, wherever they stand (`nginx/nginx.conf`,
 *    `systemd/app.service`, `sysctl.conf`), as long as no two sub-folders claim the same place on the machine:
 *    two main configurations of nginx, two units or two sites of one name. Sub-folders laid out as roles (each
 *    with `templates` or `files`) are hosts of their own as well.
 * 3. Sub-folders that do claim the same place are hosts of their own. Where they are named after stages (`dev`
 *    and `prod`), they are alternatives of one deployment and share the files around them.
 */
export function groupLoose(files: readonly FoundFile[], repositories: readonly string[]): readonly Group[] {
  const compartments = new Map<string, FoundFile[]>();
  for (const file of files) {
    const compartment = compartmentOf(file.path, repositories);
    const members = compartments.get(compartment);
    if (members === undefined) compartments.set(compartment, [file]);
    else members.push(file);
  }
  return [...compartments]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([compartment, members]) => divide(compartment === "" ? "/" : compartment, members))
    .map((members) => ({ folder: commonFolder(members), files: members }));
}

/** The sub-folder of the deepest dividing folder above a path; "" where nothing divides. */
export function compartmentOf(path: string, repositories: readonly string[]): string {
  let found = "";
  for (const repository of repositories)
    if (isWithin(path, repository) && repository.length > found.length) found = repository;
  const parts = path.split("/");
  for (let at = 1; at < parts.length - 2; at += 1)
    if (dividingFolder.test(parts[at] ?? "")) {
      const folder = parts.slice(0, at + 2).join("/");
      if (folder.length > found.length) found = folder;
    }
  return found;
}

/** Hosts below one folder, each as its list of files. */
function divide(folder: string, files: readonly FoundFile[]): FoundFile[][] {
  const here: FoundFile[] = [];
  const children = new Map<string, FoundFile[]>();
  for (const file of files) {
    const directory = directoryOf(file.path);
    if (directory === folder) {
      here.push(file);
      continue;
    }
    const rest = directory.slice(folder === "/" ? 1 : folder.length + 1);
    const child = rest.split("/", 1)[0] ?? rest;
    const members = children.get(child);
    if (members === undefined) children.set(child, [file]);
    else members.push(file);
  }
  // Bounded by the depth of the folders, which the file system limits.
  const parts = [...children].map(([child, members]) => ({
    child,
    members,
    hosts: divide(folder === "/" ? `/${child}` : `${folder}/${child}`, members),
  }));
  const claims = new Map<string, Set<string>>();
  for (const file of here) claim(claims, file, "");
  for (const { child, members } of parts) for (const file of members) claim(claims, file, child);
  const contested = new Set<string>();
  for (const claimants of claims.values())
    if (claimants.size > 1) for (const claimant of claimants) contested.add(claimant);

  const roles = parts.filter((part) => isRole(part.child, folder, part.members));
  const apart = parts.filter(
    (part) =>
      contested.has(part.child) || part.hosts.length > 1 || (roles.length > 1 && roles.includes(part)),
  );
  const together = [
    ...here,
    ...parts.filter((part) => !apart.includes(part)).flatMap((part) => part.members),
  ];
  if (apart.length === 0) return together.length === 0 ? [] : [together];

  // Stages share what stands around them; other sub-folders keep to themselves.
  const stages = apart.every(
    (part) =>
      isStage(part.child) ||
      (part.hosts.length > 1 && part.hosts.every((host) => isStage(nameOf(commonFolder(host))))),
  );
  const hosts = apart.flatMap((part) => part.hosts);
  if (together.length === 0) return hosts;
  if (!stages) return [together, ...hosts];
  const shared = hosts.map((host) => {
    const taken = new Set(host.flatMap(uniqueClaims));
    return [...together.filter((file) => !uniqueClaims(file).some((claimed) => taken.has(claimed))), ...host];
  });
  return contested.has("") ? [together, ...shared] : shared;
}

/** Laid out as a role of its own, with `templates` or `files`. */
function isRole(child: string, folder: string, members: readonly FoundFile[]): boolean {
  const below = (folder === "/" ? 1 : folder.length + 1) + child.length;
  return members.every((file) => /^\/(?:templates|files)\//.test(file.path.slice(below)));
}

/** What cannot be there twice: the place itself, and the name without what marks an alternative. */
function uniqueClaims(file: FoundFile): readonly string[] {
  const place = placeOf(file);
  return place === undefined ? [] : [place, `${file.recognised.program} ${variantOf(file).stem}`];
}

function claim(claims: Map<string, Set<string>>, file: FoundFile, claimant: string): void {
  const place = placeOf(file);
  if (place === undefined) return;
  const claimants = claims.get(place);
  if (claimants === undefined) claims.set(place, new Set([claimant]));
  else claimants.add(claimant);
}

/** The place on the machine that only one file of a host can have; undefined where several may stand side by side. */
export function placeOf(file: FoundFile): string | undefined {
  const { recognised } = file;
  if (recognised.program !== "nginx") return installedPath(file);
  if (recognised.shape === "main") return "/etc/nginx/nginx.conf";
  if (recognised.shape === "snippet") return undefined;
  // Alpine's http.d is the conf.d of other distributions.
  const below = belowNginxFolder(file.path)?.replace(/^http\.d\//, "conf.d/");
  return `/etc/nginx/${below ?? installedName(nameOf(file.path))}`;
}

/** The nearest folder that holds all files. */
function commonFolder(files: readonly FoundFile[]): string {
  let common = directoryOf(files[0]?.path ?? "/");
  for (const file of files) while (!isWithin(file.path, common)) common = directoryOf(common);
  return common;
}
