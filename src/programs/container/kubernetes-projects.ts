import type { FileTree } from "../../files/file-tree.ts";
import { byFolder, type DefinedContainers } from "./defined-containers.ts";

/** The workloads of each folder of manifests; the containers of all its pods run together. */
export async function kubernetesProjects(
  tree: FileTree,
  paths: readonly string[],
): Promise<DefinedContainers[]> {
  const { loadManifests } = await import("./kubernetes/load-manifests.ts");
  const { kubernetesContainers } = await import("./kubernetes/kubernetes-containers.ts");
  const { pulledImage } = await import("./image/pulled-image.ts");
  const projects: DefinedContainers[] = [];
  for (const [folder, members] of byFolder(paths)) {
    const { workloads, problems } = await loadManifests(tree, members);
    projects.push({
      folder,
      mark: folder,
      containers: workloads.flatMap((workload) => kubernetesContainers(workload, pulledImage)),
      problems,
      unset: new Map(),
      files: members.map((path) => ({ path, role: "Kubernetes manifest" })),
      built: [],
      commanded: [],
    });
  }
  return projects;
}
