import type { ProcessEnvironment } from "../../../model/command.ts";
import { derive, type Known, unknown, type Value, written } from "../../../model/value.ts";
import type { YamlMapping } from "../../../syntax/yaml/tree.ts";
import type { Span } from "../../../text/span.ts";
import { secretKeys } from "./config-map.ts";
import { resourceField } from "./resource-field.ts";
import type { ServiceVariables } from "./service-variables.ts";
import { variableReferences } from "./variable-references.ts";
import type { PodContext } from "./workload.ts";

/** What one `envFrom` item brings. */
type Layer =
  | { readonly kind: "known"; readonly values: ReadonlyMap<string, Value<string>> }
  /** Any variable that begins with the prefix may come from it. */
  | { readonly kind: "open"; readonly prefix: string; readonly why: string; readonly at: Span };

/**
 * The variables of a container: `env` over `envFrom`, later items over earlier ones, both over the variables of
 * Services (kubernetes pkg/kubelet/kubelet_pods.go, makeEnvironmentVariables). The image's ENV lies below all of them,
 * and `$(NAME)` does not see it.
 */
export class PodEnvironment {
  readonly #own = new Map<string, Value<string>>();
  readonly #layers: readonly Layer[];
  readonly #services: ServiceVariables | undefined;

  constructor(
    container: YamlMapping,
    private readonly pod: PodContext,
  ) {
    const links = pod.reader.boolean(pod.spec, "enableServiceLinks");
    this.#services =
      links?.known === true && !links.value ? undefined : pod.serviceVariables.of(pod.object.namespace);
    this.#layers = pod.reader.mappings(container, "envFrom").flatMap((item) => this.#layerOf(item));
    for (const item of pod.reader.mappings(container, "env")) this.#declare(item, container);
  }

  /** The same variables over those of an image. */
  over(image: ProcessEnvironment): ProcessEnvironment {
    return {
      get: (name) => this.#ofPod(name) ?? image.get(name),
      names: () => [...new Set([...(image.names?.() ?? []), ...this.#names()])],
    };
  }

  #names(): readonly string[] {
    const names = new Set<string>();
    for (const layer of this.#layers)
      if (layer.kind === "known") for (const name of layer.values.keys()) names.add(name);
    for (const name of this.#own.keys()) names.add(name);
    return [...names];
  }

  /** A text with every `$(NAME)` replaced that a variable of the pod gives a value; the others stay as they are. */
  expanded(text: Value<string>): Value<string> {
    if (!text.known || !text.value.includes("$")) return text;
    const pieces = variableReferences(text.value);
    const inputs: Value<string>[] = [];
    const parts = pieces.map((piece): string | number => {
      if (piece.kind === "text") return piece.text;
      const value = this.#ofPod(piece.name);
      if (value === undefined) return `$(${piece.name})`;
      inputs.push(value);
      return inputs.length - 1;
    });
    if (inputs.length === 0) {
      const plain = parts.join("");
      return plain === text.value ? text : { ...text, value: plain };
    }
    return derive(
      text.label,
      "with its $(NAME) replaced",
      [text, ...inputs],
      (_, ...values) =>
        parts.map((part) => (typeof part === "string" ? part : (values[part] ?? ""))).join(""),
      text.origin.at,
    );
  }

  #ofPod(name: string): Value<string> | undefined {
    const own = this.#own.get(name);
    if (own !== undefined) return own;
    const lost: Known<string>[] = [];
    let winner: Value<string> | undefined;
    for (const layer of this.#layers.toReversed()) {
      if (layer.kind === "open") {
        if (winner === undefined && name.startsWith(layer.prefix))
          return unknown(name, layer.why, { at: layer.at });
        continue;
      }
      const value = layer.values.get(name);
      if (value === undefined) continue;
      if (winner === undefined) winner = value;
      else if (value.known) lost.push(value);
    }
    if (winner === undefined) return this.#services?.get(name);
    return winner.known && winner.origin.kind === "written" && lost.length > 0
      ? { ...winner, origin: { ...winner.origin, overrode: lost } }
      : winner;
  }

  #declare(item: YamlMapping, container: YamlMapping): void {
    const { reader } = this.pod;
    const name = reader.name(item, "name")?.value;
    if (name === undefined) return;
    const before = this.#ofPod(name);
    const value = this.#valueOf(item, name, container);
    if (value === undefined) return;
    const shadows = before?.known === true && before.origin.kind === "written" ? [before] : [];
    this.#own.set(
      name,
      value.known && value.origin.kind === "written"
        ? { ...value, origin: { ...value.origin, overrode: shadows } }
        : value,
    );
  }

  /** Undefined where the item sets nothing: an optional key that is not there. */
  #valueOf(item: YamlMapping, name: string, container: YamlMapping): Value<string> | undefined {
    const { reader } = this.pod;
    const text = reader.text(item, "value", `value of ${name}`);
    if (text !== undefined && !(text.known && text.value === ""))
      return this.expanded({ ...text, label: name });
    const from = reader.mapping(item, "valueFrom");
    const at = from?.at ?? item.at;
    const key = reader.mapping(from, "configMapKeyRef");
    if (key !== undefined) return this.#ofConfigMap(key, name);
    const secret = reader.mapping(from, "secretKeyRef");
    if (secret !== undefined)
      return unknown(name, `Secret ${reader.name(secret, "name")?.value ?? ""} sets it`, { at });
    const field = reader.mapping(from, "fieldRef");
    if (field !== undefined)
      return unknown(name, `${reader.name(field, "fieldPath")?.value ?? "a field"} of the pod sets it`, {
        at,
      });
    const resource = reader.mapping(from, "resourceFieldRef");
    if (resource !== undefined) return resourceField(resource, name, container, this.pod);
    const other = from?.entries[0]?.key.text;
    if (other !== undefined) return unknown(name, `${other} sets it`, { at });
    return text === undefined ? written(name, "", item.at) : { ...text, label: name };
  }

