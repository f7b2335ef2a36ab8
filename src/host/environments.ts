import type { Environment } from "../model/environment.ts";
import type { Nofile, SystemdService } from "../model/systemd.ts";
import {
  type Bytes,
  type Cpus,
  cpus,
  type Descriptors,
  descriptors,
  type Processes,
} from "../model/units.ts";
import { assuming, byDefault, relabel, unknown, type Value } from "../model/value.ts";
import type { HostGround } from "./host-ground.ts";
import { kernelSetting } from "./kernel-settings.ts";

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
    user: service.user,
    pamSession: pamName !== undefined,
    sysctl: (key) => kernelSetting(ground, key, service.privateNetwork),
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
 * nginx.service set no LimitNOFILE= and no quota. Beside a compose file or Dockerfile the container engine
 * decides; otherwise systemd's defaults are an assumption that findings name.
 */
export function undeclaredEnvironment(ground: HostGround, program: string): Environment {
  if (ground.discovered.kind !== "root" && ground.discovered.containers.length > 0)
    return containerEnvironment(ground, program);
  const packaged = ground.discovered.kind === "root";
  const assumption = packaged
    ? `${program} runs as the ${program}.service of its package, which sets no LimitNOFILE=`
    : `${program} runs as a systemd service with the default limits`;
  const limit = (limit: "soft" | "hard"): Value<Descriptors> =>
    assuming(relabel(`${limit} nofile limit of ${program}`, ground.defaultNofile[limit]), assumption);
  const byAssumption = {
    program: "systemd",
    versions: "all",
    source: "systemd.resource-control(5)",
    assuming: assumption,
  };
  return {
    kind: packaged ? "service" : "unknown",
    name: packaged ? `${program}.service` : program,
    at: undefined,
    nofile: { soft: limit("soft"), hard: limit("hard") },
    mayRaiseLimits: byDefault("CAP_SYS_RESOURCE", true, byAssumption),
    cpuQuota: packaged
      ? byDefault<Cpus>("CPUQuota=", cpus(Number.POSITIVE_INFINITY), byAssumption)
      : unknown<Cpus>("CPU quota", `it is not known how ${program} is started here`),
    onlineCpus: ground.facts.cpus,
    memoryMax: unknown<Bytes>("memory limit", `it is not known how ${program} is started here`),
    tasksMax: unknown<Processes>("task limit", `it is not known how ${program} is started here`),
    user: packaged
      ? byDefault("User=", "root", byAssumption)
      : unknown("account", `it is not known how ${program} is started here`),
    pamSession: false,
    sysctl: (key) => kernelSetting(ground, key, byDefault("PrivateNetwork=", false, byAssumption)),
  };
}

const engines: readonly (readonly [string, number, number])[] = [
  ["containerd before 2.0: LimitNOFILE=infinity", 1073741816, 1073741816],
  ["dockerd 1.x to 20.10: LimitNOFILE=1048576", 1048576, 1048576],
  ["containerd 2.0 and later: the default of systemd", 1024, 524288],
];

/** The limits of a container come from its engine: moby #45534, containerd #8924. */
function containerEnvironment(ground: HostGround, program: string): Environment {
  const why = `${program} runs in a container here, and the container engine decides`;
  const of = (label: string, side: 1 | 2): Value<Descriptors> =>
    unknown<Descriptors>(label, why, {
      candidates: engines.map((engine) =>
        byDefault(label, descriptors(engine[side]), {
          program: "container engine",
          versions: engine[0],
          source: "moby #45534, containerd #8924",
        }),
      ),
    });
  return {
    kind: "container",
    name: `container of ${program}`,
    at: ground.discovered.containers[0],
    nofile: {
      soft: of(`soft nofile limit of ${program}`, 1),
      hard: of(`hard nofile limit of ${program}`, 2),
    },
    mayRaiseLimits: unknown("CAP_SYS_RESOURCE", why),
    cpuQuota: unknown<Cpus>("CPU quota", why),
    onlineCpus: ground.facts.cpus,
    memoryMax: unknown<Bytes>("memory limit", why),
    tasksMax: unknown<Processes>("task limit", why),
    user: unknown("account", why),
    pamSession: false,
    sysctl: (key) =>
      kernelSetting(
        ground,
        key,
        unknown("network namespace", `${program} runs in a container here, whose network is not known`),
      ),
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
    user: unknown("account", why),
    pamSession: false,
    sysctl: (key) => kernelSetting(ground, key, ofMachine),
  };
}

const ofMachine = byDefault("PrivateNetwork=", false, {
  program: "Linux",
  versions: "all",
  source: "the initial network namespace",
});
