import type { YamlMapping, YamlNode } from "../../../syntax/yaml/tree.ts";
import { valueAt } from "../../../syntax/yaml/tree.ts";
import type { Span } from "../../../text/span.ts";
import type { ManifestReader } from "./manifest-reader.ts";

/** One object of the API as a manifest describes it. */
export interface ManifestObject {
  readonly kind: string;
  readonly name: string;
  /** Undefined where the manifest leaves it to kubectl or a kustomization. */
  readonly namespace: string | undefined;
  /** The name, or the whole object where it has none. */
  readonly at: Span;
  readonly node: YamlMapping;
}

const mostObjects = 20_000;

/** The API groups whose kinds are read here; another group may use the same names (Knative has a Service too). */
const groups = /^(?:v1|(?:apps|extensions|batch|autoscaling)\/v\w+)$/;

/** The objects of parsed documents, those inside of a List too (`kind: List`, `items:`). */
export function manifestObjects(
  documents: readonly (YamlNode | undefined)[],
  reader: ManifestReader,
): ManifestObject[] {
  const objects: ManifestObject[] = [];
  const ahead = [...documents].reverse();
  for (let node = ahead.pop(); ahead.length > 0 || node !== undefined; node = ahead.pop()) {
    if (objects.length >= mostObjects) break;
    if (node?.kind !== "mapping") continue;
    const kind = valueAt(node, "kind");
    const version = valueAt(node, "apiVersion");
    if (kind?.kind !== "scalar" || version?.kind !== "scalar" || !groups.test(version.text)) continue;
    if (kind.text === "List") {
      const items = reader.items(node, "items");
      // A List in a List is no manifest that anyone writes, and an alias could make it endless.
      ahead.push(...items.filter((item) => !isList(item)).reverse());
      continue;
    }
    const metadata = reader.mapping(node, "metadata");
    const name = reader.name(metadata, "name");
    const generated = reader.name(metadata, "generateName");
    const shown = name?.value ?? generated?.value;
    if (shown === undefined) continue;
    objects.push({
      kind: kind.text,
      name: shown,
      namespace: reader.name(metadata, "namespace")?.value,
      at: (name ?? generated)?.origin.at ?? node.at,
      node,
    });
  }
  return objects;
}

function isList(node: YamlNode): boolean {
  const kind = valueAt(node, "kind");
  return kind?.kind === "scalar" && kind.text === "List";
}

/** What a name leads to among the objects that are here. */
export type Lookup =
  | { readonly found: "one"; readonly object: ManifestObject }
  /** Not in these files; it may be in the cluster. */
  | { readonly found: "none" }
  /** Several of the same name, such as a base and its overlays. */
  | { readonly found: "several"; readonly objects: readonly ManifestObject[] };

/** All objects of a folder, by kind and name. */
export class ObjectIndex {
  readonly #named = new Map<string, ManifestObject[]>();
  readonly #kinds = new Map<string, ManifestObject[]>();

  constructor(readonly objects: readonly ManifestObject[]) {
    for (const object of objects) {
      append(this.#named, `${object.kind} ${object.name}`, object);
      append(this.#kinds, object.kind, object);
    }
  }

  ofKind(kind: string): readonly ManifestObject[] {
    return this.#kinds.get(kind) ?? [];
  }

  /** Those that an object of a namespace sees; one that leaves its namespace open may be in any. */
  inNamespace(kind: string, namespace: string | undefined): readonly ManifestObject[] {
    return this.ofKind(kind).filter((object) => mayShare(object.namespace, namespace));
  }

  find(kind: string, name: string, namespace: string | undefined): Lookup {
    const named = this.#named.get(`${kind} ${name}`) ?? [];
    const exact = named.filter((object) => object.namespace === namespace);
    const seen = exact.length > 0 ? exact : named.filter((object) => mayShare(object.namespace, namespace));
    const [object] = seen;
    if (object === undefined) return { found: "none" };
    return seen.length === 1 ? { found: "one", object } : { found: "several", objects: seen };
  }
}

function mayShare(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

function append(map: Map<string, ManifestObject[]>, key: string, object: ManifestObject): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [object]);
  else list.push(object);
}
