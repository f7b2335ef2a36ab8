import { directoryOf } from "../../../files/host-path.ts";
import type { Value } from "../../../model/value.ts";
import { parseDotenv } from "../../../syntax/dotenv/parse-dotenv.ts";
import {
  entryOf,
  isNull,
  valueAt,
  type YamlEntry,
  type YamlMapping,
  type YamlNode,
} from "../../../syntax/yaml/tree.ts";
import type { FileReader } from "./file-reader.ts";
import { type ComposeFile, expanded, type Layer, type Layers, under } from "./layers.ts";
import { dotenvValues, ProjectVariables } from "./project-variables.ts";
import { pathInTree } from "./tree-path.ts";

const deepestInclude = 20;
/** Files that include each other in every combination would never end otherwise. */
const mostFiles = 200;
const deepestExtends = 50;

/** The top level of the project: every file as a layer, what it includes below it, with `extends` resolved. */
export function mergeFiles(
  reader: FileReader,
  paths: readonly string[],
  directory: string,
  variables: ProjectVariables,
  chain: readonly string[] = [],
): Layers {
  return paths.flatMap((path) => {
    const file = reader.open(path, directory, variables);
    if (file?.root === undefined) return [];
    const included = includedLayers(reader, file, [...chain, path]);
    return [...included, ...extendedLayers(reader, file, included)];
  });
}

function includedLayers(reader: FileReader, file: ComposeFile, chain: readonly string[]): Layers {
  const section = entryOf(file.root, "include")?.value;
  if (section === undefined || isNull(section)) return [];
  const refuse = (message: string, node: YamlNode): void => {
    reader.problems.push({ rule: "container/compose", message, at: node.at });
  };
  if (section.kind !== "sequence") {
    refuse("include takes a list", section);
    return [];
  }
  return section.items.flatMap((item) => {
    const named = item.kind === "mapping" ? valueAt(item, "path") : item;
    const paths = pathsOf(named, file);
    const [first] = paths;
    if (first === undefined) return [];
    if (chain.includes(first)) {
      refuse(`include runs in a circle: ${[...chain, first].map((path) => path.slice(1)).join(", ")}`, item);
      return [];
    }
    if (chain.length > deepestInclude || reader.files.length > mostFiles) return [];
    const [place] = pathsOf(item.kind === "mapping" ? valueAt(item, "project_directory") : undefined, file);
    const directory = place ?? directoryOf(first);
    const variables = includedVariables(reader, file, directory, item);
    return mergeFiles(reader, paths, directory, variables, [...chain, first]);
  });
}

/** Paths inside the tree of a text or a list. */
function pathsOf(node: YamlNode | undefined, file: ComposeFile): string[] {
  if (node === undefined) return [];
  return (node.kind === "sequence" ? node.items : [node]).flatMap((each) => {
    const text = expanded({ node: each, from: file }, true);
    const path =
      text === undefined || text.hasUnknown || text.text === ""
        ? undefined
        : pathInTree(text.text, file.directory);
    return path ?? [];
  });
}

/** An included project has its own .env below the variables of the one that includes it. */
function includedVariables(
  reader: FileReader,
  file: ComposeFile,
  directory: string,
  item: YamlNode,
): ProjectVariables {
  const named = pathsOf(valueAt(item, "env_file"), file);
  const paths = named.length > 0 ? named : [`${directory === "/" ? "" : directory}/.env`];
  const values = new Map<string, Value<string>>();
  const missing: string[] = [];
  for (const path of paths) {
    const found = reader.tree.read(path);
    if (found === undefined) missing.push(path.slice(1));
    else
      for (const [name, value] of dotenvValues(parseDotenv(found).assignments, (each) =>
        file.variables.lookup(each),
      ))
        values.set(name, value);
  }
  return new ProjectVariables(values, missing, file.variables);
}

/** The file's own layer, and below it one for each service that extends another. */
function extendedLayers(reader: FileReader, file: ComposeFile, included: Layers): Layer[] {
  const services = entryOf(file.root, "services")?.value;
  if (services?.kind !== "mapping" || file.root === undefined)
    return file.root === undefined ? [] : [{ node: file.root, from: file }];
  const layers: Layer[] = [];
  for (const entry of services.entries)
    for (const base of basesOf(reader, file, entry, included, []))
      layers.push({ node: onlyService(entry, base), from: base.from });
  return [...layers, { node: file.root, from: file }];
}

/** A project that has nothing but one service. */
function onlyService({ key }: YamlEntry, base: Layer): YamlMapping {
  const services: YamlMapping = {
    kind: "mapping",
    at: base.node.at,
    tag: undefined,
    entries: [{ key, value: base.node }],
  };
  const section = { ...key, text: "services" };
  return { kind: "mapping", at: base.node.at, tag: undefined, entries: [{ key: section, value: services }] };
}

/** What a service stands on, the farthest first. */
function basesOf(
  reader: FileReader,
  file: ComposeFile,
  service: YamlEntry,
  included: Layers,
  chain: readonly string[],
): Layer[] {
  const section = valueAt(service.value, "extends");
  if (section === undefined || isNull(section)) return [];
  const refuse = (message: string): Layer[] => {
    reader.problems.push({ rule: "container/compose", message, at: section.at });
    return [];
  };
  const here = `${file.path} ${service.key.text}`;
  if (chain.includes(here))
    return refuse(
      `extends runs in a circle: ${[...chain, here].map((each) => each.split(" ")[1]).join(", ")}`,
    );
  if (chain.length > deepestExtends) return refuse(`more than ${deepestExtends} services extend each other`);
  const name = expanded({
    node: section.kind === "mapping" ? (valueAt(section, "service") ?? section) : section,
    from: file,
  });
  if (name === undefined) return refuse("extends needs the name of a service");
  if (name.hasUnknown) return [];
  const fileNode = valueAt(section, "file");
  let from = file;
  if (fileNode !== undefined && !isNull(fileNode)) {
    const [path] = pathsOf(fileNode, file);
    const opened = path === undefined ? undefined : reader.open(path, directoryOf(path), file.variables);
    // A file that is not in the repository may stand on the machine.
    if (opened === undefined) return [];
    from = opened;
  }
  const base = entryOf(entryOf(from.root, "services")?.value, name.text);
  if (base === undefined) {
    const imported = from === file ? under(under(included, "services"), name.text) : [];
    return imported.length > 0
      ? [...imported]
      : refuse(`extends names the service ${name.text}, which ${from.file.path} does not have`);
  }
  return [...basesOf(reader, from, base, included, [...chain, here]), { node: base.value, from }];
}
