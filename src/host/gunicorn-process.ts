import type { FileTree } from "../files/file-tree.ts";
import type { Argument, ProcessEnvironment } from "../model/command.ts";
import type { Container } from "../model/container.ts";
import type { Environment } from "../model/environment.ts";
import type { Version } from "../model/facts.ts";
import type { GunicornConfiguration } from "../model/gunicorn.ts";
import type { GunicornProcess } from "../model/host.ts";
import type { SystemdService, SystemdSocket, SystemdUnits } from "../model/systemd.ts";
import { assuming, byDefault, type Value } from "../model/value.ts";
import { changedDirectory, gunicornArguments } from "../programs/gunicorn/gunicorn-command.ts";
import { interpretGunicorn } from "../programs/gunicorn/interpret.ts";
import type { Problem } from "../syntax/problem.ts";
import type { SourceFile } from "../text/source-file.ts";
import type { Span } from "../text/span.ts";
import type { HostGround } from "./host-ground.ts";
import { gunicornListeners } from "./listeners.ts";

/** Every gunicorn that a service of the host starts. */
export async function gunicornProcesses(
  ground: HostGround,
  units: SystemdUnits,
  environments: ReadonlyMap<SystemdService, Environment>,
): Promise<{ processes: GunicornProcess[]; problems: Problem[] }> {
  const processes: GunicornProcess[] = [];
  const problems: Problem[] = [];
  for (const [service, environment] of environments) {
    for (const command of service.commands) {
      const found = gunicornArguments(command.words, service.environment);
      if (found === undefined) continue;
      const made = await gunicornProcess(ground, {
        name: `gunicorn (${service.name})`,
        at: command.at,
        arguments: found.arguments,
        variables: found.environment,
        workingDirectory: changedDirectory(service.workingDirectory, found.workingDirectory),
        readConfig: (path) => readConfig(ground, path),
        environment,
        service,
        activatedBy: socketsOf(service, units),
        container: undefined,
        version: ground.facts.gunicorn,
      });
      problems.push(...made.problems);
      if (made.process !== undefined) processes.push(made.process);
    }
  }
  return { processes, problems };
}

/** How one gunicorn is started, by a service or in a container. */
export interface GunicornStart {
  readonly name: string;
  readonly at: Span;
  readonly arguments: readonly Argument[];
  readonly variables: ProcessEnvironment;
  readonly workingDirectory: Value<string>;
  readonly readConfig: (path: string) => SourceFile | undefined | "unknown";
  readonly environment: Environment;
  readonly service: SystemdService | undefined;
  readonly activatedBy: readonly SystemdSocket[];
  readonly container: Container | undefined;
  readonly version: Value<Version>;
}

/** The gunicorn that a start brings up; no process where it only prints something or does not come up. */
export async function gunicornProcess(
  ground: HostGround,
  start: GunicornStart,
): Promise<{ process: GunicornProcess | undefined; problems: readonly Problem[] }> {
  const { environment: variables, assumption } = withoutHiddenArguments(start.variables);
  const interpreted = await interpretGunicorn({
    at: start.at,
    arguments: start.arguments,
    environment: variables,
    workingDirectory: start.workingDirectory,
    readConfig: start.readConfig,
    version: start.version,
    cpus: ground.facts.cpus,
  });
  const { problems } = interpreted;
  if (interpreted.endsAtOnce || interpreted.failure !== undefined) return { process: undefined, problems };
  const configuration =
    assumption === undefined ? interpreted.configuration : assumingOf(interpreted.configuration, assumption);
  const { name, at, environment, service, activatedBy, container } = start;
  const listeners = gunicornListeners(name, configuration, environment, activatedBy);
  return {
    process: { name, at, configuration, environment, service, activatedBy, container, listeners },
    problems,
  };
}

/**
 * An EnvironmentFile= is often kept out of a repository. That it holds GUNICORN_CMD_ARGS, which could change
 * everything that the command line does not say, is rare enough to assume that it does not.
 */
function withoutHiddenArguments(environment: ProcessEnvironment): {
  environment: ProcessEnvironment;
  assumption: string | undefined;
} {
  const hidden = environment.get(argumentsVariable);
  if (hidden.known) return { environment, assumption: undefined };
  const assumption = `the missing EnvironmentFile= does not set ${argumentsVariable}`;
  const unset = byDefault<string | undefined>(argumentsVariable, undefined, {
    program: "gunicorn",
    versions: "all",
    source: "gunicorn documentation, Settings, GUNICORN_CMD_ARGS",
    assuming: assumption,
  });
  return {
    environment: {
      ...environment,
      get: (name) => (name === argumentsVariable ? unset : environment.get(name)),
    },
    assumption,
  };
}

const argumentsVariable = "GUNICORN_CMD_ARGS";

function assumingOf(configuration: GunicornConfiguration, assumption: string): GunicornConfiguration {
  return {
    ...configuration,
    workers: assuming(configuration.workers, assumption),
    threads: assuming(configuration.threads, assumption),
    workerClass: assuming(configuration.workerClass, assumption),
    workerKind: assuming(configuration.workerKind, assumption),
    workerConnections: assuming(configuration.workerConnections, assumption),
    backlog: assuming(configuration.backlog, assumption),
    binds: assuming(configuration.binds, assumption),
    timeout: assuming(configuration.timeout, assumption),
    gracefulTimeout: assuming(configuration.gracefulTimeout, assumption),
    keepalive: assuming(configuration.keepalive, assumption),
    concurrency: assuming(configuration.concurrency, assumption),
  };
}

function socketsOf(service: SystemdService, units: SystemdUnits): SystemdSocket[] {
  return units.sockets.filter((socket) => !socket.accept && service.sockets.includes(socket.name));
}

/**
 * A file that gunicorn names by its path on the machine. Loose deploy files stand in a repository that is
 * checked out somewhere on the machine: the folder in the repository is the longest end of the path that exists
 * there. What is not in it may still be written on the machine.
 */
function readConfig({ discovered }: HostGround, path: string): SourceFile | undefined | "unknown" {
  const { tree, repository } = discovered;
  const here = tree.read(path);
  if (here !== undefined) return here;
  if (tree.kind(directoryOf(path)) === "directory" && discovered.kind === "root") return undefined;
  return repository === undefined ? "unknown" : readEnd(repository, path);
}

function readEnd(repository: FileTree, path: string): SourceFile | "unknown" {
  const parts = path.split("/").filter((part) => part !== "");
  for (let start = 0; start < parts.length; start++) {
    const end = `/${parts.slice(start).join("/")}`;
    const file = repository.read(end);
    if (file !== undefined) return file;
    if (directoryOf(end) !== "/" && repository.kind(directoryOf(end)) === "directory") break;
  }
  return "unknown";
}

function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}
