import type { ContainerSysctl } from "../../../model/container.ts";
import { type Seconds, seconds } from "../../../model/units.ts";
import { byDefault, derive, unknown, type Value } from "../../../model/value.ts";
import { valueAt, type YamlMapping } from "../../../syntax/yaml/tree.ts";
import type { Autoscalers } from "./autoscalers.ts";
import type { ManifestObject } from "./manifest-objects.ts";
import type { ManifestReader } from "./manifest-reader.ts";
import { readContainer } from "./pod-container.ts";
import type { ServiceSelectors } from "./pod-services.ts";
import { type KubernetesWorkload, type PodContext, type WorkloadKind, workloadKinds } from "./workload.ts";

interface Surroundings extends Omit<PodContext, "object" | "spec"> {
  readonly selectors: ServiceSelectors;
  readonly autoscalers: Autoscalers;
}

/** The workload that an object is; none where it is of another kind or its pods have no containers. */
export function workloadOf(object: ManifestObject, around: Surroundings): KubernetesWorkload[] {
  const kind = workloadKinds.find((each) => each === object.kind);
  if (kind === undefined) return [];
  const { reader, selectors, autoscalers, ...shared } = around;
  const pod = podOf(kind, object, reader);
  const spec = pod === undefined ? undefined : reader.mapping(pod, "spec");
  if (pod === undefined || spec === undefined) return [];
  const context: PodContext = { ...shared, reader, object, spec };
  const start = reader.mappings(spec, "initContainers");
  const services = selectors.of(reader.mapping(pod, "metadata"), object.namespace, spec);
  const read = (items: readonly YamlMapping[]) => items.map((item) => readContainer(item, context, services));
  const containers = read([
    ...reader.mappings(spec, "containers"),
    ...start.filter((each) => isSidecar(each, reader)),
  ]);
  checkNames([...reader.mappings(spec, "containers"), ...start], reader);
  if (containers.length === 0) return [];
  const shown = `${kind} ${object.name}`;
  return [
    {
      kind,
      name: object.name,
      namespace: object.namespace,
      at: object.at,
      replicas: replicasOf(kind, context, autoscalers.of(object)),
      hostNetwork:
        reader.boolean(spec, "hostNetwork", `hostNetwork of ${shown}`) ??
        byDefault(`hostNetwork of ${shown}`, false, kubernetesDefault(object, "PodSpec")),
      sysctls: sysctlsOf(spec, reader),
      stopTimeout: stopTimeoutOf(spec, shown, context),
      services,
      containers,
      initContainers: read(start.filter((each) => !isSidecar(each, reader))),
    },
  ];
}

/** The Pod, or the template that pods are made from. */
function podOf(kind: WorkloadKind, object: ManifestObject, reader: ManifestReader): YamlMapping | undefined {
  if (kind === "Pod") return object.node;
  const spec = reader.mapping(object.node, "spec");
  const job = kind === "CronJob" ? reader.mapping(reader.mapping(spec, "jobTemplate"), "spec") : spec;
  return reader.mapping(job, "template");
}

/** An init container that keeps running beside the others (since 1.28). */
function isSidecar(container: YamlMapping, reader: ManifestReader): boolean {
  return reader.name(container, "restartPolicy")?.value === "Always";
}

function checkNames(containers: readonly YamlMapping[], reader: ManifestReader): void {
  const seen = new Map<string, YamlMapping>();
  for (const container of containers) {
    const name = reader.name(container, "name");
    const first = name === undefined ? undefined : seen.get(name.value);
    if (name === undefined) continue;
    if (first === undefined) seen.set(name.value, container);
    else if (first !== container)
      reader.report(
        name.origin.at ?? container.at,
        `two containers of this pod are named ${name.value}: the API server refuses the object`,
        { because: [{ message: "the other one", at: valueAt(first, "name")?.at ?? first.at }] },
      );
  }
}

function kubernetesDefault(object: ManifestObject, where: string) {
  return {
    program: "Kubernetes",
    versions: "all",
    source: `Kubernetes API reference, ${where}`,
    at: object.at,
  };
}

function replicasOf(
  kind: WorkloadKind,
  { object, reader }: PodContext,
  scaler: ManifestObject | undefined,
): Value<number> {
  const spec = reader.mapping(object.node, "spec");
  const field = kind === "Job" || kind === "CronJob" ? "parallelism" : "replicas";
  const label = `${field} of ${kind} ${object.name}`;
  if (kind === "Pod") return byDefault(label, 1, kubernetesDefault(object, "Pod"));
  if (kind === "DaemonSet") return unknown(label, "it runs on every node", { at: object.at });
  if (scaler !== undefined)
    return unknown(label, `HorizontalPodAutoscaler ${scaler.name} sets it`, { at: scaler.at });
  const job = kind === "CronJob" ? reader.mapping(reader.mapping(spec, "jobTemplate"), "spec") : spec;
  return reader.number(job, field, label) ?? byDefault(label, 1, kubernetesDefault(object, `${kind}Spec`));
}

/** securityContext.sysctls of the pod; `/` in a name reads as `.` (component-helpers, ConvertSysctlVariableToDotsSeparator). */
function sysctlsOf(spec: YamlMapping, reader: ManifestReader): ContainerSysctl[] {
  return reader.mappings(reader.mapping(spec, "securityContext"), "sysctls").flatMap((item) => {
    const name = reader.name(item, "name");
    if (name === undefined) return [];
    const key = withDots(name.value);
    const value =
      reader.text(item, "value", key) ?? unknown<string>(key, "no value is written", { at: item.at });
    return [{ key, value, at: name.origin.at ?? item.at }];
  });
}

/** The first separator decides which one it is; in a name with slashes a dot stays what it is in a path. */
function withDots(name: string): string {
  const first = /[./]/.exec(name)?.[0];
  if (first !== "/") return name;
  return name.replace(/[./]/g, (separator) => (separator === "/" ? "." : "/"));
}

function stopTimeoutOf(spec: YamlMapping, shown: string, { reader, object }: PodContext): Value<Seconds> {
  const label = `terminationGracePeriodSeconds of ${shown}`;
  const number = reader.number(spec, "terminationGracePeriodSeconds", label);
  return number === undefined
    ? byDefault(label, seconds(30), kubernetesDefault(object, "PodSpec"))
    : number.known
      ? { ...number, value: seconds(number.value) }
      : derive(label, "in seconds", [number], seconds);
}
