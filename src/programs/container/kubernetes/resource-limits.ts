import { type Bytes, bytes, type Cpus, cpus } from "../../../model/units.ts";
import { byDefault, converted, type Known, unknown, type Value, written } from "../../../model/value.ts";
import {
  isNull,
  valueAt,
  type YamlMapping,
  type YamlNode,
  type YamlScalar,
} from "../../../syntax/yaml/tree.ts";
import { holeOf, type ManifestReader } from "./manifest-reader.ts";
import { jsonType, wholeNumber } from "./plain-scalar.ts";
import { parseQuantity, type Quantity, thousandths, wholeUnits } from "./quantity.ts";
import type { PodContext } from "./workload.ts";

export type Resource = "cpu" | "memory";
type Bound = "limits" | "requests";

/** A quota shorter than 1 ms of every 100 ms is not made (kubernetes pkg/kubelet/cm, MilliCPUToQuota). */
const leastCpus = 0.01;
const noLimitSource = "Kubernetes documentation, Resource Management for Pods and Containers";

/**
 * `resources.limits.cpu` as a CFS quota in CPUs; Infinity where nothing limits it. 0 is no limit
 * (MilliCPUToQuota). `requests.cpu` is a weight and no limit.
 */
export function cpuQuota(container: YamlMapping, name: string, pod: PodContext): Value<Cpus> {
  const limit = limitOf(container, name, "cpu", pod);
  if (limit === undefined) return unlimited(`limits.cpu of ${name}`, "limits.cpu", cpus(Infinity), pod);
  return converted(limit, (quantity) => {
    const share = thousandths(quantity) / 1000;
    return cpus(share === 0 ? Infinity : Math.max(share, leastCpus));
  });
}

/** `resources.limits.memory`; Infinity where nothing limits it. */
export function memoryMax(container: YamlMapping, name: string, pod: PodContext): Value<Bytes> {
  const limit = limitOf(container, name, "memory", pod);
  if (limit === undefined)
    return unlimited(`limits.memory of ${name}`, "limits.memory", bytes(Infinity), pod);
  return converted(limit, (quantity) => {
    const size = wholeUnits(quantity);
    return bytes(size === 0 ? Infinity : size);
  });
}

function unlimited<T>(label: string, field: string, value: T, pod: PodContext): Known<T> {
  return byDefault(label, value, {
    program: "Kubernetes",
    versions: "all",
    source: noLimitSource,
    at: pod.object.at,
    assuming: `no LimitRange sets ${field}`,
  });
}

/** The limit that binds a container: its own, else that of its pod, else the default of a LimitRange that is here. */
function limitOf(
  container: YamlMapping,
  name: string,
  resource: Resource,
  pod: PodContext,
): Value<Quantity> | undefined {
  return (
    declared(container, "limits", resource, name, pod.reader) ??
    declared(pod.spec, "limits", resource, `${pod.object.kind} ${pod.object.name}`, pod.reader) ??
    pod.limitRanges.defaultOf(resource, pod.object.namespace)
  );
}

/** A resource as it is written for a container; undefined where it is not. */
export function declared(
  owner: YamlMapping,
  bound: Bound,
  resource: Resource,
  name: string,
  reader: ManifestReader,
): Value<Quantity> | undefined {
  const amounts = reader.mapping(reader.mapping(owner, "resources"), bound);
  return quantityOf(valueAt(amounts, resource), `${bound}.${resource} of ${name}`, reader);
}

/** A quantity; undefined where nothing is written. */
export function quantityOf(
  node: YamlNode | undefined,
  label: string,
  reader: ManifestReader,
): Value<Quantity> | undefined {
  if (node === undefined || isNull(node)) return undefined;
  const hole = holeOf(node);
  if (hole !== undefined) return unknown(label, `a template fills in ${hole}`, { at: node.at });
  const quantity = node.kind === "scalar" ? parseQuantity(sent(node)) : undefined;
  if (quantity !== undefined && quantity.nano >= 0n) return written(label, quantity, node.at);
  const text = node.kind === "scalar" ? node.text : `a ${node.kind}`;
  reader.report(node.at, `${label} is ${text}, which is no quantity: the API server refuses the object`, {
    help: node.kind === "scalar" ? spellingOf(node.text) : "write an amount such as 500m or 256Mi",
  });
  return unknown(label, `${text} is no quantity`, { at: node.at });
}

/** What the API server gets: an unquoted number is converted before. */
function sent(scalar: YamlScalar): string {
  const type = jsonType(scalar);
  if (type === "boolean") return "";
  return type === "number" ? String(wholeNumber(scalar) ?? scalar.text) : scalar.text;
}

function spellingOf(text: string): string {
  const size = /^([\d.]+)\s*([kmgtKMGT])i?[bB]?$/.exec(text.trim());
  if (size !== null) {
    const letter = (size[2] ?? "").toUpperCase();
    return `write ${size[1]}${letter}i (1024 based) or ${size[1]}${letter === "K" ? "k" : letter} (1000 based)`;
  }
  return "write a number with one of m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei, or none";
}

/** Says where a request is above its limit, and where an amount cannot be meant. */
export function checkResources(container: YamlMapping, name: string, reader: ManifestReader): void {
  for (const resource of ["cpu", "memory"] as const) {
    const limit = declared(container, "limits", resource, name, reader);
    const request = declared(container, "requests", resource, name, reader);
    for (const amount of resource === "memory" ? [limit, request] : [])
      if (
        amount?.known === true &&
        amount.value.nano > 0n &&
        amount.value.nano < 10n ** 9n &&
        amount.origin.at
      )
        reader.report(amount.origin.at, `${amount.label} is less than one byte: m means thousandths`, {
          help: spellingOf(amountText(amount)),
          severity: "warning",
        });
    if (limit?.known !== true || request?.known !== true || request.value.nano <= limit.value.nano) continue;
    const { at } = request.origin;
    if (at === undefined || limit.origin.at === undefined) continue;
    reader.report(
      at,
      `${request.label} is above its limit of ${amountText(limit)}: the API server refuses the object`,
      { because: [{ message: `the limit is ${amountText(limit)}`, at: limit.origin.at }] },
    );
  }
}

function amountText({ origin }: Known<Quantity>): string {
  const { at } = origin;
  return at === undefined ? "" : at.file.text.slice(at.start, at.end).replace(/^["']|["']$/g, "");
}
