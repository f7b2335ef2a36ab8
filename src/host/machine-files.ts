import type { FileTree } from "../files/file-tree.ts";
import { isServer } from "../programs/start/command-reader.ts";
import type { SourceFile } from "../text/source-file.ts";
import type { HostGround } from "./host-ground.ts";

/**
 * A file that is named by its path on the machine. Loose deploy files stand in a repository that is checked out
 * somewhere on the machine: the folder in the repository is the longest end of the path that exists there. What is
 * not in it may still be written on the machine.
 */
export function machineFile({ discovered }: HostGround, path: string): SourceFile | undefined | "unknown" {
  const { tree, repository } = discovered;
  const here = tree.read(path);
  if (here !== undefined) return here;
  if (tree.kind(directoryOf(path)) === "directory" && discovered.kind === "root") return undefined;
  return repository === undefined ? "unknown" : readEnd(repository, path);
}

/**
 * A script that a command of the machine names. The programs of the system are not those of the repository,
 * though they may have the same name.
 *
 * @param named the program of ExecStart=, which may be a script that was copied into /usr/local or /etc
 */
export function machineScript(
  ground: HostGround,
  path: string,
  named: string | undefined,
): SourceFile | undefined | "unknown" {
  const { tree } = ground.discovered;
  if (isBinary(tree, path)) return "unknown";
  const ofSystem = /^\/(?:usr|s?bin|lib|etc)\//.test(path);
  const copied = path === named && /^\/(?:usr\/local|etc)\//.test(path);
  if (isServer(path.slice(path.lastIndexOf("/") + 1)) || (ofSystem && !copied))
    return tree.read(path) ?? "unknown";
  return machineFile(ground, path);
}

/** The programs of a whole machine are large, and none of them need be read to know that they are no scripts. */
function isBinary(tree: FileTree, path: string): boolean {
  return tree.head !== undefined && tree.kind(path) === "file" && tree.head(path) === undefined;
}

function readEnd(repository: FileTree, path: string): SourceFile | "unknown" {
  const parts = path.split("/").filter((part) => part !== "");
  for (let start = 0; start < parts.length; start++) {
    const end = `/${parts.slice(start).join("/")}`;
    const file = repository.read(end);
    if (file !== undefined) return file;
    if (directoryOf(end) !== "/" && repository.kind(directoryOf(end)) === "directory") break;
  }
  return "unknown";
}

function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}
