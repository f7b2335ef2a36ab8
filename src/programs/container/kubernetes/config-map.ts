import { isNull, valueAt, type YamlScalar } from "../../../syntax/yaml/tree.ts";
import type { Lookup, ManifestObject, ObjectIndex } from "./manifest-objects.ts";
import type { ManifestReader } from "./manifest-reader.ts";
import { jsonType } from "./plain-scalar.ts";

/** The keys of a ConfigMap. */
export interface ConfigMapData {
  readonly object: ManifestObject;
  /** Texts by key, in order; a key whose value the API server refuses is left out. */
  readonly texts: ReadonlyMap<string, YamlScalar>;
  /** Keys of `binaryData`, and keys whose value cannot be read here. */
  readonly opaque: ReadonlySet<string>;
  /** False where a kustomization may merge more keys into it. */
  readonly complete: boolean;
}

/** A ConfigMap by name, or why its keys are not known. */
export type ConfigMapLookup = { readonly data: ConfigMapData } | { readonly why: string };

/** Looks ConfigMaps up and reads each of them once. */
export class ConfigMaps {
  readonly #read = new Map<ManifestObject, ConfigMapData>();

  constructor(
    private readonly index: ObjectIndex,
    private readonly reader: ManifestReader,
    private readonly complete: boolean,
  ) {
    for (const object of index.ofKind("ConfigMap")) this.#dataOf(object);
  }

  find(name: string, namespace: string | undefined): ConfigMapLookup {
    const lookup = this.index.find("ConfigMap", name, namespace);
    return lookup.found === "one"
      ? { data: this.#dataOf(lookup.object) }
      : { why: whyNot("ConfigMap", name, lookup) };
  }

  #dataOf(object: ManifestObject): ConfigMapData {
    const known = this.#read.get(object);
    if (known !== undefined) return known;
    const texts = new Map<string, YamlScalar>();
    const opaque = new Set<string>();
    for (const { key, value } of this.reader.mapping(object.node, "data")?.entries ?? []) {
      if (value.kind === "scalar" && jsonType(value) === "string") texts.set(key.text, value);
      else if (isNull(value) && value.kind === "scalar") texts.set(key.text, value);
      else {
        this.reader.asText(value, `${key.text} of ConfigMap ${object.name}`);
        opaque.add(key.text);
      }
    }
    for (const { key } of this.reader.mapping(object.node, "binaryData")?.entries ?? []) opaque.add(key.text);
    const data = { object, texts, opaque, complete: this.complete };
    this.#read.set(object, data);
    return data;
  }
}

/** Names of the keys that a Secret here holds; undefined where it is not here or has no keys written. */
export function secretKeys(
  index: ObjectIndex,
  name: string,
  namespace: string | undefined,
): readonly string[] | undefined {
  const lookup = index.find("Secret", name, namespace);
  if (lookup.found !== "one") return undefined;
  const keys = ["data", "stringData"].flatMap((field) => {
    const node = valueAt(lookup.object.node, field);
    return node?.kind === "mapping" ? node.entries.map(({ key }) => key.text) : [];
  });
  return keys.length === 0 ? undefined : keys;
}

function whyNot(kind: string, name: string, lookup: Lookup): string {
  return lookup.found === "several"
    ? `these files hold ${lookup.objects.length} ${kind}s ${name}, and it is not known which one is applied`
    : `${kind} ${name} is not in these files`;
}
