import type { Argument } from "../../../model/command.ts";
import type { Container, ContainerImage, ContainerNetwork } from "../../../model/container.ts";
import { processes } from "../../../model/units.ts";
import { byDefault, derive, type Value, written } from "../../../model/value.ts";
import type { Span } from "../../../text/span.ts";
import type { KubernetesWorkload, PodContainer } from "./workload.ts";

/** Every pod of a cluster reaches every other. */
const cluster = ["the cluster"] as const;

/**
 * The long-running containers of a workload's pod. Those of a pod with several share one network.
 *
 * @param imageOf what an image by this name brings
 */
export function kubernetesContainers(
  workload: KubernetesWorkload,
  imageOf: (name: Value<string>, at: Span) => ContainerImage,
): Container[] {
  const owner = `${workload.kind} ${workload.name}`;
  const network = networkOf(workload, owner);
  const hostNames = [...new Set(workload.services.flatMap((service) => service.hostNames))];
  return workload.containers.map((container) => {
    const image = imageOf(container.image, container.image.origin.at ?? container.at);
    const user = container.user ?? image.user;
    return {
      name: `${container.name} of ${owner}`,
      at: container.at,
      definedBy: "kubernetes",
      hostNames,
      networks: cluster,
      network,
      replicas: workload.replicas,
      image,
      arguments: argumentsOf(container, image),
      environment: container.environment.over(image.environment),
      workingDirectory: container.workingDirectory ?? image.workingDirectory,
      user,
      files: [...image.files, ...container.mounts],
      nofile: undefined,
      cpuQuota: container.cpuQuota,
      cpuset: undefined,
      memoryMax: container.memoryMax,
      tasksMax: byDefault(`tasks of ${container.name}`, processes(Infinity), {
        program: "Kubernetes",
        versions: "all",
        source: "KubeletConfiguration, podPidsLimit",
        at: container.at,
        assuming: "the kubelet sets no podPidsLimit",
      }),
      sysctls: workload.sysctls,
      mayRaiseLimits: mayRaiseLimits(container, user),
      readOnlyRoot: container.readOnlyRoot,
      stopTimeout: workload.stopTimeout,
      ports: container.ports,
      services: workload.services,
    };
  });
}

function networkOf({ containers, hostNetwork }: KubernetesWorkload, owner: string): Value<ContainerNetwork> {
  const own: ContainerNetwork = containers.length > 1 ? { kind: "shared", with: owner } : { kind: "own" };
  return derive(
    `network of ${owner}`,
    "that of the pod, unless hostNetwork is true",
    [hostNetwork],
    (host): ContainerNetwork => (host ? { kind: "host" } : own),
  );
}

/**
 * `command` replaces ENTRYPOINT and drops CMD, `args` replaces CMD; an empty list is as good as none. `$(NAME)` is
 * replaced from the variables of the pod, not of the image (kubernetes pkg/kubelet/container/helpers.go,
 * ExpandContainerCommandAndArgs).
 */
function argumentsOf(
  { name, command, args }: PodContainer,
  image: ContainerImage,
): Value<readonly Argument[]> {
  const label = `command line of ${name}`;
  const [program] = command;
  if (program !== undefined) return written(label, [...command, ...args], program.at);
  const [first] = args;
  if (first === undefined)
    return derive(
      label,
      "ENTRYPOINT and CMD of the image",
      [image.entrypoint, image.command],
      (start, more) => [...(start ?? []), ...(more ?? [])],
    );
  return derive(
    label,
    "ENTRYPOINT of the image, then args",
    [image.entrypoint],
    (start) => [...(start ?? []), ...args],
    first.at,
  );
}

function mayRaiseLimits({ name, maySetResources }: PodContainer, user: Value<string>): Value<boolean> {
  if (maySetResources.known && !maySetResources.value) return maySetResources;
  return derive(
    `SYS_RESOURCE of ${name}`,
    "given to it, and its user is root",
    [maySetResources, user],
    (given, who) => given && /^(?:|0|root)(?::|$)/.test(who),
  );
}
