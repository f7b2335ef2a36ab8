import type { FileTree } from "../../../files/file-tree.ts";
import { absolutePath, directoryOf } from "../../../files/host-path.ts";
import type { Problem } from "../../../syntax/problem.ts";
import type { YamlNode } from "../../../syntax/yaml/tree.ts";
import { Autoscalers } from "./autoscalers.ts";
import { ConfigMaps } from "./config-map.ts";
import { LimitRanges } from "./limit-ranges.ts";
import { manifestObjects, ObjectIndex } from "./manifest-objects.ts";
import { ManifestReader } from "./manifest-reader.ts";
import { ServiceSelectors } from "./pod-services.ts";
import { workloadOf } from "./pod-template.ts";
import { ServiceVariablesByNamespace } from "./service-variables.ts";
import type { KubernetesWorkload } from "./workload.ts";

/** What the manifests of a folder start. */
export interface LoadedManifests {
  readonly workloads: readonly KubernetesWorkload[];
  /** Of the rules `container/syntax` and `container/manifest`. */
  readonly problems: readonly Problem[];
}

/**
 * Reads manifests that are applied together: Deployment, StatefulSet, DaemonSet, ReplicaSet, Pod, Job, CronJob, with
 * the ConfigMaps, Secrets, Services, LimitRanges and HorizontalPodAutoscalers that decide about them. What is not in
 * these files may be in the cluster, so it is unknown and never missing.
 *
 * @param paths absolute paths in the tree; a path that is no readable file is passed over
 */
export async function loadManifests(tree: FileTree, paths: readonly string[]): Promise<LoadedManifests> {
  const { parseYaml } = await import("../../../syntax/yaml/parse-yaml.ts");
  const problems: Problem[] = [];
  const documents: (YamlNode | undefined)[] = [];
  for (const path of paths) {
    const file = tree.read(path);
    if (file === undefined) continue;
    const parsed = parseYaml(file);
    problems.push(...parsed.problems);
    documents.push(...parsed.documents);
  }
  const reader = new ManifestReader();
  const index = new ObjectIndex(manifestObjects(documents, reader));
  const surroundings = {
    index,
    reader,
    configMaps: new ConfigMaps(index, reader, !paths.some((path) => isKustomized(tree, path))),
    limitRanges: new LimitRanges(index, reader),
    serviceVariables: new ServiceVariablesByNamespace(index),
    autoscalers: new Autoscalers(index, reader),
    selectors: new ServiceSelectors(index, reader),
  };
  const workloads = index.objects.flatMap((object) => workloadOf(object, surroundings));
  return { workloads, problems: [...problems, ...reader.problems] };
}

/** Whether a kustomization stands beside a file: then what is written may be merged with what stands elsewhere. */
function isKustomized(tree: FileTree, path: string): boolean {
  const folder = directoryOf(path);
  return ["kustomization.yaml", "kustomization.yml", "Kustomization"].some(
    (name) => tree.kind(absolutePath(name, folder)) === "file",
  );
}
