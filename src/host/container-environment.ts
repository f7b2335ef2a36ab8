import type { Container, ContainerSysctl } from "../model/container.ts";
import type { Environment } from "../model/environment.ts";
import type { Nofile } from "../model/systemd.ts";
import { type Descriptors, descriptors } from "../model/units.ts";
import { byDefault, derive, relabel, unknown, type Value } from "../model/value.ts";
import type { HostGround } from "./host-ground.ts";
import { kernelSetting } from "./kernel-settings.ts";
import { localPorts } from "./local-ports.ts";
import { containerRemedies } from "./remedies.ts";
import { containerStorage } from "./storage.ts";

/**
 * A container as the surroundings of its processes. limits.conf and the limits of systemd do not reach it, the
 * kernel settings of the machine only outside of its network namespace.
 *
 * @param others every container that runs with it, to find the one whose network it shares
 */
export function containerEnvironment(
  ground: HostGround,
  container: Container,
  others: readonly Container[],
): Environment {
  const { name } = container;
  const owner = networkOwner(container, others);
  const ownNetwork = hasOwnNetwork(owner);
  const range = setFor(owner, others, "net.ipv4.ip_local_port_range");
  return {
    kind: "container",
    name,
    at: container.at,
    nofile:
      container.nofile ??
      engineNofile(name, `nothing sets ulimits for the container ${name}, so its engine decides`),
    mayRaiseLimits: container.mayRaiseLimits,
    cpuQuota: container.cpuQuota,
    onlineCpus:
      container.cpuset === undefined
        ? ground.facts.cpus
        : unknown("online CPUs", "whether the C library counts the CPUs of a cpuset depends on its version", {
            from: [container.cpuset],
          }),
    memoryMax: container.memoryMax,
    tasksMax: container.tasksMax,
    stopTimeout: container.stopTimeout,
    ownNetwork,
    publishedPorts: owner.ports,
    localPorts: localPorts(ground, ownNetwork, range?.value),
    privateTmp: noPrivateTmp,
    user: container.user,
    remedies: containerRemedies(container),
    pamSession: false,
    sysctl: (key) => containerSysctl(ground, owner, ownNetwork, setFor(owner, others, key), key),
    storage: (directory) => containerStorage(container, directory),
  };
}

export const noPrivateTmp = byDefault("PrivateTmp=", false, {
  program: "Linux",
  versions: "all",
  source: "only systemd gives a service a /tmp of its own",
});

const engines: readonly (readonly [string, number, number])[] = [
  ["containerd before 2.0: LimitNOFILE=infinity", 1073741816, 1073741816],
  ["dockerd 1.x to 20.10: LimitNOFILE=1048576", 1048576, 1048576],
  ["containerd 2.0 and later: the default of systemd", 1024, 524288],
];

/** The limits of a container without ulimits come from its engine: moby #45534, containerd #8924. */
export function engineNofile(program: string, why: string): Nofile {
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
  return { soft: of(`soft nofile limit of ${program}`, 1), hard: of(`hard nofile limit of ${program}`, 2) };
}

/** As many containers may stand behind each other as anybody writes. */
const longestChain = 8;

/** The container whose network namespace it lives in: itself, or the one that network_mode names. */
function networkOwner(container: Container, others: readonly Container[]): Container {
  let owner = container;
  for (let step = 0; step < longestChain; step++) {
    const { network } = owner;
    if (!network.known || network.value.kind !== "shared") break;
    const name = network.value.with;
    const next = others.find((other) => other !== owner && other.name === name);
    if (next === undefined) break;
    owner = next;
  }
  return owner;
}

function hasOwnNetwork({ name, network }: Container): Value<boolean> {
  if (!network.known) return unknown("network namespace", network.origin.why, { from: [network] });
  return derive(
    `network namespace of ${name}`,
    network.value.kind === "host" ? "that of the machine" : "one of its own",
    [network],
    ({ kind }) => kind !== "host",
  );
}

/** A kernel setting that a container asks for; those of a pod stand at each of its containers. */
function setFor(owner: Container, others: readonly Container[], key: string): ContainerSysctl | undefined {
  const own = owner.sysctls.findLast((each) => each.key === key);
  const { network } = owner;
  if (own !== undefined || !network.known || network.value.kind !== "shared") return own;
  const pod = network.value.with;
  return others
    .filter(
      (other) =>
        other.network.known && other.network.value.kind === "shared" && other.network.value.with === pod,
    )
    .flatMap((other) => other.sysctls)
    .findLast((each) => each.key === key);
}

function containerSysctl(
  ground: HostGround,
  owner: Container,
  ownNetwork: Value<boolean>,
  set: ContainerSysctl | undefined,
  key: string,
): Value<number> {
  if (set === undefined) return kernelSetting(ground, key, ownNetwork);
  if (!set.value.known) return unknown(key, set.value.origin.why, { at: set.at });
  const number = Number(set.value.value);
  if (set.value.value.trim() === "" || !Number.isFinite(number))
    return unknown(key, `${key} of ${owner.name} is not one number: ${set.value.value}`, {
      from: [set.value],
    });
  return relabel(key, { ...set.value, value: number });
}
