import { statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import type { Problem } from "../syntax/problem.ts";
import { discoverFiles } from "./discover-files.ts";
import { discoverFolder } from "./discover-folder.ts";
import type { DiscoveredHost, Discovery, ResolveContainers } from "./discovered-host.ts";
import { nginxDump } from "./nginx-dump.ts";
import type { FileRole } from "./recognise/declared-role.ts";
import { shownPath } from "./shown-path.ts";
import { unreadable } from "./unreadable.ts";
import { type UnsavedFile, unsavedKind } from "./unsaved-file.ts";

interface DiscoverOptions {
  /** Absolute; paths are relative to it and are shown so. */
  readonly workingDirectory: string;
  /** What came in for the path `-`: the output of `nginx -T`. */
  readonly stdin?: string;
  /** Absolute paths that a walk through a folder passes over, with everything below them. */
  readonly ignored?: (path: string) => boolean;
  /** Counts in place of what the disk holds. */
  readonly unsaved?: UnsavedFile | undefined;
  /** What single files are, by absolute path, where their names and contents are not to decide. */
  readonly roles?: ReadonlyMap<string, FileRole>;
  /** Makes projects of compose files, Dockerfiles and manifests; without it they only hint at containers. */
  readonly containers?: ResolveContainers;
}

/**
 * Finds the hosts that paths describe. A path is a root tree, a repository or folder with deploy files, a single
 * file, or `-` for an nginx dump; without one it is the working directory. Single files together make one host.
 * What cannot be read becomes a Problem of the rule `files/unreadable`.
 */
export async function discover(paths: readonly string[], options: DiscoverOptions): Promise<Discovery> {
  const resolveContainers =
    options.containers ?? (() => Promise.resolve({ projects: [], otherServers: new Map() }));
  const found: Discovery[] = [];
  const files: string[] = [];
  for (const path of new Set(paths.length === 0 ? ["."] : paths)) {
    if (path === "-") {
      found.push(discoverDump(options.stdin ?? "", "-"));
      continue;
    }
    const place = resolve(options.workingDirectory, path);
    const shown = shownPath(path, options.workingDirectory);
    const kind = unsavedKind(place, options.unsaved) ?? kindOnDisk(place, shown === "" ? "." : shown);
    if (kind === "file") files.push(path);
    else if (kind === "directory")
      found.push(
        await discoverPlace(
          place,
          shown,
          options.ignored ?? (() => false),
          resolveContainers,
          options.unsaved,
        ),
      );
    else found.push({ hosts: [], aside: [], problems: [kind] });
  }
  if (files.length > 0)
    found.push(
      await discoverFiles(
        files,
        options.workingDirectory,
        resolveContainers,
        options.unsaved,
        options.roles ?? new Map(),
      ),
    );
  return {
    hosts: found.flatMap((discovery) => discovery.hosts),
    aside: found.flatMap((discovery) => discovery.aside),
    problems: found.flatMap((discovery) => discovery.problems),
  };
}

/** The folder `etc` of a root tree stands for the tree. */
async function discoverPlace(
  place: string,
  shown: string,
  ignored: (path: string) => boolean,
  resolve: ResolveContainers,
  unsaved: UnsavedFile | undefined,
): Promise<Discovery> {
  if (basename(place) !== "etc") return discoverFolder(place, shown, ignored, resolve, unsaved);
  const parent = shown === "" ? dirname(place) : dirname(shown);
  const around = await discoverFolder(
    dirname(place),
    parent === "." ? "" : parent,
    ignored,
    resolve,
    unsaved,
    "/etc",
  );
  return around.hosts.some((host) => host.kind === "root")
    ? around
    : discoverFolder(place, shown, ignored, resolve, unsaved);
}

function discoverDump(text: string, path: string): Discovery {
  const dump = nginxDump(text, path);
  if ("rule" in dump) return { hosts: [], aside: [], problems: [dump] };
  const host: DiscoveredHost = {
    name: dump.main,
    kind: "dump",
    tree: dump.tree,
    nginx: [dump.main],
    hasUnits: false,
    repository: undefined,
    containerFiles: [],
    containers: [],
    containerProblems: [],
    files: dump.paths.map((path) => ({
      path,
      role: path === dump.main ? "nginx main configuration" : "included by nginx",
    })),
  };
  return { hosts: [host], aside: [], problems: [] };
}

function kindOnDisk(place: string, shown: string): "file" | "directory" | Problem {
  try {
    const stat = statSync(place);
    if (stat.isDirectory()) return "directory";
    return stat.isFile() ? "file" : unreadable(shown, "it is no file and no folder");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return unreadable(shown, "there is no such file or folder");
    if (code === "ELOOP") return unreadable(shown, "it is a loop of symbolic links");
    if (code === "EACCES") return unreadable(shown, "permission denied");
    return unreadable(shown, error instanceof Error ? error.message : String(error));
  }
}
