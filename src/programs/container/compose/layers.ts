import { entryOf, isNull, type YamlNode, type YamlScalar } from "../../../syntax/yaml/tree.ts";
import type { SourceFile } from "../../../text/source-file.ts";
import { ExpandedText } from "./expanded-text.ts";
import type { ProjectVariables } from "./project-variables.ts";

/** One compose file in its place. */
export interface ComposeFile {
  readonly file: SourceFile;
  readonly path: string;
  /** Absolute; relative paths in it count from here. */
  readonly directory: string;
  readonly variables: ProjectVariables;
  readonly root: YamlNode | undefined;
}

/** What one file says at a place of the merged project. */
export interface Layer {
  readonly node: YamlNode;
  readonly from: ComposeFile;
}

/** What all files say at a place, the base first: nothing is merged before somebody asks for it. */
export type Layers = readonly Layer[];

/** The layers of a key, `!reset` and `!override` obeyed (compose-go loader/reset.go). */
export function under(layers: Layers, key: string): Layers {
  let found: Layer[] = [];
  for (const { node, from } of layers) {
    const value = entryOf(node, key)?.value;
    if (value === undefined) continue;
    if (value.tag === "!reset") found = [];
    else if (value.tag === "!override") found = [{ node: value, from }];
    else found.push({ node: value, from });
  }
  return found;
}

/** A key below keys. */
export function underPath(layers: Layers, ...keys: readonly string[]): Layers {
  return keys.reduce<Layers>(under, layers);
}

/** The layer that decides where layers replace each other: the last that is not null (compose-go override/merge.go). */
export function deciding(layers: Layers): Layer | undefined {
  return layers.findLast(({ node }) => !isNull(node));
}

/** Every item of lists that are appended to each other. */
export function itemsOf(layers: Layers): Layer[] {
  return layers.flatMap(({ node, from }) =>
    node.kind === "sequence" ? node.items.map((item) => ({ node: item, from })) : [],
  );
}

/** Keys in order, each with its first place. */
export function keysOf(layers: Layers): Map<string, YamlScalar> {
  const keys = new Map<string, YamlScalar>();
  for (const { node } of layers)
    if (node.kind === "mapping")
      for (const { key } of node.entries) if (!keys.has(key.text)) keys.set(key.text, key);
  return keys;
}

/** A scalar with its variables put in; undefined for a mapping or a list. */
export function expanded(
  layer: { readonly node: YamlNode; readonly from: Pick<ComposeFile, "variables"> } | undefined,
  isPath = false,
): ExpandedText | undefined {
  if (layer?.node.kind !== "scalar") return undefined;
  return new ExpandedText(layer.node, layer.from.variables, isPath);
}
