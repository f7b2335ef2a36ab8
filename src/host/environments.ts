import type { Environment } from "../model/environment.ts";
import type { Nofile, SystemdService } from "../model/systemd.ts";
import {
  type Bytes,
  type Cpus,
  cpus,
  type Descriptors,
  type Processes,
  type Seconds,
} from "../model/units.ts";
import { assuming, byDefault, relabel, unknown, type Value } from "../model/value.ts";
import { engineNofile, noPrivateTmp } from "./container-environment.ts";
import type { HostGround } from "./host-ground.ts";
import { kernelSetting } from "./kernel-settings.ts";
import { localPorts } from "./local-ports.ts";
import { serviceRemedies, unseenContainerRemedies } from "./remedies.ts";
import { machineStorage, serviceStorage } from "./storage.ts";

/** A systemd service as the surroundings of its processes. */
export function serviceEnvironment(ground: HostGround, service: SystemdService): Environment {
  const pamName = service.pamName.known ? service.pamName.value : undefined;
  return {
    kind: "service",
    name: service.name,
    at: service.file,
    nofile: pamName === undefined ? notSetIn(service) : pamNofile(service.name, pamName),
    mayRaiseLimits: service.maySetResource,
    cpuQuota: service.cpuQuota,
    onlineCpus: ground.facts.cpus,
    memoryMax: service.memoryMax,
    tasksMax: service.tasksMax,
    stopTimeout: service.grace,
    ownNetwork: service.privateNetwork,
    publishedPorts: [],
    localPorts: localPorts(ground, service.privateNetwork),
    privateTmp: service.privateTmp,
    user: service.user,
    remedies: serviceRemedies(service.name),
    pamSession: pamName !== undefined,
    sysctl: (key) => kernelSetting(ground, key, service.privateNetwork),
    storage: (directory) => serviceStorage(service, directory),
  };
}

/** A default limit, with the unit as the place that does not set it. */
function notSetIn({ nofile, file }: SystemdService): Nofile {
  const placed = (limit: Value<Descriptors>): Value<Descriptors> =>
    limit.known && limit.origin.kind === "default" && file !== undefined
      ? { ...limit, origin: { ...limit.origin, at: file } }
      : limit;
  return { soft: placed(nofile.soft), hard: placed(nofile.hard) };
}

function pamNofile(name: string, pamName: string): Nofile {
  const why = `${name} opens a PAM session (PAMName=${pamName}), whose limits override LimitNOFILE=`;
  return {
    soft: unknown(`soft nofile limit of ${name}`, why),
    hard: unknown(`hard nofile limit of ${name}`, why),
  };
}

/**
 * A program that no unit of this host starts.
 *
 * On a root tree it is taken for the service of its package: Debian's, Ubuntu's, Fedora's and nginx.org's
 * nginx.service set no LimitNOFILE= and no quota. Beside a compose file or Dockerfile, and in a tree that a Dockerfile
 * copies, the container engine decides; otherwise systemd's defaults are an assumption that findings name, except
 * where there is no systemd.
 */
export function undeclaredEnvironment(ground: HostGround, program: string): Environment {
  if (ground.discovered.containerFiles.length > 0) return unseenContainer(ground, program);
  const foreign = ground.discovered.nginx.some((path) => withoutSystemd.test(path));
  const packaged = ground.discovered.kind === "root" && !foreign;
  const assumption = packaged
    ? `${program} runs as the ${program}.service of its package, which sets no LimitNOFILE=`
    : `${program} runs as a systemd service with the default limits`;
  const limit = (limit: "soft" | "hard"): Value<Descriptors> => {
    const label = `${limit} nofile limit of ${program}`;
    if (foreign) return unknown(label, "the configuration stands where systems without systemd have it");
    return assuming(relabel(label, ground.defaultNofile[limit]), assumption);
  };
  const byAssumption = {
    program: "systemd",
    versions: "all",
    source: "systemd.resource-control(5)",
    assuming: assumption,
  };
  const ownNetwork = byDefault("PrivateNetwork=", false, byAssumption);
  return {
    kind: packaged ? "service" : "unknown",
    name: packaged ? `${program}.service` : program,
    at: undefined,
    nofile: { soft: limit("soft"), hard: limit("hard") },
    mayRaiseLimits: foreign
      ? unknown("CAP_SYS_RESOURCE", "systems without systemd have other privileges")
      : byDefault("CAP_SYS_RESOURCE", true, byAssumption),
    cpuQuota: packaged
      ? byDefault<Cpus>("CPUQuota=", cpus(Number.POSITIVE_INFINITY), byAssumption)
      : unknown<Cpus>("CPU quota", `it is not known how ${program} is started here`),
    onlineCpus: ground.facts.cpus,
    memoryMax: unknown<Bytes>("memory limit", `it is not known how ${program} is started here`),
    tasksMax: unknown<Processes>("task limit", `it is not known how ${program} is started here`),
    stopTimeout: unknown<Seconds>("stop timeout", `it is not known how ${program} is started here`),
    ownNetwork,
    publishedPorts: [],
    localPorts: localPorts(ground, ownNetwork),
    privateTmp: eitherPrivateTmp(program),
    user: packaged
      ? byDefault("User=", "root", byAssumption)
      : unknown("account", `it is not known how ${program} is started here`),
    remedies: serviceRemedies(`${program}.service`),
    pamSession: false,
    sysctl: (key) => kernelSetting(ground, key, ownNetwork),
    storage: machineStorage,
  };
}

