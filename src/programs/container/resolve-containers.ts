import type { ContainerFiles, ContainerProject, ResolveContainers } from "../../files/discovered-host.ts";
import type { FileTree } from "../../files/file-tree.ts";
import type { RunningContainer } from "../../model/container.ts";
import { composeProjects } from "./compose-projects.ts";
import type { DefinedContainers } from "./defined-containers.ts";
import { imageContainers } from "./image-containers.ts";
import { kubernetesProjects } from "./kubernetes-projects.ts";
import { runContainer } from "./run-container.ts";

/**
 * Compose projects, pods and images that start an nginx or an application server. A Dockerfile that a project
 * builds belongs to that project; every other one is run by itself.
 */
export const resolveContainers: ResolveContainers = async (tree, files) => {
  const defined = await definedContainers(tree, files);
  const built = new Set(defined.flatMap((project) => project.built));
  defined.push(
    ...(await imageContainers(
      tree,
      files.images.filter((path) => !built.has(path)),
    )),
  );
  const projects: ContainerProject[] = [];
  for (const { folder, mark, containers, problems, files: own } of defined) {
    const running: RunningContainer[] = [];
    let refused = false;
    const found = [...problems];
    const read = new Map(own.map((file) => [file.path, file.role]));
    for (const container of containers) {
      const run = await runContainer(tree, container);
      running.push(run.running);
      found.push(...run.problems);
      refused ||= run.problems.length > 0;
      for (const file of run.files) if (!read.has(file.path)) read.set(file.path, file.role);
    }
    const runsOurs = running.some(({ programs }) => programs.some(({ program }) => isOurs(program)));
    if (!runsOurs && !refused) continue;
    projects.push({
      folder,
      mark,
      containers: running,
      problems: found,
      files: [...read].map(([path, role]) => ({ path, role })),
    });
  }
  return projects;
};

async function definedContainers(tree: FileTree, files: ContainerFiles): Promise<DefinedContainers[]> {
  const defined: DefinedContainers[] = [];
  if (files.compose.length > 0) defined.push(...(await composeProjects(tree, files.compose)));
  if (files.manifests.length > 0) defined.push(...(await kubernetesProjects(tree, files.manifests)));
  return defined;
}

function isOurs(program: string): boolean {
  return program === "nginx" || program === "openresty" || program === "gunicorn" || program === "uvicorn";
}
