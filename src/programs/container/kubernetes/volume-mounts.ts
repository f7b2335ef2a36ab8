import { absolutePath } from "../../../files/host-path.ts";
import type { ContainerFile, ContainerFileSource } from "../../../model/container.ts";
import { valueAt, type YamlMapping, type YamlScalar } from "../../../syntax/yaml/tree.ts";
import type { Span } from "../../../text/span.ts";
import type { PodEnvironment } from "./pod-environment.ts";
import type { PodContext } from "./workload.ts";

/** What a volume holds: files by path below it, or nothing that is known. */
type VolumeContent =
  | {
      readonly kind: "files";
      readonly files: ReadonlyMap<string, ContainerFileSource>;
      readonly of: string /** False where there may be more files. */;
      readonly complete: boolean;
    }
  | { readonly kind: "other"; readonly source: ContainerFileSource };

/**
 * The mounts of a container, outer folders before inner ones as the runtime makes them. A mounted volume hides what
 * the image has there; a ConfigMap is read-only, one file with `subPath`.
 */
export function volumeMounts(
  container: YamlMapping,
  pod: PodContext,
  environment: PodEnvironment,
): ContainerFile[] {
  const volumes = new Map(
    pod.reader.mappings(pod.spec, "volumes").flatMap((volume) => {
      const name = pod.reader.name(volume, "name")?.value;
      return name === undefined ? [] : [[name, volume] as const];
    }),
  );
  const mounts = pod.reader.mappings(container, "volumeMounts").map((mount) => {
    const files = mounted(mount, volumes, pod, environment);
    return { depth: files[0]?.path.split("/").length ?? 0, files };
  });
  return mounts.sort((left, right) => left.depth - right.depth).flatMap(({ files }) => files);
}

function mounted(
  mount: YamlMapping,
  volumes: ReadonlyMap<string, YamlMapping>,
  pod: PodContext,
  environment: PodEnvironment,
): ContainerFile[] {
  const { reader } = pod;
  const name = reader.name(mount, "name");
  const path = reader.name(mount, "mountPath");
  if (name === undefined || path === undefined) return [];
  const at = path.origin.at ?? mount.at;
  const target = absolutePath(path.value);
  const volume = volumes.get(name.value);
  const content: VolumeContent =
    volume === undefined
      ? {
          kind: "other",
          source: { kind: "volume", name: `${name.value} of ${pod.object.kind} ${pod.object.name}` },
        }
      : contentOf(volume, name.value, pod);
  const writable = reader.boolean(mount, "readOnly");
  const readOnly = (writable?.known === true && writable.value) || content.kind === "files";
  const expression = reader.text(mount, "subPathExpr");
  const part = expression === undefined ? reader.text(mount, "subPath") : environment.expanded(expression);
  if (part?.known === false)
    return [{ path: target, source: { kind: "unknown", why: part.origin.why }, at, readOnly }];
  const below = part === undefined ? "" : absolutePath(part.value).slice(1);
  if (content.kind === "other")
    return [{ path: target, source: sourceBelow(content.source, below), at, readOnly }];
  if (below !== "") {
    const file = content.files.get(below);
    if (file !== undefined) return [{ path: target, source: file, at, readOnly }];
    const inside = [...content.files].filter(([key]) => key.startsWith(`${below}/`));
    if (inside.length === 0 && !content.complete)
      return [
        { path: target, source: { kind: "unknown", why: mayBeAdded(below, content.of) }, at, readOnly },
      ];
    if (inside.length === 0) {
      reader.report(
        part?.origin.at ?? mount.at,
        `${content.of} has no ${below}, so an empty folder is mounted at ${target}`,
        content.files.size === 0 || content.files.size > 12
          ? {}
          : { help: `it has ${[...content.files.keys()].join(", ")}` },
      );
      return [{ path: target, source: { kind: "folder" }, at, readOnly }];
    }
    return folder(
      target,
      inside.map(([key, source]) => [key.slice(below.length + 1), source]),
      at,
    );
  }
  const files = folder(target, [...content.files], at);
  return content.complete
    ? files
    : [
        { path: target, source: { kind: "unknown", why: mayBeAdded("files", content.of) }, at, readOnly },
        ...files.slice(1),
      ];
}

function mayBeAdded(what: string, of: string): string {
  return `a kustomization may add ${what} to ${of}`;
}

function folder(
  path: string,
  files: readonly (readonly [string, ContainerFileSource])[],
  at: Span,
): ContainerFile[] {
  return [
    { path, source: { kind: "folder" }, at, readOnly: true },
    ...files.map(([key, source]) => ({ path: absolutePath(key, path), source, at, readOnly: true })),
  ];
}

