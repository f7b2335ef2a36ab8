import type { FileTree } from "../../../files/file-tree.ts";
import { unknown, type Value } from "../../../model/value.ts";
import type { Span } from "../../../text/span.ts";
import { deciding, expanded, itemsOf, type Layers, under } from "./layers.ts";
import type { ComposeBuild } from "./project.ts";
import { over } from "./project-variables.ts";
import { textOf, unset } from "./setting-value.ts";
import { pathInTree } from "./tree-path.ts";

/** `build:`; a text is its context. */
export function buildOf(service: string, at: Span, layers: Layers, tree: FileTree): ComposeBuild | undefined {
  const section = under(layers, "build");
  const layer = deciding(section);
  if (layer === undefined) return undefined;
  const contexts = section.flatMap((each) =>
    each.node.kind === "scalar" ? [each] : under([each], "context"),
  );
  const context = inTree(`build context of ${service}`, contexts, ".", layer.from.directory, at);
  const name =
    textOf(`dockerfile of ${service}`, under(section, "dockerfile"), true) ??
    unset(`dockerfile of ${service}`, defaultName(context, tree), "compose-spec, build", layer.node.at);
  const args = new Map<string, Value<string | undefined>>();
  for (const { node, from } of under(section, "args")) {
    const set = (key: string, value: Value<string | undefined>): void => {
      const before = args.get(key);
      args.set(key, before === undefined ? value : over(value, before));
    };
    const inherited = (key: string, place: Span): Value<string | undefined> => {
      const found = from.variables.lookup(key);
      return found.set ? found.value : unknown(key, found.why, { at: place });
    };
    if (node.kind === "mapping")
      for (const { key, value } of node.entries)
        set(
          key.text,
          value.kind === "scalar" && value.value === null
            ? inherited(key.text, key.at)
            : (expanded({ node: value, from })?.whole(key.text) ??
                unknown(key.text, "no text", { at: value.at })),
        );
    for (const item of itemsOf([{ node, from }])) {
      const text = expanded(item);
      const equals = text?.text.indexOf("=") ?? -1;
      if (text === undefined) continue;
      const key = equals === -1 ? text.text : text.text.slice(0, equals);
      set(key, equals === -1 ? inherited(key, item.node.at) : text.part(key, equals + 1, text.text.length));
    }
  }
  return {
    at: layer.node.at,
    context,
    dockerfile: dockerfileOf(name, context),
    inline: inlineOf(under(section, "dockerfile_inline")),
    target: textOf(`build target of ${service}`, under(section, "target")),
    args,
  };
}

/** Docker takes the name in lower case where the other is missing. */
function defaultName(context: Value<string>, tree: FileTree): string {
  if (!context.known) return "Dockerfile";
  const names = tree.list(context.value);
  return !names.includes("Dockerfile") && names.includes("dockerfile") ? "dockerfile" : "Dockerfile";
}

function inTree(label: string, layers: Layers, fallback: string, directory: string, at: Span): Value<string> {
  const written = textOf(label, layers, true);
  const from = deciding(layers)?.from.directory ?? directory;
  const value = written ?? unset(label, fallback, "compose-spec, build", at);
  if (!value.known) return value;
  if (/^(?:git@|[a-z+]+:\/\/|github\.com\/)/i.test(value.value))
    return unknown(label, `${value.value} is not in the repository`, { at });
  const path = pathInTree(value.value, from);
  return path === undefined
    ? unknown(label, `${value.value} is not in the repository`, { at })
    : { ...value, value: path };
}

function dockerfileOf(name: Value<string>, context: Value<string>): Value<string> {
  if (!name.known) return name;
  if (!context.known) return unknown(name.label, context.origin.why, { from: [context] });
  const path = pathInTree(name.value, context.value);
  return path === undefined
    ? unknown(name.label, `${name.value} is not in the repository`, { from: [name] })
    : { ...name, value: path };
}

function inlineOf(layers: Layers): ComposeBuild["inline"] {
  const layer = deciding(layers);
  if (layer?.node.kind !== "scalar") return undefined;
  const text = expanded(layer);
  if (text === undefined || text.hasUnknown) return undefined;
  return {
    text: text.text,
    at: layer.node.at,
    lineStarts: text.isLiteral ? layer.node.lineStarts : undefined,
  };
}
