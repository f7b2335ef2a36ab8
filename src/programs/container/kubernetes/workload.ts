import type { Argument } from "../../../model/command.ts";
import type {
  ContainerFile,
  ContainerService,
  ContainerSysctl,
  PublishedPort,
} from "../../../model/container.ts";
import type { Bytes, Cpus, Seconds } from "../../../model/units.ts";
import type { Value } from "../../../model/value.ts";
import type { YamlMapping } from "../../../syntax/yaml/tree.ts";
import type { Span } from "../../../text/span.ts";
import type { ConfigMaps } from "./config-map.ts";
import type { LimitRanges } from "./limit-ranges.ts";
import type { ManifestObject, ObjectIndex } from "./manifest-objects.ts";
import type { ManifestReader } from "./manifest-reader.ts";
import type { PodEnvironment } from "./pod-environment.ts";
import type { ServiceVariablesByNamespace } from "./service-variables.ts";

export const workloadKinds = [
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "ReplicaSet",
  "ReplicationController",
  "Pod",
  "Job",
  "CronJob",
] as const;
export type WorkloadKind = (typeof workloadKinds)[number];

/** Something that starts pods, with everything around it that decides what its containers see. */
export interface KubernetesWorkload {
  readonly kind: WorkloadKind;
  readonly name: string;
  readonly namespace: string | undefined;
  /** Its name in the manifest. */
  readonly at: Span;
  readonly replicas: Value<number>;
  readonly hostNetwork: Value<boolean>;
  /** `securityContext.sysctls` of the pod. */
  readonly sysctls: readonly ContainerSysctl[];
  readonly stopTimeout: Value<Seconds>;
  /** Services whose selector takes its pods. */
  readonly services: readonly ContainerService[];
  /** Long-running ones: containers, and init containers that restart always. */
  readonly containers: readonly PodContainer[];
  /** Those that end before the others start. */
  readonly initContainers: readonly PodContainer[];
}

/** A container of a pod as its manifest describes it; what its image brings comes later. */
export interface PodContainer {
  readonly name: string;
  readonly at: Span;
  readonly image: Value<string>;
  /** Replaces the image's ENTRYPOINT and drops its CMD; empty where none is written. */
  readonly command: readonly Argument[];
  /** Replaces the image's CMD; empty where none is written. */
  readonly args: readonly Argument[];
  readonly environment: PodEnvironment;
  /** Undefined where the image decides. */
  readonly workingDirectory: Value<string> | undefined;
  /** Undefined where the image decides. */
  readonly user: Value<string> | undefined;
  /** Given CAP_SYS_RESOURCE, which only root keeps. */
  readonly maySetResources: Value<boolean>;
  readonly readOnlyRoot: Value<boolean>;
  readonly cpuQuota: Value<Cpus>;
  readonly memoryMax: Value<Bytes>;
  /** Volumes mounted into it. */
  readonly mounts: readonly ContainerFile[];
  readonly ports: readonly PublishedPort[];
}

/** What the containers of a pod share. */
export interface PodContext {
  readonly object: ManifestObject;
  /** The PodSpec. */
  readonly spec: YamlMapping;
  readonly index: ObjectIndex;
  readonly configMaps: ConfigMaps;
  readonly limitRanges: LimitRanges;
  readonly serviceVariables: ServiceVariablesByNamespace;
  readonly reader: ManifestReader;
}
