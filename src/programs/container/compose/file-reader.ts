import type { FileTree } from "../../../files/file-tree.ts";
import type { Problem } from "../../../syntax/problem.ts";
import { parseYaml } from "../../../syntax/yaml/parse-yaml.ts";
import { isNull } from "../../../syntax/yaml/tree.ts";
import type { ComposeFile } from "./layers.ts";
import type { ProjectVariables } from "./project-variables.ts";

const sections = ["services", "networks", "volumes", "configs", "secrets"];

/** Reads compose files; remembers which, and reports what is wrong with each once. */
export class FileReader {
  readonly tree: FileTree;
  readonly problems: Problem[];
  readonly #read: Set<string>;
  readonly #files = new Map<string, ComposeFile>();

  constructor(tree: FileTree, read: Set<string>, problems: Problem[]) {
    this.tree = tree;
    this.problems = problems;
    this.#read = read;
  }

  get files(): readonly ComposeFile[] {
    return [...this.#files.values()];
  }

  /** Undefined where the file is not here. */
  open(path: string, directory: string, variables: ProjectVariables): ComposeFile | undefined {
    const known = this.#files.get(`${path} ${directory}`);
    if (known !== undefined) return known;
    const file = this.tree.read(path);
    if (file === undefined) return undefined;
    this.#read.add(path);
    const { documents, problems } = parseYaml(file);
    this.problems.push(...problems);
    const [root] = documents;
    if (root !== undefined && problems.every(({ severity }) => severity !== undefined))
      this.#checkShape(root);
    const made = { file, path, directory, variables, root };
    this.#files.set(`${path} ${directory}`, made);
    return made;
  }

  #checkShape(root: NonNullable<ComposeFile["root"]>): void {
    const refuse = (message: string, at: Problem["at"]): void => {
      this.problems.push({ rule: "container/compose", message, at });
    };
    if (root.kind !== "mapping") {
      refuse("a compose file is a mapping with services", root.at);
      return;
    }
    for (const { key, value } of root.entries) {
      if (!sections.includes(key.text) || isNull(value)) continue;
      if (value.kind !== "mapping") refuse(`${key.text} takes a mapping of names`, value.at);
      else if (key.text === "services")
        for (const service of value.entries)
          if (service.value.kind !== "mapping" && service.value.tag !== "!reset" && !isNull(service.value))
            refuse(`the service ${service.key.text} is no mapping`, service.value.at);
    }
  }
}
