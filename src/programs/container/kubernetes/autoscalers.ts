import type { ManifestObject, ObjectIndex } from "./manifest-objects.ts";
import type { ManifestReader } from "./manifest-reader.ts";

/** HorizontalPodAutoscalers by what they scale. */
export class Autoscalers {
  readonly #targets = new Map<string, ManifestObject>();

  constructor(index: ObjectIndex, reader: ManifestReader) {
    for (const object of index.ofKind("HorizontalPodAutoscaler")) {
      const target = reader.mapping(reader.mapping(object.node, "spec"), "scaleTargetRef");
      const kind = reader.name(target, "kind")?.value;
      const name = reader.name(target, "name")?.value;
      this.#targets.set(`${kind} ${name}`, object);
    }
  }

  /** Undefined where none that is here sets the replicas of an object. */
  of({ kind, name, namespace }: ManifestObject): ManifestObject | undefined {
    const found = this.#targets.get(`${kind} ${name}`);
    if (found?.namespace === undefined || namespace === undefined) return found;
    return found.namespace === namespace ? found : undefined;
  }
}
