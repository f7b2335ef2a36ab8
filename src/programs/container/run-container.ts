import type { ContainerProject } from "../../files/discovered-host.ts";
import type { FileTree } from "../../files/file-tree.ts";
import { expand } from "../../files/glob.ts";
import { absolutePath, directoryOf, isWithin } from "../../files/host-path.ts";
import { reachedFrom } from "../../files/nginx-includes.ts";
import { isTemplate, isTemplateText } from "../../files/recognise/template-suffix.ts";
import type { Argument, ProcessEnvironment } from "../../model/command.ts";
import type { Container, RunningContainer, StartedProgram } from "../../model/container.ts";
import type { Cpus } from "../../model/units.ts";
import { byDefault, unknown, type Value, written } from "../../model/value.ts";
import type { Problem } from "../../syntax/problem.ts";
import type { SourceFile } from "../../text/source-file.ts";
import { fileSpan } from "../../text/span.ts";
import { namedConfig } from "../gunicorn/config-location.ts";
import { nginxCommand } from "../nginx/nginx-command.ts";
import { type StartedPrograms, startedPrograms } from "../start/started-programs.ts";
import { ContainerTree } from "./container-tree.ts";
import { type FilledFile, filledFiles } from "./filled-files.ts";
import { knownScript } from "./image/known-scripts.ts";

interface ContainerRun {
  readonly running: RunningContainer;
  readonly problems: readonly Problem[];
  /** Files of the repository that its programs read. */
  readonly files: readonly { readonly path: string; readonly role: string }[];
  /** Files of the repository that stand beside the configuration of its nginx, which does not read them. */
  readonly unread: ContainerProject["unread"];
}

/** Follows the command line of a container to the programs that it starts, and these to the files that they read. */
export async function runContainer(
  repository: FileTree,
  defined: Container,
  cpus: Value<Cpus>,
): Promise<ContainerRun> {
  const { container, started, scripts, filled } = await start(repository, defined, cpus);
  const tree = new ContainerTree(repository, container);
  const files = new Map<string, string>();
  const note = (path: string, role: string): void => {
    const own = tree.repositoryPath(path);
    if (own !== undefined && tree.kind(path) === "file") files.set(own, role);
  };
  for (const path of scripts) note(path, "start script");
  const programs =
    started.programs.length > 0
      ? onceEach(started.programs).map((program) => withHoles(atItsCommand(program, container)))
      : evidentPrograms(container, tree);
  const templates = new Map(filled.map(({ file, from }) => [file.path, from]));
  const unread: ContainerRun["unread"][number][] = [];
  for (const program of programs) {
    const nginx = nginxCommand(program.words, container.image.nginx?.configuration);
    if (nginx !== undefined) {
      const reached = reachedFrom(tree, nginx.configuration);
      for (const path of reached) note(templates.get(path) ?? path, "nginx configuration");
      if (reached.size > 0) unread.push(...besideNginx(repository, container, nginx.configuration));
    }
    if (program.program === "gunicorn") note(settingsOf(program), "gunicorn settings");
  }
  return {
    running: {
      container,
      programs,
      unset: started.unset.map(({ name, at }) => ({ name, at, expandedBy: "start" })),
    },
    problems: started.problems,
    files: [...files].map(([path, role]) => ({ path, role: `${role} in ${container.name}` })),
    unread: unread.filter(({ path }) => !files.has(path)),
  };
}

interface Start {
  /** With the files that its start commands make of templates. */
  readonly container: Container;
  readonly filled: readonly FilledFile[];
  readonly started: StartedPrograms;
  /** Paths in the container. */
  readonly scripts: readonly string[];
}

