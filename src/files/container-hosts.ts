import type { DirectoryTree } from "./directory-tree.ts";
import type {
  ContainerFiles,
  ContainerProject,
  DiscoveredHost,
  ResolvedContainers,
} from "./discovered-host.ts";
import { compartmentOf } from "./grouping.ts";
import { isWithin } from "./host-path.ts";
import { memoryTree } from "./memory-tree.ts";
import type { FoundFile } from "./walk.ts";

/** A host with the files of the searched tree that make it. */
export interface PlacedHost {
  readonly host: DiscoveredHost;
  /** At their paths in the searched tree. */
  readonly files: readonly FoundFile[];
}

/**
 * Joins compose projects to the machine that runs them: the only host beside them that has something to say about
 * their machine. Several projects of one folder (`docker-compose.yml` and `docker-compose.prod.yml`) are alternatives
 * and each get that machine. Everything else is a host by itself: a Dockerfile alone does not say where it runs, and
 * pods run on nodes.
 *
 * @param repositories folders that are repositories of their own
 */
export function joinProjects(
  placed: readonly PlacedHost[],
  projects: readonly ContainerProject[],
  tree: DirectoryTree,
  repositories: readonly string[],
): DiscoveredHost[] {
  const joined = new Map<DiscoveredHost, DiscoveredHost[]>();
  const alone: DiscoveredHost[] = [];
  const names = new Set(placed.map(({ host }) => host.name));
  for (const project of projects) {
    const around = placed
      .map(({ host, files }) => ({ host, files: filesBeside(files, project, repositories) }))
      .filter(({ files }) => files.length > 0);
    const [first] = around;
    const only = around.length === 1 && first !== undefined ? first : undefined;
    const inFront = only?.files.some(({ path }) => proxiesTo(project, tree.read(path)?.text ?? "")) === true;
    const machine = only && (inFront || isMachineOf(only.files, project, tree)) ? only.host : undefined;
    const files = project.files.map(({ path, role }) => ({ path: tree.shown(path), role }));
    const containers = { containers: project.containers, containerProblems: project.problems };
    if (machine === undefined) {
      const mark = tree.shown(project.mark);
      alone.push({
        name: names.has(mark) ? (files[0]?.path ?? mark) : mark,
        kind: "loose",
        tree: memoryTree({}),
        nginx: [],
        hasUnits: false,
        repository: tree,
        containerFiles: [],
        ...containers,
        files,
      });
    } else {
      const host = {
        ...machine,
        name: tree.shown(project.mark),
        ...containers,
        // What proxies to a published port of the project runs on the machine.
        containerFiles: inFront ? [] : machine.containerFiles,
        repository: tree,
        files: [...machine.files, ...files],
      };
      joined.set(machine, [...(joined.get(machine) ?? []), host]);
    }
  }
  return [...placed.flatMap(({ host }) => joined.get(host) ?? [host]), ...alone];
}

/** Folders whose content is not about the server of the repository around them. */
const asideFolder =
  /^(?:docs?|documentation|contrib|demos?|tutorials?|\.[^/]+|_?(?:integration|functional|acceptance|smoke|load|unit)[-_]?tests?)$/i;

/** The files of a host that stand where the machine of a compose project would be described. */
function filesBeside(
  files: readonly FoundFile[],
  project: ContainerProject,
  repositories: readonly string[],
): FoundFile[] {
  if (!project.containers.every(({ container }) => container.definedBy === "compose")) return [];
  const own = areaOf(`${project.folder === "/" ? "" : project.folder}/compose.yaml`, repositories);
  return files.filter(
    ({ path }) =>
      areaOf(path, repositories) === own &&
      (project.folder === "/" || isWithin(path, project.folder) || isWithin(project.folder, topOf(path))),
  );
}

function areaOf(path: string, repositories: readonly string[]): string {
  const parts = path.split("/");
  const at = parts.slice(0, -1).findIndex((part) => asideFolder.test(part));
  const aside = at === -1 ? "" : parts.slice(0, at + 1).join("/");
  return `${compartmentOf(path, repositories)}:${aside}`;
}

/** The folder of the repository, or the one directly below it, that a path goes through. */
function topOf(path: string): string {
  const top = path.split("/", 2)[1];
  return top === undefined || path === `/${top}` ? "/" : `/${top}`;
}

/**
 * Whether files describe the machine below the containers: kernel settings, limits and units do, unless the units
 * start the application that the project starts as well. Then these are two ways to run it.
 */
function isMachineOf(files: readonly FoundFile[], project: ContainerProject, tree: DirectoryTree): boolean {
  const ofMachine = files.filter(
    ({ recognised: { program } }) => program === "systemd" || program === "sysctl" || program === "limits",
  );
  if (ofMachine.length === 0) return false;
  const starts = (program: string, commands: string): boolean =>
    project.containers.some(({ programs }) => programs.some((each) => each.program === program)) &&
    ofMachine.some(({ path }) =>
      new RegExp(`^[ \\t]*ExecStart[ \\t]*=.*\\b(?:${commands})\\b`, "m").test(tree.read(path)?.text ?? ""),
    );
  return !starts("gunicorn", "gunicorn") && !starts("uvicorn", "uvicorn|fastapi");
}

/**
 * Whether an nginx hands requests to what the project publishes on the machine: a look at the text for a published
 * port on loopback, or for a socket in a folder that a container mounts.
 */
function proxiesTo({ containers }: ContainerProject, text: string): boolean {
  const ports = containers.flatMap(({ container }) =>
    container.ports.flatMap(({ published }) => (published.known ? [published.value] : [])),
  );
  const loopback = new RegExp(
    `(?:127\\.0\\.0\\.1|localhost|\\[::1\\]):(?:${[...new Set(ports)].join("|")})\\b`,
  );
  if (ports.length > 0 && loopback.test(text)) return true;
  const folders = containers.flatMap(({ container }) =>
    container.files.flatMap(({ source }) =>
      source.kind === "volume" && source.name.startsWith("/") ? [source.name] : [],
    ),
  );
  return folders.some((folder) => text.includes(`unix:${folder.replace(/\/+$/, "")}/`));
}

/** Files of containers in which, as far as they say, nothing runs that is linted here. */
export function withoutServers(
  files: ContainerFiles,
  { projects, otherServers }: ResolvedContainers,
  tree: DirectoryTree,
): { readonly path: string; readonly why: string }[] {
  const read = new Set(projects.flatMap((project) => project.files.map(({ path }) => path)));
  return Object.values(files)
    .flat()
    .filter((path) => !read.has(path))
    .map((path) => {
      const others = otherServers.get(path) ?? [];
      const known = others.length === 0 ? "" : `; what it starts is not checked: ${others.join(", ")}`;
      return {
        path: tree.shown(path),
        why: `as far as its files say, no nginx, gunicorn or uvicorn runs in its containers${known}`,
      };
    });
}