/** The folders of FreeBSD's ports, Homebrew and pkgsrc. */
const withoutSystemd = /^\/(?:usr\/local|opt\/homebrew|usr\/pkg)\/etc\//;

/** The packages of Fedora and Red Hat set PrivateTmp=true for nginx, those of Debian and nginx.org do not. */
function eitherPrivateTmp(program: string): Value<boolean> {
  const label = `PrivateTmp= of ${program}`;
  return unknown<boolean>(label, `the unit of ${program} is not here`, {
    candidates: [true, false].map((own) =>
      byDefault(label, own, {
        program: own ? "Fedora and Red Hat" : "Debian and nginx.org",
        versions: "all",
        source: "nginx.service of the package",
      }),
    ),
  });
}

/** A container of which only the program is known that runs in it. */
function unseenContainer(ground: HostGround, program: string): Environment {
  const why = `${program} runs in a container here, and the container engine decides`;
  const ownNetwork = unknown<boolean>(
    "network namespace",
    `${program} runs in a container here, whose network is not known`,
  );
  return {
    kind: "container",
    name: `container of ${program}`,
    at: ground.discovered.containerFiles[0],
    nofile: engineNofile(program, why),
    mayRaiseLimits: unknown("CAP_SYS_RESOURCE", why),
    cpuQuota: unknown<Cpus>("CPU quota", why),
    onlineCpus: ground.facts.cpus,
    memoryMax: unknown<Bytes>("memory limit", why),
    tasksMax: unknown<Processes>("task limit", why),
    stopTimeout: unknown<Seconds>("stop timeout", why),
    ownNetwork,
    publishedPorts: [],
    localPorts: localPorts(ground, ownNetwork),
    privateTmp: noPrivateTmp,
    user: unknown("account", why),
    remedies: unseenContainerRemedies,
    pamSession: false,
    sysctl: (key) => kernelSetting(ground, key, ownNetwork),
    storage: (directory) => unknown(`storage of ${directory}`, why),
  };
}

/** The machine itself, outside of every service. */
export function bareEnvironment(ground: HostGround): Environment {
  const why = "it belongs to a service or a session, not to the machine";
  return {
    kind: "host",
    name: ground.discovered.name,
    at: undefined,
    nofile: { soft: unknown("soft nofile limit", why), hard: unknown("hard nofile limit", why) },
    mayRaiseLimits: unknown("CAP_SYS_RESOURCE", why),
    cpuQuota: unknown("CPU quota", why),
    onlineCpus: ground.facts.cpus,
    memoryMax: unknown("memory limit", why),
    tasksMax: unknown("task limit", why),
    stopTimeout: unknown("stop timeout", why),
    ownNetwork: ofMachine,
    publishedPorts: [],
    localPorts: localPorts(ground, ofMachine),
    privateTmp: noPrivateTmp,
    user: unknown("account", why),
    remedies: serviceRemedies("its service"),
    pamSession: false,
    sysctl: (key) => kernelSetting(ground, key, ofMachine),
    storage: machineStorage,
  };
}

const ofMachine = byDefault("PrivateNetwork=", false, {
  program: "Linux",
  versions: "all",
  source: "the initial network namespace",
});
