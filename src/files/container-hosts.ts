import type { DirectoryTree } from "./directory-tree.ts";
import type { ContainerProject, DiscoveredHost } from "./discovered-host.ts";
import { isWithin } from "./host-path.ts";
import { memoryTree } from "./memory-tree.ts";

/**
 * Joins containers to the machine that runs them: the only host whose files stand above, at or below the folder of
 * the project. Several projects of one folder (`docker-compose.yml` and `docker-compose.prod.yml`) are alternatives
 * and each get that machine. A project with no machine around it, or with several, is a host by itself.
 */
export function joinProjects(
  hosts: readonly DiscoveredHost[],
  projects: readonly ContainerProject[],
  tree: DirectoryTree,
): DiscoveredHost[] {
  const joined = new Map<DiscoveredHost, DiscoveredHost[]>();
  const alone: DiscoveredHost[] = [];
  for (const project of projects) {
    const around = hosts.filter((host) => isAround(host, project, tree));
    const machine = around.length === 1 ? around[0] : undefined;
    const files = project.files.map(({ path, role }) => ({ path: tree.shown(path), role }));
    const containers = { containers: project.containers, containerProblems: project.problems };
    if (machine === undefined)
      alone.push({
        name: tree.shown(project.mark),
        kind: "loose",
        tree: memoryTree({}),
        nginx: [],
        hasUnits: false,
        repository: tree,
        containerFiles: [],
        ...containers,
        files,
      });
    else {
      const host = {
        ...machine,
        name: tree.shown(project.mark),
        ...containers,
        repository: tree,
        files: [...machine.files, ...files],
      };
      joined.set(machine, [...(joined.get(machine) ?? []), host]);
    }
  }
  return [...hosts.flatMap((host) => joined.get(host) ?? [host]), ...alone];
}

function isAround(host: DiscoveredHost, project: ContainerProject, tree: DirectoryTree): boolean {
  const folder = tree.shown(project.folder);
  return (
    folder === "." ||
    host.name === "." ||
    host.files.some(({ path }) => isWithin(path, folder)) ||
    isWithin(folder, host.name)
  );
}
