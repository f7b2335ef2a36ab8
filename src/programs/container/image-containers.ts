import type { FileTree } from "../../files/file-tree.ts";
import { directoryOf, nameOf } from "../../files/host-path.ts";
import { isTemplate } from "../../files/recognise/template-suffix.ts";
import type { ProcessEnvironment } from "../../model/command.ts";
import type { Container } from "../../model/container.ts";
import type { Seconds } from "../../model/units.ts";
import { byDefault, derive, unknown, type Value } from "../../model/value.ts";
import { fileSpan } from "../../text/span.ts";
import type { DefinedContainers } from "./defined-containers.ts";

/**
 * Dockerfiles that no project builds, each as the image that `docker build` makes, run by itself. Of a template it is
 * not known what it becomes.
 */
export async function imageContainers(
  tree: FileTree,
  paths: readonly string[],
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
    const where = context === "/" ? "the top folder" : context.slice(1);
    made.push({
      folder: own,
      mark: path,
      containers: [standaloneContainer(image, path.slice(1), image.at ?? fileSpan(file))],
      problems,
      unset: new Map(),
      files: [{ path, role: context === own ? "Dockerfile" : `Dockerfile, taken to be built in ${where}` }],
      built: [path],
    });
  }
  return made;
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
