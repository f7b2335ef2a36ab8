import type { ContainerFiles, ContainerProject, ResolvedContainers } from "../../files/discovered-host.ts";
import type { FileTree } from "../../files/file-tree.ts";
import { isTemplateText } from "../../files/recognise/template-suffix.ts";
import type { RunningContainer, UnsetVariable } from "../../model/container.ts";
import type { Cpus } from "../../model/units.ts";
import type { Value } from "../../model/value.ts";
import type { Problem } from "../../syntax/problem.ts";
import type { SourceFile } from "../../text/source-file.ts";
import type { Span } from "../../text/span.ts";
import { otherServer } from "../start/other-servers.ts";
import { composeProjects } from "./compose-projects.ts";
import type { DefinedContainers } from "./defined-containers.ts";
import { imageContainers } from "./image-containers.ts";
import { kubernetesProjects } from "./kubernetes-projects.ts";
import { procfileContainers } from "./procfile-containers.ts";
import { runContainer } from "./run-container.ts";

/**
 * Compose projects, pods, images and, where there are none of these, Procfiles that start an nginx or an application
 * server. A Dockerfile that a project builds belongs to that project; every other one is run by itself.
 *
 * @param cpus of the machine, which `nproc` counts
 */
export async function resolveContainers(
  tree: FileTree,
  files: ContainerFiles,
  cpus: Value<Cpus>,
): Promise<ResolvedContainers> {
  const defined = await definedContainers(tree, files);
  const built = new Set(defined.flatMap((project) => project.built));
  const commanded = defined.flatMap((project) => project.commanded);
  if (files.compose.length + files.images.length + files.manifests.length === 0)
    defined.push(...files.procfiles.flatMap((path) => procfileContainers(tree, path) ?? []));
  defined.push(
    ...(await imageContainers(
      tree,
      files.images.filter((path) => !built.has(path)),
      commanded,
    )),
  );
  const projects: ContainerProject[] = [];
  const otherServers = new Map<string, readonly string[]>();
  const isCertain = outsideTemplates();
  for (const { folder, mark, containers, problems, unset, files: own } of defined) {
    const running: RunningContainer[] = [];
    const unread: ContainerProject["unread"][number][] = [];
    const found = problems.filter(isCertain);
    let refused = found.some(dropsOurs);
    const read = new Map(own.map((file) => [file.path, file.role]));
    for (const container of containers) {
      const run = await runContainer(tree, container, cpus);
      const refusals = run.problems.filter(isCertain);
      running.push({
        ...run.running,
        unset: [
          ...run.running.unset,
          ...(unset.get(container.name) ?? []).filter((each) => isInCommand(each, run.running)),
        ].filter(isCertain),
      });
      found.push(...refusals);
      refused ||= refusals.length > 0;
      unread.push(...run.unread);
      for (const file of run.files) if (!read.has(file.path)) read.set(file.path, file.role);
    }
    const runsOurs = running.some(({ programs }) => programs.some(({ program }) => isOurs(program)));
    if (!runsOurs && !refused) {
      const others = running.flatMap(({ programs }) => programs.flatMap((each) => otherServer(each) ?? []));
      if (others.length > 0) for (const path of read.keys()) otherServers.set(path, [...new Set(others)]);
      continue;
    }
    projects.push({
      folder,
      mark,
      containers: running,
      problems: found,
      files: [...read].map(([path, role]) => ({ path, role })),
      unread,
    });
  }
  return { projects, otherServers };
}

/** Whether a variable stands in the command line of a program, and not elsewhere in the definition. */
function isInCommand({ at }: UnsetVariable, { programs }: RunningContainer): boolean {
  return programs.some(({ words }) =>
    words.some(({ at: word }) => word.file === at.file && word.start <= at.start && at.end <= word.end),
  );
}

/** A command that ends before the server that it was to start. */
function dropsOurs({ rule, message }: Problem): boolean {
  return (
    rule === "container/command-truncated" && /\b(?:gunicorn|uvicorn|fastapi|nginx|openresty)\b/.test(message)
  );
}

/** A test for what is found in files: in a template something else may stand when it is filled in. */
function outsideTemplates(): (found: { readonly at: Span }) => boolean {
  const templates = new Map<SourceFile, boolean>();
  return ({ at: { file } }) => {
    const known = templates.get(file) ?? isTemplateText(file.text);
    templates.set(file, known);
    return !known;
  };
}

async function definedContainers(tree: FileTree, files: ContainerFiles): Promise<DefinedContainers[]> {
  const defined: DefinedContainers[] = [];
  if (files.compose.length > 0) defined.push(...(await composeProjects(tree, files.compose)));
  if (files.manifests.length > 0) defined.push(...(await kubernetesProjects(tree, files.manifests)));
  return defined;
}

function isOurs(program: string): boolean {
  return program === "nginx" || program === "openresty" || program === "gunicorn" || program === "uvicorn";
}
