import type { ContainerService, PublishedPort, ServicePort } from "../../../model/container.ts";
import { byDefault, derive, unknown, type Value, written } from "../../../model/value.ts";
import { valueAt, type YamlMapping } from "../../../syntax/yaml/tree.ts";
import type { ManifestObject, ObjectIndex } from "./manifest-objects.ts";
import type { ManifestReader } from "./manifest-reader.ts";

/** A Service with the labels that it asks for. */
interface SelectingService {
  readonly object: ManifestObject;
  readonly spec: YamlMapping;
  readonly selector: ReadonlyMap<string, string>;
}

/** Finds the Services in front of a pod by its labels. */
export class ServiceSelectors {
  /** By the first label of the selector, so that a pod need not be compared with every Service. */
  readonly #services = new Map<string, SelectingService[]>();

  constructor(
    index: ObjectIndex,
    private readonly reader: ManifestReader,
  ) {
    for (const object of index.ofKind("Service")) {
      const spec = reader.mapping(object.node, "spec");
      const selector = labels(reader.mapping(spec, "selector"), reader);
      const [first] = selector;
      if (spec === undefined || first === undefined) continue;
      const key = first.join("=");
      const list = this.#services.get(key) ?? [];
      list.push({ object, spec, selector });
      this.#services.set(key, list);
    }
  }

  /** The Services of the pod's namespace whose whole selector its labels have. */
  of(
    metadata: YamlMapping | undefined,
    namespace: string | undefined,
    podSpec: YamlMapping,
  ): ContainerService[] {
    const own = labels(this.reader.mapping(metadata, "labels"), this.reader);
    return [...own].flatMap((label) =>
      (this.#services.get(label.join("=")) ?? [])
        .filter(
          ({ object, selector }) =>
            (object.namespace === undefined || namespace === undefined || object.namespace === namespace) &&
            [...selector].every(([key, value]) => own.get(key) === value),
        )
        .map((service) => this.#serviceOf(service, namespace, podSpec)),
    );
  }

  #serviceOf(
    { object, spec }: SelectingService,
    namespace: string | undefined,
    podSpec: YamlMapping,
  ): ContainerService {
    const { reader } = this;
    const label = `clusterIP of Service ${object.name}`;
    const address = reader.text(spec, "clusterIP", label);
    const type = reader.text(spec, "type", `type of Service ${object.name}`);
    return {
      name: object.name,
      at: object.at,
      hostNames: hostNamesOf(object.name, object.namespace ?? namespace),
      headless:
        address === undefined
          ? byDefault(label, false, {
              program: "Kubernetes",
              versions: "all",
              source: "Kubernetes documentation, Service, headless Services",
              at: object.at,
            })
          : derive(label, "None makes it headless", [address], (text) => text === "None"),
      ports: reader.mappings(spec, "ports").flatMap((port) => this.#portOf(port, object.name, podSpec, type)),
    };
  }

  #portOf(
    port: YamlMapping,
    service: string,
    podSpec: YamlMapping,
    type: Value<string> | undefined,
  ): ServicePort[] {
    const { reader } = this;
    const number = reader.number(port, "port", `port of Service ${service}`);
    const protocol = reader.text(port, "protocol");
    if (number?.known !== true || (protocol?.known === true && protocol.value !== "TCP")) return [];
    const outside = type?.known === true && /^(?:NodePort|LoadBalancer)$/.test(type.value);
    const label = `targetPort of Service ${service}`;
    return [
      {
        at: number.origin.at ?? port.at,
        port: number.value,
        target: this.#target(port, label, number.value, podSpec),
        outside,
      },
    ];
  }

  /** A number, the name of a port of a container, or the port itself. */
  #target(port: YamlMapping, label: string, same: number, podSpec: YamlMapping): Value<number> {
    const { reader } = this;
    const node = valueAt(port, "targetPort");
    if (node === undefined || (node.kind === "scalar" && node.text === ""))
      return byDefault(label, same, {
        program: "Kubernetes",
        versions: "all",
        source: "Kubernetes documentation, Service, targetPort",
        at: port.at,
      });
    if (node.kind === "scalar" && /^\d{1,5}$/.test(node.text))
      return written(label, Number(node.text), node.at);
    const name = reader.asText(node, label);
    if (!name.known) return unknown(label, name.origin.why, { at: node.at });
    for (const container of podContainers(podSpec, reader))
      for (const candidate of reader.mappings(container, "ports"))
        if (reader.name(candidate, "name")?.value === name.value) {
          const number = reader.number(candidate, "containerPort");
          if (number !== undefined)
            return derive(label, `port ${name.value} of the pod`, [number], (is) => is, node.at);
        }
    return unknown(label, `no container has a port named ${name.value}`, { at: node.at });
  }
}

/** Ports of a pod that are reachable from outside of the cluster: hostPort, and Services of the node or a balancer. */
export function publishedPorts(
  container: YamlMapping,
  services: readonly ContainerService[],
  reader: ManifestReader,
): PublishedPort[] {
  const ports: PublishedPort[] = [];
  const own = new Set<number>();
  for (const port of reader.mappings(container, "ports")) {
    const number = reader.number(port, "containerPort");
    if (number?.known !== true) continue;
    own.add(number.value);
    const published = reader.number(port, "hostPort");
    const address = reader.text(port, "hostIP");
    if (published !== undefined)
      ports.push({
        at: port.at,
        target: number.value,
        published,
        hostAddress:
          address?.known === true && !/^(?:0\.0\.0\.0|::|)$/.test(address.value) ? address.value : "*",
      });
  }
  for (const service of services)
    for (const { outside, target, at } of service.ports)
      if (outside && target.known && (own.size === 0 || own.has(target.value)))
        ports.push({
          at,
          target: target.value,
          published: unknown("port of the node", "Kubernetes or the balancer picks it", { at }),
          hostAddress: "*",
        });
  return ports;
}

/** The names that cluster DNS gives a Service; kubectl applies to `default` what names no namespace. */
function hostNamesOf(name: string, namespace = "default"): string[] {
  const qualified = `${name}.${namespace}`;
  return [name, qualified, `${qualified}.svc`, `${qualified}.svc.cluster.local`];
}

/** Containers and init containers of a pod. */
export function podContainers(spec: YamlMapping, reader: ManifestReader): YamlMapping[] {
  return [...reader.mappings(spec, "containers"), ...reader.mappings(spec, "initContainers")];
}

/** A template hole stands for itself: the same hole is the same label on both sides. */
function labels(mapping: YamlMapping | undefined, reader: ManifestReader): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { key, value } of mapping?.entries ?? []) {
    const text = reader.asText(value, `label ${key.text}`);
    if (text.known) found.set(key.text, text.value);
    else if (value.kind === "scalar") found.set(key.text, value.text);
  }
  return found;
}
