import type { FileTree } from "../../files/file-tree.ts";
import { directoryOf, nameOf } from "../../files/host-path.ts";
import { isTemplate } from "../../files/recognise/template-suffix.ts";
import type { ProcessEnvironment } from "../../model/command.ts";
import type { Container } from "../../model/container.ts";
import type { Seconds } from "../../model/units.ts";
import { byDefault, derive, isWritten, unknown, type Value } from "../../model/value.ts";
import { fileSpan } from "../../text/span.ts";
import type { DefinedContainers } from "./defined-containers.ts";

/**
 * Dockerfiles that no project builds, each as the image that `docker build` makes, run by itself. Of a template it is
 * not known what it becomes.
 *
 * @param commanded images that a project pulls and starts with a command of its own
 */
export async function imageContainers(
  tree: FileTree,
  paths: readonly string[],
  commanded: readonly string[],
): Promise<DefinedContainers[]> {
  if (paths.length === 0) return [];
  const { buildImage } = await import("./image/build-image.ts");
  const { buildFolder } = await import("./image/build-folder.ts");
  const made: DefinedContainers[] = [];
  for (const path of paths) {
    const file = tree.read(path);
    if (file === undefined || isTemplate(nameOf(path))) continue;
    const context = buildFolder(tree, path);
    const { image, problems } = buildImage({ tree, dockerfile: path, context, args: new Map() });
    const own = directoryOf(path);
    const alone = standaloneContainer(image, path.slice(1), image.at ?? fileSpan(file));
    const known = isWritten(image.command) ? undefined : commanded.find((name) => isNamedAs(path, name));
    const where = context === "/" ? "the top folder" : context.slice(1);
    made.push({
      folder: own,
      mark: path,
      containers: [known === undefined ? alone : startedOtherwise(alone, known)],
      problems,
      unset: new Map(),
      files: [{ path, role: context === own ? "Dockerfile" : `Dockerfile, taken to be built in ${where}` }],
      built: [path],
      commanded: [],
    });
  }
  return made;
}

/** Whether an image is named as the folder or the suffix of a Dockerfile: `example/web` or `shop-web`, and `web/Dockerfile`. */
function isNamedAs(path: string, image: string): boolean {
  const name = image.slice(image.lastIndexOf("/") + 1);
  const folder = nameOf(directoryOf(path));
  const [, suffix, prefix] = /^(?:Dockerfile[.-](.+)|(.+)\.Dockerfile)$/i.exec(nameOf(path)) ?? [];
  return [folder, suffix, prefix].some(
    (part) =>
      part &&
      image.includes("/") &&
      (name === part || name.endsWith(`-${part}`) || name.endsWith(`_${part}`)),
  );
}

/** A command that only its base image has does not tell what runs where another one is seen to be used. */
function startedOtherwise(container: Container, image: string): Container {
  const why = `${image} is started with another command than that of its base image`;
  return { ...container, arguments: unknown("command line", why, { at: container.at }) };
}

/** An image of which nothing says how it is run. */
export function standaloneContainer(image: Container["image"], name: string, at: Container["at"]): Container {
  const why = `how ${name} is run is not written here`;
  const notSaid = <T>(label: string): Value<T> => unknown<T>(label, why, { at });
  return {
    name,
    at,
    definedBy: "image",
    hostNames: [],
    networks: [],
    network: notSaid("network"),
    replicas: notSaid("replicas"),
    image,
    arguments: derive(
      "command line",
      "ENTRYPOINT, then CMD",
      [image.entrypoint, image.command],
      (entrypoint, command) => [...(entrypoint ?? []), ...(command ?? [])],
    ),
    environment: withoutRunFlags(image),
    workingDirectory: image.workingDirectory,
    user: image.user,
    files: image.files,
    nofile: undefined,
    cpuQuota: notSaid("CPU quota"),
    cpuset: undefined,
    memoryMax: notSaid("memory limit"),
    tasksMax: notSaid("task limit"),
    sysctls: [],
    mayRaiseLimits: notSaid("CAP_SYS_RESOURCE"),
    readOnlyRoot: notSaid("read-only root file system"),
    stopTimeout: notSaid<Seconds>("stop timeout"),
    ports: [],
  };
}

/** `docker run -e` could set any variable; that it does not is assumed where the image leaves one unset. */
function withoutRunFlags({ environment, name }: Container["image"]): ProcessEnvironment {
  return {
    names: () => environment.names?.() ?? [],
    get: (variable) => {
      const value = environment.get(variable);
      if (!value.known || value.value !== undefined) return value;
      return byDefault<string | undefined>(variable, undefined, {
        program: "docker run",
        versions: "all",
        source: "docker run --env",
        assuming: `${name} is run without --env ${variable}`,
      });
    },
  };
}