async function start(repository: FileTree, defined: Container, machine: Value<Cpus>): Promise<Start> {
  // nproc honours the affinity that a cpuset sets (coreutils 9.1), and no quota.
  const options = { cpus: defined.cpuset ?? machine, machineCpus: machine };
  const tree = new ContainerTree(repository, defined);
  const scripts = new Map<string, SourceFile | undefined>();
  const files = {
    read: (path: string) => {
      const file = tree.read(path);
      scripts.set(path, file);
      if (file !== undefined || !tree.isUnknown(path)) return file;
      return knownScript(defined.image, path) ?? ("unknown" as const);
    },
    glob: (pattern: string) =>
      expand(tree, pattern).flatMap((path) => {
        const file = tree.read(path);
        return file === undefined ? [] : [{ path, file }];
      }),
  };
  let container = defined;
  let started = await startedPrograms(container, files, options);
  if (container.definedBy === "image" && started.unset.length > 0) {
    container = withRunFlags(container, new Set(started.unset.map(({ name }) => name)));
    started = await startedPrograms(container, files, options);
  }
  if (container.definedBy === "image" && started.problems.length > 0) {
    const open = withRunFlags(container, undefined);
    const again = await startedPrograms(open, files, options);
    if (again.problems.length < started.problems.length) [container, started] = [open, again];
  }
  const words = container.arguments.known ? container.arguments.value : [];
  const filled = filledFiles(container, tree, [
    ...words.flatMap(({ at, text }) => (text.known ? [{ text: text.value, at }] : [])),
    ...[...scripts.values()].flatMap((file) =>
      file === undefined ? [] : [{ text: file.text, at: fileSpan(file) }],
    ),
  ]);
  return {
    container: { ...container, files: [...container.files, ...filled.map(({ file }) => file)] },
    filled,
    started,
    scripts: [...scripts.keys()],
  };
}

/**
 * A container of an image that is run by itself: who runs it passes what its command cannot do without.
 *
 * @param needed variables; undefined: every one that the image does not set
 */
function withRunFlags(container: Container, needed: ReadonlySet<string> | undefined): Container {
  const { environment, name } = container;
  const get: ProcessEnvironment["get"] = (variable) => {
    const value = environment.get(variable);
    if (!value.known || value.value !== undefined || needed?.has(variable) === false) return value;
    return unknown(variable, `whoever runs ${name} passes ${variable}`, { at: container.at });
  };
  return { ...container, environment: { names: () => environment.names?.() ?? [], get } };
}

/** Files that stand one by one in the folder of the main file, where an include could reach them. */
function besideNginx(
  repository: FileTree,
  { name, files }: Container,
  configuration: string,
): ContainerRun["unread"][number][] {
  return files.flatMap(({ path, source }) =>
    source.kind === "repository" &&
    isWithin(path, directoryOf(configuration)) &&
    !isTemplate(path) &&
    repository.kind(source.path) === "file"
      ? [{ path: source.path, container: name, inside: path }]
      : [],
  );
}

/** Branches and loops of a script name the same command several times; what is sure to run stands for the others. */
function onceEach(programs: readonly StartedProgram[]): StartedProgram[] {
  const kept = new Map<string, StartedProgram>();
  for (const program of programs) {
    const words = program.words.map(({ text, at }) =>
      text.known ? text.value : `${at.file.path} ${at.start}`,
    );
    const key = JSON.stringify([program.program, ...words]);
    const before = kept.get(key);
    if (before === undefined || (program.certain && !before.certain)) kept.set(key, program);
  }
  return [...kept.values()];
}

/** A program that the container starts itself stands where its command is written, not at the whole container. */
function atItsCommand(program: StartedProgram, container: Container): StartedProgram {
  const [first] = program.words;
  return program.at === container.at && first !== undefined ? { ...program, at: first.at } : program;
}

/** In a script that is a template, `{{ name }}` is one word that is not known. */
function withHoles(program: StartedProgram): StartedProgram {
  const first = program.words.findIndex(({ text }) => text.known && /\{\{|\{%/.test(text.value));
  const start = program.words[first];
  if (start === undefined || !isTemplateText(start.at.file.text)) return program;
  const words: Argument[] = [];
  let open = false;
  for (const word of program.words) {
    const text = word.text.known ? word.text.value : "";
    const opens = /\{\{|\{%/.test(text);
    if (opens && !open)
      words.push({ at: word.at, text: unknown("word", "a template fills it in", { at: word.at }) });
    else if (!open) words.push(word);
    open = (open || opens) && !/\}\}|%\}/.test(text);
  }
  return { ...program, words };
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
  const named = namedConfig(words.slice(1)) ?? "gunicorn.conf.py";
  return absolutePath(named.replace(/^file:/, ""), workingDirectory.known ? workingDirectory.value : "/");
}
