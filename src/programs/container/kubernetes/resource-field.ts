import { derive, unknown, type Value } from "../../../model/value.ts";
import { valueAt, type YamlMapping } from "../../../syntax/yaml/tree.ts";
import { podContainers } from "./pod-services.ts";
import type { Quantity } from "./quantity.ts";
import { thousandths, wholeUnits } from "./quantity.ts";
import { declared, quantityOf } from "./resource-limits.ts";
import type { PodContext } from "./workload.ts";

/**
 * A variable that holds a resource of a container: the amount divided by `divisor` (1 where none or 0 is written),
 * rounded up (kubernetes pkg/api/v1/resource/helpers.go, convertResourceCPUToString). Where no limit is written the
 * kubelet takes what the node has, which is not known.
 */
export function resourceField(
  reference: YamlMapping,
  name: string,
  container: YamlMapping,
  pod: PodContext,
): Value<string> {
  const { reader } = pod;
  const resource = reader.text(reference, "resource");
  const at = reference.at;
  if (resource?.known !== true) return unknown(name, "its resource is not known", { at });
  const parts = /^(limits|requests)\.(cpu|memory)$/.exec(resource.value);
  if (parts === null) return unknown(name, `${resource.value} of the container sets it`, { at });
  const bound = parts[1] === "limits" ? "limits" : "requests";
  const kind = parts[2] === "cpu" ? "cpu" : "memory";
  const wanted = reader.name(reference, "containerName")?.value;
  const owner = wanted === undefined ? container : containerNamed(wanted, pod);
  if (owner === undefined) return unknown(name, `the pod has no container ${wanted}`, { at });
  const label = wanted ?? reader.name(owner, "name")?.value ?? "the container";
  // A limit without a request is the request too.
  const amount =
    declared(owner, bound, kind, label, reader) ??
    (bound === "requests" ? declared(owner, "limits", kind, label, reader) : undefined);
  if (amount === undefined)
    return unknown(
      name,
      bound === "limits"
        ? `no ${resource.value} is written, so the node decides`
        : `no ${resource.value} is written`,
      { at },
    );
  const divisor = quantityOf(valueAt(reference, "divisor"), `divisor of ${name}`, reader);
  if (divisor === undefined)
    return derive(name, "rounded up", [amount], (value) => quotient(value, undefined, kind), at);
  return derive(
    name,
    "divided by the divisor, rounded up",
    [amount, divisor],
    (value, by) => quotient(value, by, kind),
    at,
  );
}

function quotient(amount: Quantity, divisor: Quantity | undefined, kind: "cpu" | "memory"): string {
  const units = kind === "cpu" ? thousandths : wholeUnits;
  const by = divisor === undefined || divisor.nano === 0n ? (kind === "cpu" ? 1000 : 1) : units(divisor);
  return String(Math.ceil(units(amount) / by));
}

function containerNamed(name: string, { spec, reader }: PodContext): YamlMapping | undefined {
  return podContainers(spec, reader).find((container) => reader.name(container, "name")?.value === name);
}
