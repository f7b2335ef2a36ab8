import type { FileTree } from "../../../files/file-tree.ts";
import { absolutePath, directoryOf, nameOf } from "../../../files/host-path.ts";
import { derive } from "../../../model/value.ts";
import { parseDotenv } from "../../../syntax/dotenv/parse-dotenv.ts";
import type { Problem } from "../../../syntax/problem.ts";
import { SourceFile } from "../../../text/source-file.ts";
import { fileSpan } from "../../../text/span.ts";
import { FileReader } from "./file-reader.ts";
import { deciding, keysOf, under } from "./layers.ts";
import { mergeFiles } from "./merge-files.ts";
import { linksOf } from "./network.ts";
import type { ComposeProject, ComposeService } from "./project.ts";
import { dotenvValues, ProjectVariables } from "./project-variables.ts";
import { serviceOf } from "./service.ts";
import { textOf } from "./setting-value.ts";
import { unsetVariables } from "./unset-variables.ts";

export interface LoadedComposeProject {
  readonly project: ComposeProject;
  /** Of the rules `container/syntax`, `container/compose` and `container/command-truncated`. */
  readonly problems: readonly Problem[];
  /** Absolute paths of every file that was read. */
  readonly read: readonly string[];
}

/**
 * The project that `docker compose -f FIRST -f SECOND ...` makes of its files (compose-go 2.9): interpolation by
 * file, `include`, `extends`, then one file over the other. Whatever compose refuses is a problem, and the rest is
 * still read. Never throws.
 *
 * @param paths absolute, the base first; its folder is the project directory
 */
export async function loadComposeProject(
  tree: FileTree,
  paths: readonly string[],
): Promise<LoadedComposeProject> {
  const [first = "/"] = paths;
  const directory = directoryOf(absolutePath(first));
  const read = new Set<string>();
  const problems: Problem[] = [];
  const reader = new FileReader(tree, read, problems);
  const variables = projectVariables(tree, directory, read, problems);
  const model = mergeFiles(reader, paths, directory, variables);
  const named = { configs: under(model, "configs"), secrets: under(model, "secrets") };
  const section = under(model, "services");
  const services = [...keysOf(section)].map(([name, key]) =>
    serviceOf(key, under(section, name), named, tree, read, problems),
  );
  const file = tree.read(first) ?? new SourceFile(first.slice(1), "");
  const at = deciding(model)?.from.file ?? file;
  const name =
    textOf("project name", under(model, "name")) ??
    derive(
      "project name",
      "the name of the project directory",
      [],
      () => projectName(directory),
      fileSpan(at),
    );
  const links = new Map(services.map((each) => [each.name, linksOf(under(section, each.name))]));
  return {
    project: {
      name,
      at: fileSpan(file),
      directory,
      services: shared(linked(services, links)),
      unsetVariables: unsetVariables(reader.files),
    },
    problems: once(problems),
    read: [...read],
  };
}

/** `.env` of the project directory, which the shell covers. */
function projectVariables(
  tree: FileTree,
  directory: string,
  read: Set<string>,
  problems: Problem[],
): ProjectVariables {
  const path = absolutePath(".env", directory);
  const file = tree.read(path);
  if (file === undefined) return new ProjectVariables(new Map(), [".env"]);
  read.add(path);
  const parsed = parseDotenv(file);
  problems.push(...parsed.problems);
  const silent = {
    set: false,
    mayBeSet: false,
    why: "only the shell that runs docker compose can set it",
  } as const;
  return new ProjectVariables(
    dotenvValues(parsed.assignments, () => silent),
    [],
  );
}

/** Lower case letters, digits, `-` and `_` (NormalizeProjectName of compose-go). */
function projectName(directory: string): string {
  return nameOf(directory)
    .toLowerCase()
    .replace(/[^-_a-z0-9]/g, "")
    .replace(/^[-_]+/, "");
}

/** The aliases that `links` of other services give. */
function linked(
  services: readonly ComposeService[],
  links: ReadonlyMap<string, readonly { readonly service: string; readonly alias: string }[]>,
): ComposeService[] {
  const given = [...links.values()].flat();
  return services.map((service) => {
    const aliases = given.filter((link) => link.service === service.name).map(({ alias }) => alias);
    return aliases.length === 0
      ? service
      : { ...service, hostNames: [...new Set([...service.hostNames, ...aliases])] };
  });
}

/** A service in the network of another is on the networks of that one. */
function shared(services: readonly ComposeService[]): ComposeService[] {
  const byName = new Map(services.map((service) => [service.name, service]));
  return services.map((service) => {
    const seen = new Set<string>();
    let other: ComposeService | undefined = service;
    while (other?.network.known && other.network.value.kind === "shared" && !seen.has(other.name)) {
      seen.add(other.name);
      other = byName.get(other.network.value.with);
    }
    return other === undefined || other === service ? service : { ...service, networks: other.networks };
  });
}

/** A service that others extend is read once for each of them. */
function once(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ rule, message, at }) => {
    const key = `${rule} ${at.file.path} ${at.start} ${at.end} ${message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
