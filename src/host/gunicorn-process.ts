import type { ProcessEnvironment } from "../model/command.ts";
import type { Container, StartedProgram } from "../model/container.ts";
import type { Environment } from "../model/environment.ts";
import type { Version } from "../model/facts.ts";
import type { GunicornConfiguration } from "../model/gunicorn.ts";
import type { GunicornProcess } from "../model/host.ts";
import type { SystemdService, SystemdSocket, SystemdUnits } from "../model/systemd.ts";
import { assuming, byDefault, relabel, type Value } from "../model/value.ts";
import { interpretGunicorn } from "../programs/gunicorn/interpret.ts";
import { interpretUvicorn } from "../programs/uvicorn/interpret.ts";
import type { Problem } from "../syntax/problem.ts";
import type { SourceFile } from "../text/source-file.ts";
import { copiesOf } from "./copies.ts";
import type { HostGround } from "./host-ground.ts";
import { gunicornListeners } from "./listeners.ts";
import { machineFile } from "./machine-files.ts";
import { servicePrograms } from "./service-programs.ts";

/** Every gunicorn and uvicorn that a service of the host starts. */
export async function gunicornProcesses(
  ground: HostGround,
  units: SystemdUnits,
  environments: ReadonlyMap<SystemdService, Environment>,
): Promise<{ processes: GunicornProcess[]; problems: Problem[] }> {
  const processes: GunicornProcess[] = [];
  const problems: Problem[] = [];
  for (const [service, environment] of environments) {
    const started = await servicePrograms(ground, service, environment);
    problems.push(...started.problems);
    for (const program of started.programs) {
      const made = await gunicornProcess(ground, {
        program,
        place: service.name,
        readConfig: (path) => machineFile(ground, path),
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

/** How one gunicorn or uvicorn is started, by a service or in a container. */
interface GunicornStart {
  readonly program: StartedProgram;
  /** The service or container, as its name shows it. */
  readonly place: string;
  readonly readConfig: (path: string) => SourceFile | undefined | "unknown";
  readonly environment: Environment;
  readonly service: SystemdService | undefined;
  readonly activatedBy: readonly SystemdSocket[];
  readonly container: Container | undefined;
  /** Of gunicorn. */
  readonly version: Value<Version>;
}

interface MadeProcess {
  readonly process: GunicornProcess | undefined;
  readonly problems: readonly Problem[];
}

const nothing: MadeProcess = { process: undefined, problems: [] };

/** The server that a start brings up; no process where it is another program, only prints something or does not come up. */
export async function gunicornProcess(ground: HostGround, start: GunicornStart): Promise<MadeProcess> {
  const { program } = start.program;
  if (program === "uvicorn") return uvicorn(start);
  return program === "gunicorn" ? gunicorn(ground, start) : nothing;
}

async function gunicorn(ground: HostGround, start: GunicornStart): Promise<MadeProcess> {
  const { words, at, environment: given, workingDirectory } = start.program;
  const { environment, assumption } = withoutHiddenArguments(given, start.service);
  const interpreted = await interpretGunicorn({
    at,
    arguments: words.slice(1),
    environment,
    workingDirectory,
    readConfig: start.readConfig,
    version: start.version,
    cpus: ground.facts.cpus,
  });
  const { problems } = interpreted;
  if (interpreted.endsAtOnce || interpreted.failure !== undefined) return { process: undefined, problems };
  const configuration =
    assumption === undefined ? interpreted.configuration : assumingOf(interpreted.configuration, assumption);
  return { process: processOf("gunicorn", start, configuration, start.activatedBy), problems };
}

function uvicorn(start: GunicornStart): MadeProcess {
  const { words, at, environment, workingDirectory, call } = start.program;
  const started = { at, words, environment, workingDirectory };
  const interpreted = interpretUvicorn(call === undefined ? started : { ...started, call });
  const { configuration } = interpreted;
  // A script may call it for development only, under a condition that is not known.
  const problems = call === undefined || start.program.certain ? interpreted.problems : [];
  if (configuration === undefined) return { process: undefined, problems };
  const { binds } = configuration;
  const takesSockets = binds.known && binds.value.some((address) => address.kind === "other");
  return {
    process: processOf("uvicorn", start, configuration, takesSockets ? start.activatedBy : []),
    problems,
  };
}

function processOf(
  program: "gunicorn" | "uvicorn",
  start: GunicornStart,
  configuration: GunicornConfiguration,
  activatedBy: readonly SystemdSocket[],
): GunicornProcess {
  const { at, certain } = start.program;
  const name = `${program} (${start.place})`;
  const environment = limited(start.environment, start.program);
  return {
    program,
    name,
    at,
    configuration,
    environment,
    service: start.service,
    activatedBy,
    container: start.container,
    certain,
    copies: copiesOf(start.program, start.container, configuration.reusePort),
    listeners: gunicornListeners(program, name, configuration, environment, activatedBy),
  };
}

/** What `ulimit -n` or supervisor's minfds sets before the program starts. */
export function limited(environment: Environment, { nofile }: StartedProgram): Environment {
  if (nofile === undefined) return environment;
  const soft = relabel(`soft nofile limit of ${environment.name}`, nofile);
  return { ...environment, nofile: { ...environment.nofile, soft } };
}

/**
 * An EnvironmentFile= is often kept out of a repository. That it holds GUNICORN_CMD_ARGS, which could change
 * everything that the command line does not say, is rare enough to assume that it does not.
 */
function withoutHiddenArguments(
  environment: ProcessEnvironment,
  service: SystemdService | undefined,
): {
  environment: ProcessEnvironment;
  assumption: string | undefined;
} {
  const hidden = environment.get(argumentsVariable);
  if (hidden.known) return { environment, assumption: undefined };
  const file =
    service === undefined ? "a file of variables that is not here" : "the missing EnvironmentFile=";
  const assumption = `${file} does not set ${argumentsVariable}`;
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
