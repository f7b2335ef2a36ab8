import { unknown, type Value } from "../../../model/value.ts";
import { valueAt } from "../../../syntax/yaml/tree.ts";
import type { ObjectIndex } from "./manifest-objects.ts";
import type { ManifestReader } from "./manifest-reader.ts";
import type { Quantity } from "./quantity.ts";
import { quantityOf, type Resource } from "./resource-limits.ts";

/** Limits that LimitRange objects of a namespace give to containers that declare none. */
export class LimitRanges {
  readonly #made = new Map<string, Value<Quantity> | undefined>();

  constructor(
    private readonly index: ObjectIndex,
    private readonly reader: ManifestReader,
  ) {}

  /** Undefined where no LimitRange that is here sets it. */
  defaultOf(resource: Resource, namespace: string | undefined): Value<Quantity> | undefined {
    const key = `${resource} ${namespace ?? ""}`;
    if (!this.#made.has(key)) this.#made.set(key, this.#find(resource, namespace));
    return this.#made.get(key);
  }

  #find(resource: Resource, namespace: string | undefined): Value<Quantity> | undefined {
    const { reader } = this;
    const found: Value<Quantity>[] = [];
    for (const object of this.index.inNamespace("LimitRange", namespace))
      for (const limit of reader.mappings(reader.mapping(object.node, "spec"), "limits")) {
        if (reader.name(limit, "type")?.value !== "Container") continue;
        // A max without a default is the default (kubernetes pkg/apis/core/v1/defaults.go).
        const node =
          valueAt(reader.mapping(limit, "default"), resource) ??
          valueAt(reader.mapping(limit, "max"), resource);
        const value = quantityOf(node, `default limits.${resource} of LimitRange ${object.name}`, reader);
        if (value !== undefined) found.push(value);
      }
    const [only, ...others] = found;
    if (only === undefined || others.length === 0) return only;
    return unknown(`limits.${resource}`, "several LimitRanges set it", { from: found });
  }
}
