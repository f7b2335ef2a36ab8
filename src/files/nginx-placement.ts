import type { DirectoryTree } from "./directory-tree.ts";
import { globMatches } from "./glob.ts";
import { directoryOf, isWithin, nameOf } from "./host-path.ts";
import { includePatterns } from "./nginx-includes.ts";
import { belowNginxFolder } from "./placement.ts";
import { nginxFolder } from "./recognise/nginx.ts";
import { nginxStatements } from "./recognise/nginx-statements.ts";
import { installedName } from "./recognise/template-suffix.ts";
import type { FoundFile } from "./walk.ts";

interface NginxPlaces {
  /** Files by host path. */
  readonly files: ReadonlyMap<string, FoundFile>;
  /** The folder of the repository that stands for /etc/nginx. */
  readonly home: string;
}

const etcNginx = "/etc/nginx";

/**
 * Puts the nginx files of one loose host where its configuration looks for them: the main file at
 * /etc/nginx/nginx.conf; what a file includes by name at that name; `conf.d/x` and `sites-available/x` below
 * /etc/nginx; any other site where the main file includes a whole folder; the rest as it stands around the main file.
 */
export function placeNginx(files: readonly FoundFile[], tree: DirectoryTree): NginxPlaces {
  const main = files.find((file) => isShape(file, "main"));
  const home = main === undefined ? homeOfFragments(files) : directoryOf(main.path);
  const patterns = files.flatMap((file) => includePatterns(tree.head(file.path) ?? "", etcNginx));
  const named = patterns.filter((pattern) => !/[*?[\]{}$<>]/.test(pattern));
  const folders = patterns.filter((pattern) => /\*/.test(nameOf(pattern)));
  const placed = new Map<string, FoundFile>();
  if (main !== undefined) placed.set(`${etcNginx}/nginx.conf`, main);
  for (const file of files) {
    if (file === main) continue;
    const ofHttp = isShape(file, "fragment") && !holdsLocations(tree.head(file.path) ?? "");
    const path = placeOne(file, home, named, folders, ofHttp);
    const free = placed.has(path) ? `${etcNginx}${withoutSuffix(file.path)}` : path;
    if (!placed.has(free)) placed.set(free, file);
  }
  return { files: placed, home };
}

function placeOne(
  file: FoundFile,
  home: string,
  named: readonly string[],
  folders: readonly string[],
  ofHttp: boolean,
): string {
  const name = installedName(nameOf(file.path));
  const below = belowNginxFolder(file.path);
  const inHome = isWithin(file.path, home)
    ? `${etcNginx}${withoutSuffix(file.path.slice(home === "/" ? 0 : home.length))}`
    : undefined;
  if (inHome !== undefined && named.includes(inHome)) return inHome;
  const asked = named.filter((pattern) => nameOf(pattern) === name);
  if (asked.length === 1 && asked[0] !== undefined) return asked[0];
  if (below !== undefined) return includedKin(below, name, folders) ?? `${etcNginx}/${below}`;
  if (inHome !== undefined && folders.some((pattern) => globMatches(pattern, inHome))) return inHome;
  if (ofHttp) {
    for (const pattern of folders) {
      const path = `${directoryOf(pattern)}/${name}`;
      if (
        isWithin(pattern, etcNginx) &&
        nginxFolder.test(nameOf(directoryOf(pattern))) &&
        globMatches(pattern, path)
      )
        return path;
    }
  }
  return inHome ?? `${etcNginx}/${belowNginx(file.path) ?? name}`;
}

/** `sites/app` of the repository where the configuration includes `sites-available/*`. */
function includedKin(below: string, name: string, folders: readonly string[]): string | undefined {
  const folder = below.slice(0, below.indexOf("/"));
  if (folder === "sites-available" || below !== `${folder}/${name}`) return undefined;
  if (folders.some((pattern) => globMatches(pattern, `${etcNginx}/${below}`))) return undefined;
  const kin = folders.find(
    (pattern) =>
      nameOf(directoryOf(pattern)).split(/[-.]/, 1)[0] === folder.split(/[-.]/, 1)[0] &&
      globMatches(pattern, `${directoryOf(pattern)}/${name}`),
  );
  return kin === undefined ? undefined : `${directoryOf(kin)}/${name}`;
}

/** Locations outside of a server: another file includes them there. */
function holdsLocations(text: string): boolean {
  return nginxStatements(text).some(({ name, depth }) => depth === 0 && name === "location");
}

function isShape(file: FoundFile, shape: "main" | "fragment"): boolean {
  return file.recognised.program === "nginx" && file.recognised.shape === shape;
}

/** Without a main file: the folder called nginx, the one around `conf.d`, or that of the first fragment. */
function homeOfFragments(files: readonly FoundFile[]): string {
  for (const file of files) {
    const parts = file.path.split("/");
    for (let at = 1; at < parts.length - 1; at += 1) {
      if (parts[at] === "nginx") return parts.slice(0, at + 1).join("/");
      if (nginxFolder.test(parts[at] ?? "")) return parts.slice(0, at).join("/") || "/";
    }
  }
  return directoryOf(files[0]?.path ?? "/");
}

/** The path below the last folder called nginx. */
function belowNginx(path: string): string | undefined {
  const at = path.lastIndexOf("/nginx/");
  return at === -1 ? undefined : withoutSuffix(path.slice(at + 7));
}

function withoutSuffix(path: string): string {
  return path.slice(0, path.length - nameOf(path).length) + installedName(nameOf(path));
}
