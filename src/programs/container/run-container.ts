import type { FileTree } from "../../files/file-tree.ts";
import { absolutePath } from "../../files/host-path.ts";
import { reachedFrom } from "../../files/nginx-includes.ts";
import type { Argument } from "../../model/command.ts";
import type { Container, RunningContainer, StartedProgram } from "../../model/container.ts";
import { byDefault, written } from "../../model/value.ts";
import type { Problem } from "../../syntax/problem.ts";
import { nginxCommand } from "../nginx/nginx-command.ts";
import { startedPrograms } from "../start/started-programs.ts";
import { ContainerTree } from "./container-tree.ts";
import { knownScript } from "./image/known-scripts.ts";

interface ContainerRun {
  readonly running: RunningContainer;
  readonly problems: readonly Problem[];
  /** Files of the repository that its programs read. */
  readonly files: readonly { readonly path: string; readonly role: string }[];
}

/** Follows the command line of a container to the programs that it starts, and these to the files that they read. */
export async function runContainer(repository: FileTree, container: Container): Promise<ContainerRun> {
  const tree = new ContainerTree(repository, container);
  const files = new Map<string, string>();
  const note = (path: string, role: string): void => {
    const own = tree.repositoryPath(path);
    if (own !== undefined && tree.kind(path) === "file") files.set(own, role);
  };
  const started = await startedPrograms(container, {
    read: (path) => {
      note(path, "start script");
      const file = tree.read(path);
      if (file !== undefined || !tree.isUnknown(path)) return file;
      return knownScript(container.image, path) ?? "unknown";
    },
  });
  const programs =
    started.programs.length > 0
      ? started.programs.map((program) => atItsCommand(program, container))
      : evidentPrograms(container, tree);
  for (const program of programs) {
    const nginx = nginxCommand(program.words);
    if (nginx !== undefined)
      for (const path of reachedFrom(tree, nginx.configuration)) note(path, "nginx configuration");
    if (program.program === "gunicorn") note(settingsOf(program), "gunicorn settings");
  }
  return {
    running: { container, programs, unset: started.unset },
    problems: started.problems,
    files: [...files].map(([path, role]) => ({ path, role: `${role} in ${container.name}` })),
  };
}

/** A program that the container starts itself stands where its command is written, not at the whole container. */
function atItsCommand(program: StartedProgram, container: Container): StartedProgram {
  const [first] = program.words;
  return program.at === container.at && first !== undefined ? { ...program, at: first.at } : program;
}

/** An image that is not known, over whose nginx.conf a file is mounted, runs nginx. */
function evidentPrograms(container: Container, tree: FileTree): readonly StartedProgram[] {
  const main = "/etc/nginx/nginx.conf";
  const mount = container.files.find((file) => file.path === main || main.startsWith(`${file.path}/`));
  if (container.arguments.known || mount === undefined || tree.kind(main) !== "file") return [];
  const assuming = `the image of ${container.name} starts nginx with ${main}`;
  const words: Argument[] = [{ at: mount.at, text: written("command", "nginx", mount.at) }];
  const { environment, workingDirectory } = container;
  return [
    {
      program: "nginx",
      words,
      environment,
      workingDirectory,
      at: mount.at,
      copies: byDefault("copies", 1, { program: "nginx", versions: "all", source: main, assuming }),
      nofile: undefined,
      certain: false,
    },
  ];
}

function settingsOf({ words, workingDirectory }: StartedProgram): string {
  const named = optionOf(words, "-c") ?? optionOf(words, "--config") ?? "gunicorn.conf.py";
  return absolutePath(named.replace(/^file:/, ""), workingDirectory.known ? workingDirectory.value : "/");
}

function optionOf(words: readonly Argument[], option: string): string | undefined {
  for (const [index, word] of words.entries()) {
    if (!word.text.known) continue;
    const text = word.text.value;
    const next = words[index + 1]?.text;
    if (text === option) return next?.known ? next.value : undefined;
    if (text.startsWith(option) && text.length > option.length)
      return text.slice(option.length).replace(/^=/, "");
  }
  return undefined;
}
