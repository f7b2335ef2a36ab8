import type { FileTree } from "../../../files/file-tree.ts";
import { absolutePath } from "../../../files/host-path.ts";
import type { ContainerFile, ContainerFileSource } from "../../../model/container.ts";
import type { Problem } from "../../../syntax/problem.ts";
import { isNull } from "../../../syntax/yaml/tree.ts";
import { deciding, expanded, itemsOf, type Layer, type Layers, under } from "./layers.ts";
import { parseBoolean } from "./quantities.ts";
import { textOf } from "./setting-value.ts";
import { pathInTree } from "./tree-path.ts";

/** The top level sections that services refer to. */
export interface NamedSources {
  readonly configs: Layers;
  readonly secrets: Layers;
}

/** What a service mounts, by target: a later entry for a target replaces an earlier one. */
export function mountsOf(
  service: string,
  layers: Layers,
  named: NamedSources,
  tree: FileTree,
  problems: Problem[],
): ContainerFile[] {
  const files: ContainerFile[] = [];
  for (const kind of ["configs", "secrets"] as const)
    put(
      files,
      itemsOf(under(layers, kind)).map((item) => grant(item, kind, named[kind], tree)),
    );
  put(
    files,
    itemsOf(under(layers, "volumes")).map((item) => volume(service, item, problems)),
  );
  put(files, tmpfsOf(under(layers, "tmpfs")));
  return files;
}

function put(files: ContainerFile[], more: readonly (ContainerFile | undefined)[]): void {
  for (const file of more) {
    if (file === undefined) continue;
    const before = files.findIndex(({ path }) => path === file.path);
    if (before !== -1) files.splice(before, 1);
    files.push(file);
  }
}

function volume(service: string, item: Layer, problems: Problem[]): ContainerFile | undefined {
  return item.node.kind === "mapping" ? longVolume(service, item) : shortVolume(service, item, problems);
}

function shortVolume(service: string, item: Layer, problems: Problem[]): ContainerFile | undefined {
  const text = expanded(item, true);
  if (text === undefined) return undefined;
  const at = item.node.at;
  const [first = "", second, third] = fieldsOf(text.text);
  if (text.text !== "" && (first === "" || second === "")) {
    problems.push({ rule: "container/compose", message: `the volume "${text.text}" has an empty part`, at });
    return undefined;
  }
  const target = second ?? first;
  if (!target.startsWith("/")) return undefined;
  const readOnly = third?.split(",").includes("ro") ?? false;
  const path = absolutePath(target);
  if (second === undefined) return { path, source: anonymous(service, path), at, readOnly };
  const source = text.part("source", 0, first.length);
  return {
    path,
    source: source.known ? sourceOf(source.value, item) : { kind: "unknown", why: source.origin.why },
    at,
    readOnly,
  };
}

/** Colons separate; not the one behind a drive letter of Windows. */
function fieldsOf(text: string): string[] {
  return text.split(/(?<!^[A-Za-z]|:[A-Za-z]):/);
}

function sourceOf(source: string, { from }: Layer): ContainerFileSource {
  if (/^[.~/]|^[A-Za-z]:|^\\\\/.test(source)) return bound(source, from.directory);
  return { kind: "volume", name: source };
}

function bound(source: string, directory: string): ContainerFileSource {
  const path = pathInTree(source, directory);
  return path === undefined ? { kind: "volume", name: source } : { kind: "repository", path };
}

function anonymous(service: string, path: string): ContainerFileSource {
  return { kind: "volume", name: `anonymous volume of ${service} at ${path}` };
}

function longVolume(service: string, item: Layer): ContainerFile | undefined {
  const target = textOf("target", under([item], "target"));
  if (!target?.known || !target.value.startsWith("/")) return undefined;
  const path = absolutePath(target.value);
  const type = textOf("type", under([item], "type"));
  const source = textOf("source", under([item], "source"), true);
  const readOnlyText = textOf("read_only", under([item], "read_only"));
  const readOnly = readOnlyText?.known === true && parseBoolean(readOnlyText.value) === true;
  const at = item.node.at;
  if (type?.known && type.value === "tmpfs") return { path, source: { kind: "memory" }, at, readOnly };
  if (source === undefined) return { path, source: anonymous(service, path), at, readOnly };
  if (!source.known) return { path, source: { kind: "unknown", why: source.origin.why }, at, readOnly };
  const isBind = type?.known && type.value === "bind";
  if (!isBind) return { path, source: { kind: "volume", name: source.value }, at, readOnly };
  return { path, source: bound(source.value, item.from.directory), at, readOnly };
}

function tmpfsOf(layers: Layers): (ContainerFile | undefined)[] {
  const items = layers.flatMap(({ node, from }) =>
    (node.kind === "sequence" ? node.items : [node]).map((item) => ({ node: item, from })),
  );
  return items.map((item) => {
    const path = expanded(item)?.text.split(":", 1)[0] ?? "";
    if (!path.startsWith("/")) return undefined;
    return { path: absolutePath(path), source: { kind: "memory" }, at: item.node.at, readOnly: false };
  });
}

/** A config or secret that a service is given. */
function grant(
  item: Layer,
  kind: "configs" | "secrets",
  defined: Layers,
  tree: FileTree,
): ContainerFile | undefined {
  const isLong = item.node.kind === "mapping";
  const source = isLong ? textOf("source", under([item], "source")) : expanded(item)?.whole("source");
  if (!source?.known) return undefined;
  const target = isLong ? textOf("target", under([item], "target")) : undefined;
  if (target?.known === false) return undefined;
  const folder = kind === "configs" ? "/" : "/run/secrets";
  const path = absolutePath(target?.value ?? source.value, folder);
  const at = item.node.at;
  return { path, source: contentOf(under(defined, source.value), tree), at, readOnly: true };
}

function contentOf(definition: Layers, tree: FileTree): ContainerFileSource {
  const file = textOf("file", under(definition, "file"), true);
  const fileLayer = deciding(under(definition, "file"));
  if (file?.known && fileLayer !== undefined) {
    const source = bound(file.value, fileLayer.from.directory);
    if (source.kind !== "repository" || tree.kind(source.path) === "missing")
      return { kind: "unknown", why: `${file.value} is not here` };
    return source;
  }
  if (file !== undefined) return { kind: "unknown", why: file.known ? "no file" : file.origin.why };
  const content = deciding(under(definition, "content"));
  if (content === undefined || content.node.kind !== "scalar" || isNull(content.node))
    return { kind: "unknown", why: "the engine holds its content" };
  const text = expanded(content);
  const value = text?.whole("content");
  if (text === undefined || !value?.known)
    return { kind: "unknown", why: value?.known === false ? value.origin.why : "no text" };
  const lineStarts = text.isLiteral ? content.node.lineStarts : undefined;
  return { kind: "inline", file: { text: value.value, at: content.node.at, lineStarts } };
}
