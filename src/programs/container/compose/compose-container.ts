import { absolutePath } from "../../../files/host-path.ts";
import type { Argument } from "../../../model/command.ts";
import type { Container, ContainerImage } from "../../../model/container.ts";
import { byDefault, derive, type Value } from "../../../model/value.ts";
import type { ComposeService } from "./project.ts";
import { over } from "./project-variables.ts";

/** The container that a service starts from its image: what the service says stands over what the image says. */
export function composeContainer(service: ComposeService, image: ContainerImage): Container {
  const { name, at, files, environment } = service;
  return {
    name,
    at,
    definedBy: "compose",
    hostNames: service.hostNames,
    networks: service.networks,
    network: service.network,
    replicas: service.replicas,
    image,
    arguments: argumentsOf(service, image),
    environment: environment.over(image.environment),
    workingDirectory: workingDirectoryOf(service, image),
    user: chosen(service.user, image.user),
    files: [...image.files, ...files],
    nofile: service.nofile,
    cpuQuota: service.cpuQuota,
    cpuset: service.cpuset,
    memoryMax: service.memoryMax,
    tasksMax: service.tasksMax,
    sysctls: service.sysctls,
    mayRaiseLimits: service.mayRaiseLimits,
    readOnlyRoot: service.readOnlyRoot,
    stopTimeout: service.stopTimeout,
    ports: service.ports,
  };
}

function chosen(own: Value<string> | undefined, image: Value<string>): Value<string> {
  return own === undefined || (own.known && own.value === "") ? image : over(own, image);
}

/** The engine takes a relative one from the root (moby, daemon/create). */
function workingDirectoryOf({ workingDirectory }: ComposeService, image: ContainerImage): Value<string> {
  const value = chosen(workingDirectory, image.workingDirectory);
  return value.known ? { ...value, value: absolutePath(value.value) } : value;
}

/**
 * Entry point, then command. An entry point of the service drops the command of the image, but for an empty one; an
 * empty command is as good as none (docker/compose getCreateConfigs; moby daemon/commit.go, merge).
 */
function argumentsOf(service: ComposeService, image: ContainerImage): Value<readonly Argument[]> {
  const label = `command line of ${service.name}`;
  const ownEntrypoint = service.entrypoint;
  const ownCommand = isEmpty(service.command) ? undefined : service.command;
  const entrypoint: Value<readonly Argument[] | undefined> =
    ownEntrypoint ?? (ownCommand === undefined ? image.entrypoint : plainEntrypoint(image));
  const keepsImageCommand = ownEntrypoint === undefined || isEmpty(ownEntrypoint);
  const command: Value<readonly Argument[] | undefined> | undefined =
    ownCommand ?? (keepsImageCommand ? image.command : undefined);
  if (command === undefined)
    return derive(label, "entrypoint", [entrypoint], (first) => first ?? [], service.at);
  return derive(
    label,
    "entrypoint, then command",
    [entrypoint, command],
    (first, then) => [...(first ?? []), ...(then ?? [])],
    service.at,
  );
}

function isEmpty(words: Value<readonly Argument[]> | undefined): boolean {
  return words?.known === true && words.value.length === 0;
}

/**
 * Of an image that is not known, the entry point is most often none, or a script that ends in `exec "$@"`: who writes
 * a command for such a service writes the program that runs.
 */
function plainEntrypoint({ entrypoint, name }: ContainerImage): Value<readonly Argument[] | undefined> {
  if (entrypoint.known) return entrypoint;
  return byDefault<readonly Argument[] | undefined>("ENTRYPOINT", undefined, {
    program: "container image",
    versions: "all",
    source: "Dockerfile reference, ENTRYPOINT",
    assuming: `the entry point of ${name} runs the command that it is given`,
  });
}
