import { placeInScalar } from "../../../syntax/yaml/scalar-places.ts";
import { entryOf, type YamlNode } from "../../../syntax/yaml/tree.ts";
import { type Part, partsOf } from "./interpolation.ts";
import type { ComposeFile } from "./layers.ts";
import type { UnsetVariable } from "./project.ts";

/** What every shell sets, or docker compose itself. */
const alwaysSet = /^(?:PWD|HOME|USER|LOGNAME|SHELL|PATH|HOSTNAME|LANG|TERM|COMPOSE_PROJECT_NAME)$/;
const most = 500;

/** Variables that nothing here sets and that have no default, in the order of the files. */
export function unsetVariables(files: readonly ComposeFile[]): UnsetVariable[] {
  const found: UnsetVariable[] = [];
  for (const file of files) {
    const seen = new Set<YamlNode>();
    const services = entryOf(file.root, "services")?.value;
    if (services?.kind === "mapping")
      for (const { key, value } of services.entries) walk(value, file, key.text, seen, found);
    if (file.root !== undefined) walk(file.root, file, undefined, seen, found);
  }
  return found;
}

function walk(
  root: YamlNode,
  file: ComposeFile,
  service: string | undefined,
  seen: Set<YamlNode>,
  found: UnsetVariable[],
): void {
  const ahead: YamlNode[] = [root];
  for (let node = ahead.pop(); node !== undefined && found.length < most; node = ahead.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.kind === "mapping") ahead.push(...node.entries.map(({ value }) => value).reverse());
    else if (node.kind === "sequence") ahead.push(...node.items.toReversed());
    else if (node.text.includes("$")) {
      const scalar = node;
      note(partsOf(scalar.text), file, (name, start, end, result) => {
        found.push({ name, at: placeInScalar(scalar, start, end) ?? scalar.at, service, result });
      });
    }
  }
}

function note(
  parts: readonly Part[],
  file: ComposeFile,
  report: (name: string, start: number, end: number, result: UnsetVariable["result"]) => void,
): void {
  for (const part of parts) {
    if (part.kind !== "variable") continue;
    const found = file.variables.lookup(part.name);
    const { operator } = part;
    if (found.set || alwaysSet.test(part.name)) continue;
    if (operator === "-" || operator === ":-") note(part.operand, file, report);
    else if (operator === undefined || operator.endsWith("?"))
      report(
        part.name,
        part.start,
        part.end,
        found.mayBeSet ? "may be set" : operator === undefined ? "empty" : "required",
      );
  }
}
