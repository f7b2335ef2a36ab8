import type { FileTree } from "../../../files/file-tree.ts";
import type { ProcessEnvironment } from "../../../model/command.ts";
import { unknown, type Value, written } from "../../../model/value.ts";
import { parseDotenv } from "../../../syntax/dotenv/parse-dotenv.ts";
import type { Problem } from "../../../syntax/problem.ts";
import { isNull, valueAt, type YamlNode } from "../../../syntax/yaml/tree.ts";
import { type Span, span } from "../../../text/span.ts";
import { expanded, type Layers, under } from "./layers.ts";
import type { ServiceEnvironment } from "./project.ts";
import { dotenvValues, type Lookup, over, type ProjectVariables } from "./project-variables.ts";
import { pathInTree } from "./tree-path.ts";

interface EnvironmentFile {
  readonly at: Span;
  /** Undefined where the file is not here or its name is not known. */
  readonly values: ReadonlyMap<string, Value<string>> | undefined;
  readonly why: string;
}

/** What a service sets: `environment` over `env_file`, later files over earlier ones. */
export function environmentOf(
  layers: Layers,
  tree: FileTree,
  read: Set<string>,
  problems: Problem[],
): ServiceEnvironment {
  const own = ownVariables(under(layers, "environment"));
  const files = environmentFiles(under(layers, "env_file"), own, tree, read, problems);
  const fromFiles = (name: string): Value<string> | undefined => {
    let found: Value<string> | undefined;
    for (const { values, why, at } of files) {
      const value = values?.get(name);
      if (value !== undefined) found = found === undefined ? value : over(value, found);
      else if (values === undefined)
        found = unknown(name, why, { at, ...(found === undefined ? {} : { from: [found] }) });
    }
    return found;
  };
  const get = (name: string): Value<string | undefined> | undefined => {
    const below = fromFiles(name);
    const value = own.get(name);
    if (value === undefined) return below;
    return below === undefined ? value : over(value, below);
  };
  const names = (): string[] => [
    ...new Set([...files.flatMap(({ values }) => [...(values?.keys() ?? [])]), ...own.keys()]),
  ];
  return { get, names, over: (image) => overImage(get, names, image) };
}

function overImage(
  get: ServiceEnvironment["get"],
  names: () => readonly string[],
  image: ProcessEnvironment,
): ProcessEnvironment {
  return {
    get(name) {
      const value = get(name);
      if (value === undefined) return image.get(name);
      const below = image.get(name);
      return below.known && below.value === undefined ? value : over(value, below);
    },
    names: () => [...new Set([...(image.names?.() ?? []), ...names()])],
  };
}

function ownVariables(layers: Layers): Map<string, Value<string | undefined>> {
  const variables = new Map<string, Value<string | undefined>>();
  const set = (name: string, value: Value<string | undefined>): void => {
    const before = variables.get(name);
    variables.set(name, before === undefined ? value : over(value, before));
  };
  for (const { node, from } of layers) {
    if (node.kind === "mapping")
      for (const { key, value } of node.entries)
        set(key.text, mappedVariable(key.text, key.at, value, from.variables));
    if (node.kind === "sequence")
      for (const item of node.items) {
        const text = expanded({ node: item, from });
        if (text === undefined) continue;
        const equals = text.text.indexOf("=");
        const name = equals === -1 ? text.text : text.text.slice(0, equals);
        if (equals === -1) set(name, inherited(name, item.at, from.variables));
        else set(name, text.part(name, equals + 1, text.text.length, item.at));
      }
  }
  return variables;

  function mappedVariable(
    name: string,
    keyAt: Span,
    value: YamlNode,
    project: ProjectVariables,
  ): Value<string | undefined> {
    if (isNull(value)) return inherited(name, keyAt, project);
    if (value.kind !== "scalar") return unknown(name, "its value is no text", { at: value.at });
    const at =
      value.at.file === keyAt.file && value.at.start >= keyAt.end
        ? span(keyAt.file, keyAt.start, value.at.end)
        : value.at;
    if (typeof value.value === "number" || typeof value.value === "boolean")
      return written(name, String(value.value), at);
    const text = expanded({ node: value, from: { variables: project } });
    return text?.part(name, 0, text.text.length, at) ?? unknown(name, "its value is no text", { at });
  }
}

/** A name alone takes its value from the shell or .env, and is removed where neither has it. */
function inherited(name: string, at: Span, variables: ProjectVariables): Value<string | undefined> {
  const found = variables.lookup(name);
  if (!found.set) return unknown(name, `it is taken from the shell, ${found.why}`, { at });
  return found.value;
}

function environmentFiles(
  layers: Layers,
  own: ReadonlyMap<string, Value<string | undefined>>,
  tree: FileTree,
  read: Set<string>,
  problems: Problem[],
): EnvironmentFile[] {
  const entries = layers.flatMap(({ node, from }) =>
    (node.kind === "sequence" ? node.items : [node])
      .filter((item) => !isNull(item))
      .map((item) => ({ node: item, from })),
  );
  const seen = new Map<string, EnvironmentFile>();
  for (const { node, from } of entries) {
    const text = expanded(
      { node: node.kind === "mapping" ? (valueAt(node, "path") ?? node) : node, from },
      true,
    );
    if (text === undefined) continue;
    const at = node.at;
    const name = text.whole("env_file");
    const path = name.known ? pathInTree(name.value, from.directory) : undefined;
    const key = name.known ? name.value : `?${at.start}`;
    seen.delete(key);
    const file = path === undefined ? undefined : tree.read(path);
    if (path === undefined || file === undefined) {
      const why = name.known
        ? `${name.value} of env_file is not here`
        : `the name of env_file: ${name.origin.why}`;
      seen.set(key, { at, values: undefined, why });
      continue;
    }
    read.add(path);
    const parsed = parseDotenv(file);
    problems.push(...parsed.problems);
    const outer = (variable: string): Lookup => {
      const project = from.variables.lookup(variable);
      const service = project.set ? undefined : own.get(variable);
      return service?.known && service.value !== undefined
        ? { set: true, value: { ...service, value: service.value } }
        : project;
    };
    const format = valueAt(node, "format");
    const raw = format?.kind === "scalar" && format.text === "raw";
    const assignments = raw
      ? parsed.assignments.map((each) => ({ ...each, quote: "single" as const }))
      : parsed.assignments;
    seen.set(key, { at, values: dotenvValues(assignments, outer), why: "" });
  }
  return [...seen.values()];
}
