import type { ContainerProject } from "../../files/discovered-host.ts";
import { directoryOf } from "../../files/host-path.ts";
import type { Container, UnsetVariable } from "../../model/container.ts";

/** Containers that belong together, before it is known what they run. */
export interface DefinedContainers {
  readonly folder: string;
  readonly mark: string;
  readonly containers: readonly Container[];
  readonly problems: ContainerProject["problems"];
  /** Variables without a value in the definition of a container, by its name. */
  readonly unset: ReadonlyMap<string, readonly UnsetVariable[]>;
  /** The files that define them. */
  readonly files: ContainerProject["files"];
  /** Dockerfiles that they are built from. */
  readonly built: readonly string[];
  /** Images, without their tags, that it pulls and starts with a command of its own. */
  readonly commanded: readonly string[];
}

/** Paths by the folder that they stand in. */
export function byFolder(paths: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const folders = new Map<string, string[]>();
  for (const path of paths) {
    const folder = directoryOf(path);
    const members = folders.get(folder);
    if (members === undefined) folders.set(folder, [path]);
    else members.push(path);
  }
  return folders;
}
