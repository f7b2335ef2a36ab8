import type { FileTree } from "../../files/file-tree.ts";
import { directoryOf } from "../../files/host-path.ts";
import type { Argument } from "../../model/command.ts";
import { byDefault, unknown, type Value, written } from "../../model/value.ts";
import { type ProcfileEntry, parseProcfile } from "../../syntax/procfile/parse-procfile.ts";
import type { DefinedContainers } from "./defined-containers.ts";
import { unknownImage } from "./image/pulled-image.ts";
import { standaloneContainer } from "./image-containers.ts";

/** Where Heroku and its likes put the repository. */
const home = "/app";

/**
 * The processes of a Procfile as a platform starts them: a shell runs each command in the folder of the Procfile, and
 * the platform may set every variable (devcenter.heroku.com, The Procfile).
 */
export function procfileContainers(tree: FileTree, path: string): DefinedContainers | undefined {
  const file = tree.read(path);
  if (file === undefined) return undefined;
  const folder = directoryOf(path);
  return {
    folder,
    mark: path,
    containers: parseProcfile(file).map((entry) => processOf(entry, folder, path.slice(1))),
    problems: [],
    unset: new Map(),
    files: [{ path, role: "Procfile" }],
    built: [],
    commanded: [],
  };
}

function processOf({ name, command, at, commandAt }: ProcfileEntry, folder: string, procfile: string) {
  const image = unknownImage(procfile, "the platform that reads a Procfile chooses it", at);
  const word = (text: string): Argument => ({ at: commandAt, text: written("command", text, commandAt) });
  const assuming = "the platform starts it in the folder of the Procfile";
  const line: Value<readonly Argument[]> = written(
    "command line",
    [word("/bin/sh"), word("-c"), word(command)],
    commandAt,
  );
  return {
    ...standaloneContainer(image, `${procfile} ${name}`, at),
    arguments: line,
    environment: {
      get: (variable: string) =>
        unknown<string | undefined>(variable, `the platform may set ${variable}`, { at: commandAt }),
    },
    workingDirectory: byDefault("working directory", home, {
      program: "Procfile",
      versions: "all",
      source: "devcenter.heroku.com, The Procfile",
      assuming,
    }),
    files: [{ path: home, source: { kind: "repository", path: folder } as const, at, readOnly: false }],
  };
}
