import { absolutePath, isWithin } from "../../../files/host-path.ts";
import type { ContainerFile, ContainerFileSource } from "../../../model/container.ts";

/** What of the files that a stage has stands at a path; the last one decides. undefined: none says anything. */
export function sourceAt(files: readonly ContainerFile[], path: string): ContainerFileSource | undefined {
  for (let index = files.length - 1; index >= 0; index--) {
    const file = files[index];
    if (file === undefined || !isWithin(path, file.path)) continue;
    const { source } = file;
    if (source.kind === "repository")
      return { kind: "repository", path: within(source.path, file.path, path) };
    if (source.kind !== "inline" || path === file.path) return source;
  }
  return undefined;
}

/** The files below a folder, moved to another one. */
export function movedBelow(
  files: readonly ContainerFile[],
  from: string,
  to: string,
  at: ContainerFile["at"],
): ContainerFile[] {
  return files
    .filter((file) => file.path !== from && isWithin(file.path, from))
    .map((file) => ({ ...file, path: within(to, from, file.path), at }));
}

/** `/srv/app/a` where `/app` is moved to `/srv/app` and the path is `/app/a`. */
function within(target: string, folder: string, path: string): string {
  return absolutePath(`${target}/${path.slice(folder === "/" ? 0 : folder.length)}`);
}