function sourceBelow(source: ContainerFileSource, below: string): ContainerFileSource {
  return source.kind === "volume" && below !== "" ? { ...source, name: `${source.name}/${below}` } : source;
}

function contentOf(volume: YamlMapping, name: string, pod: PodContext): VolumeContent {
  const { reader, object } = pod;
  const shown = `${name} of ${object.kind} ${object.name}`;
  const map = reader.mapping(volume, "configMap");
  if (map !== undefined) return configMapContent(map, reader.name(map, "name")?.value ?? "", pod);
  const projected = reader.mapping(volume, "projected");
  if (projected !== undefined) return projectedContent(projected, pod);
  const memory = reader.mapping(volume, "emptyDir");
  const medium = reader.text(memory, "medium");
  if (medium?.known === true && /^(?:Memory|HugePages)/.test(medium.value))
    return { kind: "other", source: { kind: "memory", name: shown } };
  const secret = reader.mapping(volume, "secret");
  if (secret !== undefined)
    return other(`Secret ${reader.name(secret, "secretName")?.value ?? ""} is not in these files`);
  const host = reader.text(reader.mapping(volume, "hostPath"), "path");
  if (host?.known === true)
    return { kind: "other", source: { kind: "volume", name: `${host.value} of the node` } };
  const claim = reader.text(reader.mapping(volume, "persistentVolumeClaim"), "claimName");
  if (claim?.known === true)
    return { kind: "other", source: { kind: "volume", name: `PersistentVolumeClaim ${claim.value}` } };
  return { kind: "other", source: { kind: "volume", name: shown } };
}

function other(why: string): VolumeContent {
  return { kind: "other", source: { kind: "unknown", why } };
}

/** The files that a ConfigMap becomes: every key, or those of `items` under their paths. */
function configMapContent(reference: YamlMapping, name: string, pod: PodContext): VolumeContent {
  const { reader, configMaps, object } = pod;
  const found = configMaps.find(name, object.namespace);
  if ("why" in found) return other(found.why);
  const { data } = found;
  const of = `ConfigMap ${name}`;
  const sourceOf = (key: string): ContainerFileSource | undefined => {
    const text = data.texts.get(key);
    if (text !== undefined) return inline(text);
    return data.opaque.has(key) ? { kind: "unknown", why: `${key} of ${of} is no text` } : undefined;
  };
  if (valueAt(reference, "items") === undefined) {
    const files = new Map<string, ContainerFileSource>();
    for (const key of [...data.texts.keys(), ...data.opaque]) {
      const source = sourceOf(key);
      if (source !== undefined) files.set(key, source);
    }
    return { kind: "files", files, of, complete: data.complete };
  }
  const optional = reader.boolean(reference, "optional");
  const files = new Map<string, ContainerFileSource>();
  for (const item of reader.mappings(reference, "items")) {
    const key = reader.name(item, "key");
    const path = reader.name(item, "path");
    if (key === undefined || path === undefined) continue;
    const source = sourceOf(key.value);
    if (source !== undefined) files.set(absolutePath(path.value).slice(1), source);
    else if (!data.complete)
      files.set(absolutePath(path.value).slice(1), { kind: "unknown", why: mayBeAdded(key.value, of) });
    else if (!(optional?.known === true && optional.value))
      reader.report(key.origin.at ?? item.at, `${of} has no key ${key.value}, so the pod does not start`, {
        because: [{ message: `${of} is written here`, at: data.object.at }],
        ...(data.texts.size === 0 || data.texts.size > 12
          ? {}
          : { help: `its keys are ${[...data.texts.keys()].join(", ")}` }),
      });
  }
  return { kind: "files", files, of: `the volume of ${of}`, complete: true };
}

/** All sources of a projected volume in one folder; later ones win. */
function projectedContent(projected: YamlMapping, pod: PodContext): VolumeContent {
  const { reader } = pod;
  const files = new Map<string, ContainerFileSource>();
  let complete = true;
  for (const source of reader.mappings(projected, "sources")) {
    const map = reader.mapping(source, "configMap");
    if (map === undefined) return other("a projected volume brings files that are not in these files");
    const content = configMapContent(map, reader.name(map, "name")?.value ?? "", pod);
    if (content.kind === "other") return content;
    for (const [path, file] of content.files) files.set(path, file);
    complete &&= content.complete;
  }
  return { kind: "files", files, of: "the projected volume", complete };
}

function inline({ text, at, lineStarts }: YamlScalar): ContainerFileSource {
  return { kind: "inline", file: { text, at, lineStarts } };
}
