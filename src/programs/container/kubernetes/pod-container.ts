import type { Argument } from "../../../model/command.ts";
import type { ContainerService } from "../../../model/container.ts";
import { byDefault, derive, unknown, type Value, written } from "../../../model/value.ts";
import type { YamlMapping } from "../../../syntax/yaml/tree.ts";
import type { ManifestReader } from "./manifest-reader.ts";
import { PodEnvironment } from "./pod-environment.ts";
import { publishedPorts } from "./pod-services.ts";
import { checkResources, cpuQuota, memoryMax } from "./resource-limits.ts";
import { volumeMounts } from "./volume-mounts.ts";
import type { PodContainer, PodContext } from "./workload.ts";

/** Reads one item of `containers:` or `initContainers:`. */
export function readContainer(
  node: YamlMapping,
  pod: PodContext,
  services: readonly ContainerService[],
): PodContainer {
  const { reader } = pod;
  const named = reader.text(node, "name");
  const name = named?.known === true ? named.value : "container";
  const at = named?.origin.at ?? node.at;
  const own = reader.mapping(node, "securityContext");
  const environment = new PodEnvironment(node, pod);
  checkResources(node, name, reader);
  return {
    name,
    at,
    image:
      reader.text(node, "image", `image of ${name}`) ??
      unknown(`image of ${name}`, "none is written", { at: node.at }),
    command: wordsOf(node, "command", reader, environment),
    args: wordsOf(node, "args", reader, environment),
    environment,
    workingDirectory: reader.text(node, "workingDir", `workingDir of ${name}`),
    user: userOf(name, own, pod),
    maySetResources:
      grantOf(name, own, reader) ??
      byDefault(`SYS_RESOURCE of ${name}`, false, {
        program: "Kubernetes",
        versions: "all",
        source: "Kubernetes documentation, Configure a Security Context",
        at,
      }),
    readOnlyRoot:
      reader.boolean(own, "readOnlyRootFilesystem", `readOnlyRootFilesystem of ${name}`) ??
      byDefault(`readOnlyRootFilesystem of ${name}`, false, {
        program: "Kubernetes",
        versions: "all",
        source: "Kubernetes API reference, SecurityContext",
        at,
      }),
    cpuQuota: cpuQuota(node, name, pod),
    memoryMax: memoryMax(node, name, pod),
    mounts: volumeMounts(node, pod, environment),
    ports: publishedPorts(node, services, reader),
  };
}

/** The words of `command` or `args`; a `${X}` in them may be meant for a shell. */
function wordsOf(
  node: YamlMapping,
  field: "command" | "args",
  reader: ManifestReader,
  environment: PodEnvironment,
): Argument[] {
  return reader.items(node, field).map((item) => ({
    at: item.at,
    text: environment.expanded(reader.asText(item, `an item of ${field}`, true)),
  }));
}

/** runAsUser of the container, else of the pod. */
function userOf(
  name: string,
  own: YamlMapping | undefined,
  { reader, spec }: PodContext,
): Value<string> | undefined {
  const label = `runAsUser of ${name}`;
  const number =
    reader.number(own, "runAsUser", label) ??
    reader.number(reader.mapping(spec, "securityContext"), "runAsUser", label);
  return number && derive(label, "as a user id", [number], String, number.origin.at);
}

/** `privileged`, or SYS_RESOURCE among the added capabilities. */
function grantOf(
  name: string,
  own: YamlMapping | undefined,
  reader: ManifestReader,
): Value<boolean> | undefined {
  const label = `SYS_RESOURCE of ${name}`;
  for (const item of reader.items(reader.mapping(own, "capabilities"), "add")) {
    const capability = reader.asText(item, "capability");
    if (capability.known && /^(?:CAP_)?(?:SYS_RESOURCE|ALL)$/i.test(capability.value))
      return written(label, true, item.at);
  }
  return reader.boolean(own, "privileged", label);
}