  #ofConfigMap(reference: YamlMapping, name: string): Value<string> | undefined {
    const { reader, configMaps, object } = this.pod;
    const map = reader.name(reference, "name");
    const key = reader.name(reference, "key");
    const at = key?.origin.at ?? reference.at;
    if (map === undefined || key === undefined)
      return unknown(name, "its configMapKeyRef is not complete", { at: reference.at });
    const found = configMaps.find(map.value, object.namespace);
    if ("why" in found) return unknown(name, found.why, { at });
    const { data } = found;
    const text = data.texts.get(key.value);
    if (text !== undefined) return written(name, text.text, text.at);
    if (data.opaque.has(key.value))
      return unknown(name, `${key.value} of ConfigMap ${map.value} is no text`, { at });
    const optional = reader.boolean(reference, "optional");
    if (optional?.known === true && optional.value) return undefined;
    if (!data.complete)
      return unknown(name, `a kustomization may add ${key.value} to ConfigMap ${map.value}`, { at });
    reader.report(at, `ConfigMap ${map.value} has no key ${key.value}, so the container does not start`, {
      because: [{ message: `ConfigMap ${map.value} is written here`, at: data.object.at }],
      ...keysHelp([...data.texts.keys()]),
    });
    return unknown(name, `ConfigMap ${map.value} has no key ${key.value}`, { at });
  }

  #layerOf(item: YamlMapping): Layer[] {
    const { reader, configMaps, index, object } = this.pod;
    const prefix = reader.text(item, "prefix");
    const known = prefix === undefined || prefix.known;
    const before = prefix?.known === true ? prefix.value : "";
    const mapReference = reader.mapping(item, "configMapRef");
    const map = reader.name(mapReference, "name");
    if (map !== undefined) {
      const found = configMaps.find(map.value, object.namespace);
      const at = map.origin.at ?? item.at;
      if ("why" in found) return [{ kind: "open", prefix: before, why: found.why, at }];
      if (!known) return [{ kind: "open", prefix: "", why: "its prefix is not known", at }];
      const values = new Map<string, Value<string>>();
      for (const [key, { text, at: place }] of found.data.texts)
        values.set(before + key, written(before + key, text, place));
      for (const key of found.data.opaque)
        values.set(
          before + key,
          unknown(before + key, `ConfigMap ${map.value} holds no text for it`, { at }),
        );
      const added = `a kustomization may add it to ConfigMap ${map.value}`;
      return found.data.complete
        ? [{ kind: "known", values }]
        : [
            { kind: "open", prefix: before, why: added, at },
            { kind: "known", values },
          ];
    }
    const secret = reader.name(reader.mapping(item, "secretRef"), "name");
    if (secret === undefined)
      return [{ kind: "open", prefix: before, why: "envFrom sets it from elsewhere", at: item.at }];
    const at = secret.origin.at ?? item.at;
    const keys = secretKeys(index, secret.value, object.namespace);
    const why = `Secret ${secret.value} may set it`;
    if (keys === undefined || !known) return [{ kind: "open", prefix: before, why, at }];
    return [
      {
        kind: "known",
        values: new Map(
          keys.map((key) => [before + key, unknown(before + key, `Secret ${secret.value} sets it`, { at })]),
        ),
      },
    ];
  }
}

function keysHelp(keys: readonly string[]): { help?: string } {
  return keys.length === 0 || keys.length > 12 ? {} : { help: `its keys are ${keys.join(", ")}` };
}
