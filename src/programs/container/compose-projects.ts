import type { FileTree } from "../../files/file-tree.ts";
import { absolutePath, nameOf } from "../../files/host-path.ts";
import type { ContainerImage, UnsetVariable } from "../../model/container.ts";
import type { Value } from "../../model/value.ts";
import type { Problem } from "../../syntax/problem.ts";
import { EmbeddedFile } from "../../text/embedded-file.ts";
import { BuiltImages, repositoryName } from "./built-images.ts";
import type { ComposeProject, ComposeService } from "./compose/project.ts";
import { defaultComposeFiles } from "./compose/project-files.ts";
import { byFolder, type DefinedContainers } from "./defined-containers.ts";

/**
 * The compose projects of a repository: in each folder what `docker compose up` reads, and every variant beside it
 * (`docker-compose.prod.yml`) by itself where it is complete, else over the base.
 */
export async function composeProjects(
  tree: FileTree,
  paths: readonly string[],
): Promise<DefinedContainers[]> {
  const { loadComposeProject } = await import("./compose/load-project.ts");
  const { composeContainer } = await import("./compose/compose-container.ts");
  const loaded = [];
  for (const [folder, members] of byFolder(paths)) {
    const choices = await choicesIn(tree, folder, members);
    for (const choice of choices) {
      const mark = choices.length === 1 ? folder : (choice.at(-1) ?? folder);
      loaded.push({ folder, mark, ...(await loadComposeProject(tree, choice)) });
    }
  }
  const builtImages = new BuiltImages(loaded.map(({ project }) => project));
  const projects: DefinedContainers[] = [];
  for (const { folder, mark, project, problems, read } of loaded) {
    const found: Problem[] = [...problems];
    const built = new Set<string>();
    const containers = [];
    for (const service of project.services) {
      const build = service.build ?? builtImages.of(service);
      const image = await imageOf(tree, { ...service, build }, built, found);
      containers.push(composeContainer(service, image));
    }
    projects.push({
      folder,
      mark,
      containers,
      problems: found,
      unset: unsetByService(project),
      files: [
        ...read.map((path) => ({
          path,
          role: /\.ya?ml$/.test(path) ? "compose file" : "environment file",
        })),
        ...[...built].map((path) => ({ path, role: "Dockerfile" })),
      ],
      built: [...built],
      commanded: project.services.flatMap(commandedImage),
    });
  }
  return projects;
}

/** The image that a service pulls to start it with a command of its own. */
function commandedImage({ build, image, command, entrypoint }: ComposeService): string[] {
  const name = repositoryName(image);
  const isOwn = command !== undefined || entrypoint !== undefined;
  return build === undefined && isOwn && name !== undefined ? [name] : [];
}

/** Variables for which compose puts an empty text; where a .env file that is not here may set one it is left out. */
function unsetByService({ unsetVariables }: ComposeProject): Map<string, UnsetVariable[]> {
  const byService = new Map<string, UnsetVariable[]>();
  for (const { name, at, service, result } of unsetVariables) {
    if (service === undefined || result !== "empty") continue;
    byService.set(service, [...(byService.get(service) ?? []), { name, at, expandedBy: "compose" }]);
  }
  return byService;
}

/** Lists of files, each as after `-f`. */
async function choicesIn(tree: FileTree, folder: string, members: readonly string[]): Promise<string[][]> {
  const { parseYaml } = await import("../../syntax/yaml/parse-yaml.ts");
  const { isCompleteProject } = await import("./compose/project-files.ts");
  const inDefault = defaultComposeFiles(members.map(nameOf));
  const inFolder = (name: string): string => absolutePath(name, folder);
  const [base] = inDefault;
  const choices = base === undefined ? [] : [inDefault.map(inFolder)];
  for (const path of members) {
    if (inDefault.includes(nameOf(path))) continue;
    const file = tree.read(path);
    if (file === undefined) continue;
    const complete = isCompleteProject(parseYaml(file).documents[0]);
    choices.push(complete || base === undefined ? [path] : [inFolder(base), path]);
  }
  return choices;
}

async function imageOf(
  tree: FileTree,
  { name, at, build, image }: ComposeService,
  built: Set<string>,
  problems: Problem[],
): Promise<ContainerImage> {
  const { buildImage } = await import("./image/build-image.ts");
  const { pulledImage, unknownImage } = await import("./image/pulled-image.ts");
  if (build === undefined)
    return image === undefined
      ? unknownImage(name, "the service names no image", at)
      : pulledImage(image, at);
  if (!build.context.known) return unknownImage(name, build.context.origin.why, build.at);
  const inline = build.inline;
  if (inline === undefined) {
    if (!build.dockerfile.known) return unknownImage(name, build.dockerfile.origin.why, build.at);
    if (tree.kind(build.dockerfile.value) !== "file")
      return unknownImage(name, `${build.dockerfile.value.slice(1)} is not here`, build.at);
    built.add(build.dockerfile.value);
  }
  const made = buildImage({
    tree,
    dockerfile:
      inline === undefined
        ? build.dockerfile.known
          ? build.dockerfile.value
          : ""
        : new EmbeddedFile(inline.text, inline.at, inline.lineStarts),
    context: build.context.value,
    ...(build.target === undefined ? {} : { target: build.target }),
    args: givenArguments(build.args),
  });
  problems.push(...made.problems);
  return made.image;
}

/** An argument that is named without a value, and set nowhere, is not given. */
function givenArguments(
  args: ReadonlyMap<string, Value<string | undefined>>,
): ReadonlyMap<string, Value<string>> {
  const given = new Map<string, Value<string>>();
  for (const [name, value] of args)
    if (!value.known) given.set(name, value as Value<string>);
    else if (value.value !== undefined) given.set(name, { ...value, value: value.value });
  return given;
}
