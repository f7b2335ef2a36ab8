import { existsSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { lint, rules } from "../index.ts";
import { pathText } from "../report/place.ts";
import { type Arguments, exampleRule } from "./arguments.ts";
import { type Beginning, beginningText, wantedFacts } from "./configuration-beginning.ts";
import { findConfiguration } from "./configuration-search.ts";
import { declaredFacts } from "./facts.ts";
import { complain, print } from "./standard-streams.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Writes a hostlint.yaml with what a folder makes worth writing, or prints it.
 *
 * @returns the exit code: 0 written, 3 nothing found to lint
 * @throws UsageError where there is one already, or it cannot be written
 */
export async function init(
  options: Pick<Arguments, "paths" | "facts" | "severities" | "stdout">,
  workingDirectory: string,
): Promise<number> {
  const [path = "."] = options.paths;
  const folder = resolve(workingDirectory, path);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new UsageError(`init ${path}: there is no such folder`);
  const target = join(folder, "hostlint.yaml");
  const shown = pathText(relative(workingDirectory, target));
  if (!options.stdout && existsSync(target))
    throw new UsageError(`${shown} exists already; init changes nothing`);
  const { result } = await lint({
    requests: [{ paths: [path], facts: declaredFacts(options.facts) }],
    workingDirectory,
  });
  if (result.hosts.length === 0) {
    complain(`hostlint: nothing found to lint in ${pathText(path)}, so nothing is written\n`);
    return 3;
  }
  const above = findConfiguration(dirname(folder));
  const schema = schemaFor(folder);
  const beginning: Beginning = {
    result,
    facts: options.facts,
    severities: options.severities,
    optionsOf: (rule) => Object.keys(rules.get(rule)?.options ?? {}),
    exampleRule,
    roots: result.hosts.flatMap(({ name }) => {
      const root = resolve(workingDirectory, name);
      const below = relative(folder, root);
      return below !== "" && !below.startsWith("..") && existsSync(join(root, "etc")) ? [below] : [];
    }),
    ...(above === undefined || isRepository(folder) ? {} : { above: relative(folder, above) }),
    ...(schema === undefined ? {} : { schema }),
  };
  const text = beginningText(beginning);
  if (options.stdout) {
    print(text);
    return 0;
  }
  writeNew(target, shown, text);
  const names = result.hosts.map(({ name }) => pathText(name));
  const wanted = wantedFacts(result).map(({ name }) => name);
  const where = path === "." ? "" : ` ${pathText(path)}`;
  print(
    [
      `wrote ${shown}`,
      `  found  ${names.length === 1 ? "1 host" : `${names.length} hosts`}: ${listed(names)}`,
      `  facts  ${wanted.length === 0 ? "no check waits for one" : `checks wait for ${wanted.join(", ")}`}`,
      wanted.length === 0
        ? `next: hostlint${where} checks by it`
        : `next: write down the facts that you know, then run hostlint${where}`,
      `      hostlint --print-config${where} shows what is in force`,
      "",
    ].join("\n"),
  );
  return 0;
}

const mostListed = 5;

function listed(names: readonly string[]): string {
  const rest = names.length - mostListed;
  return `${names.slice(0, mostListed).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** A search for hostlint.yaml ends at the root of a repository. */
function isRepository(folder: string): boolean {
  return existsSync(join(folder, ".git"));
}

/** The schema of an installed hostlint, counted from the folder. */
function schemaFor(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const schema = join(at, "node_modules/hostlint/docs/hostlint.schema.json");
    if (existsSync(schema)) return relative(folder, schema);
    if (at === dirname(at) || isRepository(at)) return undefined;
  }
}

function writeNew(target: string, shown: string, text: string): void {
  try {
    writeFileSync(target, text, { flag: "wx" });
  } catch (error) {
    throw new UsageError(
      `${shown}: cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
