import type { DiscoveredHost } from "../files/discovered-host.ts";
import type { Argument } from "../model/command.ts";
import type { Environment } from "../model/environment.ts";
import type { Facts } from "../model/facts.ts";
import type { Host, NginxProcess } from "../model/host.ts";
import type { NginxConfiguration } from "../model/nginx.ts";
import type { SystemdService, SystemdUnits } from "../model/systemd.ts";
import type { Descriptors } from "../model/units.ts";
import { relabel, type Value } from "../model/value.ts";
import { interpretNginx } from "../programs/nginx/interpret-nginx.ts";
import { type NginxCommand, nginxCommand, nginxServiceCommand } from "../programs/nginx/nginx-command.ts";
import { resolvePamLimits } from "../programs/pam-limits/resolve-pam-limits.ts";
import { mainFileAtBoot } from "../programs/sysctl/main-file-at-boot.ts";
import { resolveSysctl } from "../programs/sysctl/resolve-sysctl.ts";
import { loadUnits } from "../programs/systemd/load-units.ts";
import { nrOpenAtBoot } from "../programs/systemd/nr-open-at-boot.ts";
import type { Problem } from "../syntax/problem.ts";
import { capacityChains } from "./capacity-chain.ts";
import { atCommandLine } from "./command-line-places.ts";
import { containerProcesses } from "./container-processes.ts";
import { bareEnvironment, serviceEnvironment, undeclaredEnvironment } from "./environments.ts";
import { gunicornProcesses } from "./gunicorn-process.ts";
import type { HostGround } from "./host-ground.ts";
import { linksBetween, unansweredTargets } from "./links.ts";
import { socketUnitListeners } from "./listeners.ts";
import { nginxProcess } from "./nginx-process.ts";
import { withRecordedFacts } from "./recorded-facts.ts";

/** Reads the files of one host and puts its programs together. */
export async function assembleHost(discovered: DiscoveredHost, declared: Facts): Promise<Host> {
  const { tree } = discovered;
  const facts = withRecordedFacts(declared, tree);
  const sysctl = resolveSysctl(tree, {
    kernel: facts.kernel,
    systemd: facts.systemd,
    distribution: facts.distribution,
    mainFileAtBoot: mainFileAtBoot(tree, facts.distribution),
  });
  const { units, problems: unitProblems } = loadUnits(tree, facts, { nrOpen: nrOpenAtBoot(facts) });
  const ground: HostGround = {
    discovered,
    facts,
    sysctl: sysctl.settings,
    defaultNofile: units.defaultNofile,
  };

  const bare = bareEnvironment(ground);
  const limits = resolvePamLimits(tree, facts, {
    nrOpen: relabel("fs.nr_open", bare.sysctl("fs.nr_open") as Value<Descriptors>),
    complete: discovered.kind === "root",
  });
  const environments = new Map(
    units.services.map((service) => [service, serviceEnvironment(ground, service)]),
  );
  const installed = assembleNginx(ground, units, environments);
  const served = await gunicornProcesses(ground, units, environments);
  const contained = await containerProcesses(ground);
  const nginx = [...installed.processes, ...contained.nginx];
  const gunicorn = [...served.processes, ...contained.gunicorn];
  const processes = [...nginx, ...gunicorn];
  const links = linksBetween(nginx, gunicorn);
  const taken = new Set(gunicorn.flatMap((process) => process.activatedBy));
  const sockets = units.sockets
    .filter((socket) => !taken.has(socket))
    .flatMap((socket) =>
      socketUnitListeners(socket, activatedEnvironment(socket.service, environments) ?? bare),
    );
  return {
    name: discovered.name,
    facts,
    bare,
    environments: [
      ...new Set([...environments.values(), ...processes.map((process) => process.environment)]),
    ],
    nginx,
    gunicorn,
    listeners: [...processes.flatMap((process) => process.listeners), ...sockets],
    links,
    unanswered: unansweredTargets(nginx, gunicorn, sockets),
    chains: capacityChains(nginx, links),
    containers: discovered.containers,
    systemd: units,
    sysctl: sysctl.settings,
    limits: limits.limits,
    problems: [
      ...sysctl.problems,
      ...limits.problems,
      ...unitProblems,
      ...installed.problems,
      ...served.problems,
      ...discovered.containerProblems,
      ...contained.problems,
    ],
  };
}

type Environments = ReadonlyMap<SystemdService, Environment>;

function activatedEnvironment(name: string, environments: Environments): Environment | undefined {
  for (const [service, environment] of environments) if (service.name === name) return environment;
  return undefined;
}

/** Every nginx of the host, in the surroundings of the service that starts it with that configuration. */
function assembleNginx(
  ground: HostGround,
  units: SystemdUnits,
  environments: Environments,
): { processes: NginxProcess[]; problems: Problem[] } {
  const { tree, nginx } = ground.discovered;
  const processes: NginxProcess[] = [];
  const problems: Problem[] = [];
  const started = units.services.flatMap((service) => {
    const command = nginxServiceCommand(service);
    return command === undefined ? [] : [{ service, command }];
  });
  const paths = [
    ...new Set([
      ...nginx,
      ...started.map(({ command }) => command.configuration).filter((path) => tree.kind(path) === "file"),
    ]),
  ];
  for (const path of paths) {
    const starter = starterOf(path, started);
    const interpreted = interpretNginx(tree, path, ground.facts.nginx, starter?.command.globals);
    problems.push(...atCommandLine(interpreted.problems, starter === undefined ? [] : wordsOf(starter)));
    const environment = starter && environments.get(starter.service);
    processes.push(
      nginxProcess(interpreted.configuration, environment ?? undeclaredEnvironment(ground, "nginx")),
    );
  }
  return { processes: processes.filter(({ configuration }) => !isEmpty(configuration)), problems };
}

interface Starter {
  readonly service: SystemdService;
  readonly command: NginxCommand;
}

function wordsOf({ service }: Starter): readonly Argument[] {
  return service.commands.find(({ words }) => nginxCommand(words) !== undefined)?.words ?? [];
}

/**
 * The service that starts nginx with this configuration: the one that names it with -c, else the one that starts
 * nginx without -c, which reads /etc/nginx/nginx.conf; a fragment belongs to it too.
 */
function starterOf(path: string, started: readonly Starter[]): Starter | undefined {
  return (
    started.find(({ command }) => command.configuration === path) ??
    started.find(({ command }) => !command.named && (started.length === 1 || command.configuration === path))
  );
}

/** A fragment that holds nothing that the model knows of, such as a file of proxy headers. */
function isEmpty(configuration: NginxConfiguration): boolean {
  return (
    configuration.scope === "fragment" &&
    !configuration.serves &&
    configuration.upstreams.length === 0 &&
    configuration.proxies.length === 0
  );
}
