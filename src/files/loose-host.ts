import type { Alternative } from "./alternatives.ts";
import type { DirectoryTree } from "./directory-tree.ts";
import type { DiscoveredHost } from "./discovered-host.ts";
import { entryPoints, type NginxFile } from "./entry-points.ts";
import { nameOf } from "./host-path.ts";
import { includePatterns } from "./nginx-includes.ts";
import { placeNginx } from "./nginx-placement.ts";
import { overlayTree, type Placement } from "./overlay-tree.ts";
import { installedPath } from "./placement.ts";
import { roleInWords } from "./recognise/recognised.ts";
import type { RootFiles } from "./root-host.ts";
import type { FoundFile } from "./walk.ts";

/** A host of loose files, but for what its surroundings say. */
interface PlacedHost extends Pick<DiscoveredHost, "tree" | "nginx" | "hasUnits" | "files"> {
  readonly aside: readonly { readonly path: string; readonly why: string }[];
}

/**
 * Places the files of one loose host where the machine would have them.
 *
 * @param hidden every recognised loose file of the repository, so that none is read through a folder as well
 * @param base the root tree that the loose files complete
 * @param shared files that a container reads: here they only stand where an include asks for them by name
 */
export function placeLoose(
  alternative: Alternative,
  tree: DirectoryTree,
  hidden: ReadonlySet<string>,
  base?: RootFiles,
  shared: readonly FoundFile[] = [],
): PlacedHost {
  const files = new Map<string, Placement>();
  const nginxFiles = alternative.files.filter((file) => file.recognised.program === "nginx");
  const places = placeNginx([...nginxFiles, ...askedFor(nginxFiles, shared, tree)], tree);
  const nginx: NginxFile[] = [...(base?.nginx ?? [])];
  for (const [path, file] of places.files) {
    files.set(path, { tree, path: file.path });
    if (file.recognised.program === "nginx" && nginxFiles.includes(file))
      nginx.push({ path, shape: file.recognised.shape });
  }
  for (const file of alternative.files) {
    const path = file.recognised.program === "nginx" ? undefined : installedPath(file);
    if (path !== undefined && !files.has(path)) files.set(path, { tree, path: file.path });
  }
  const folders = new Map<string, Placement>();
  if (base !== undefined) folders.set("/", { tree, path: "/" });
  if (nginxFiles.length > 0 && (base === undefined || base.nginx.length === 0))
    folders.set("/etc/nginx", { tree, path: places.home });
  const host = overlayTree(files, folders, { tree, paths: hidden });
  const { starts, disabled } = entryPoints(host, nginx);
  const off = new Set(disabled.map((path) => places.files.get(path)));
  return {
    tree: host,
    nginx: starts,
    hasUnits:
      base?.hasUnits === true || alternative.files.some((file) => file.recognised.program === "systemd"),
    files: alternative.files
      .filter((file) => !off.has(file))
      .map((file) => ({ path: tree.shown(file.path), role: roleInWords(file.recognised) })),
    aside: [...off]
      .filter((file) => file !== undefined)
      .map((file) => ({ path: tree.shown(file.path), why: "no link in sites-enabled turns this site on" })),
  };
}

/** Files of nginx whose names the includes of others end with. */
function askedFor(
  including: readonly FoundFile[],
  others: readonly FoundFile[],
  tree: DirectoryTree,
): readonly FoundFile[] {
  if (others.length === 0) return [];
  const names = new Set(
    including.flatMap((file) => includePatterns(tree.head(file.path) ?? "", "/etc/nginx").map(nameOf)),
  );
  return others.filter(({ recognised, path }) => recognised.program === "nginx" && names.has(nameOf(path)));
}
