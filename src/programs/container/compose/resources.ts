import {
  type Bytes,
  bytes,
  type Cpus,
  cpus,
  type Descriptors,
  descriptors,
  type Processes,
  processes,
} from "../../../model/units.ts";
import { derive, type Unknown, unknown, type Value } from "../../../model/value.ts";
import type { Problem } from "../../../syntax/problem.ts";
import type { Span } from "../../../text/span.ts";
import { deciding, expanded, itemsOf, type Layers, under, underPath } from "./layers.ts";
import { parseBoolean, parseBytes, parseInteger, parseNumber } from "./quantities.ts";
import { settingOf, textOf, unset } from "./setting-value.ts";

/** Default of the kernel, which cpu_quota alone leaves in force (Documentation/scheduler/sched-bwc.rst). */
const defaultPeriod = 100_000;

/** `cpus`, `deploy.resources.limits.cpus`, `cpu_quota` over `cpu_period` (moby daemon_unix.go, getCPUResources). */
export function cpuQuotaOf(service: string, at: Span, layers: Layers, problems: Problem[]): Value<Cpus> {
  const label = `cpus of ${service}`;
  const limit = (...path: string[]) =>
    settingOf(label, underPath(layers, ...path), parseNumber, "a number of CPUs", problems);
  const short = limit("cpus");
  const long = limit("deploy", "resources", "limits", "cpus");
  if (short?.known && long?.known && short.value !== 0 && long.value !== 0 && short.value !== long.value) {
    const place = short.origin.at;
    if (place !== undefined)
      problems.push({
        rule: "container/compose",
        message: `cpus: ${short.value} and deploy.resources.limits.cpus: ${long.value} must be the same`,
        at: place,
      });
  }
  const quota = settingOf(
    `cpu_quota of ${service}`,
    under(layers, "cpu_quota"),
    parseInteger,
    "microseconds",
    problems,
  );
  if (quota !== undefined && !(quota.known && quota.value === 0)) {
    const period =
      settingOf(
        `cpu_period of ${service}`,
        under(layers, "cpu_period"),
        parseInteger,
        "microseconds",
        problems,
      ) ?? unset(`cpu_period of ${service}`, defaultPeriod, "sched-bwc.rst", at);
    return derive(label, "cpu_quota / cpu_period", [quota, period], (most, per) =>
      cpus(most < 0 ? Infinity : most / (per > 0 ? per : defaultPeriod)),
    );
  }
  const chosen = short ?? long;
  if (chosen === undefined || (chosen.known && chosen.value === 0))
    return unset(label, cpus(Infinity), "compose-spec, cpus", at);
  return chosen.known ? { ...chosen, value: cpus(chosen.value) } : unknownAs(chosen);
}

/** How many CPUs `cpuset` leaves; undefined where unset. */
export function cpusetOf(service: string, layers: Layers, problems: Problem[]): Value<Cpus> | undefined {
  const text = textOf(`cpuset of ${service}`, under(layers, "cpuset"));
  if (text?.known && text.value === "") return undefined;
  return settingOf(
    `cpuset of ${service}`,
    under(layers, "cpuset"),
    (list) => countCpus(list),
    "CPUs as in 0-3,5",
    problems,
  );
}

function countCpus(list: string): Cpus | undefined {
  const seen = new Set<number>();
  for (const part of list.split(",")) {
    const match = /^\s*(\d{1,5})(?:-(\d{1,5}))?\s*$/.exec(part);
    if (match === null) return undefined;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (last < first || last > 8191) return undefined;
    for (let cpu = first; cpu <= last; cpu++) seen.add(cpu);
  }
  return cpus(seen.size);
}

export function memoryMaxOf(service: string, at: Span, layers: Layers, problems: Problem[]): Value<Bytes> {
  const label = `mem_limit of ${service}`;
  const read = (...path: string[]) =>
    settingOf(label, underPath(layers, ...path), parseBytes, "a size as 512m", problems);
  const chosen = read("mem_limit") ?? read("deploy", "resources", "limits", "memory");
  if (chosen === undefined || (chosen.known && chosen.value === 0))
    return unset(label, bytes(Infinity), "compose-spec, mem_limit", at);
  return chosen.known ? { ...chosen, value: bytes(chosen.value) } : unknownAs(chosen);
}

export function tasksMaxOf(service: string, at: Span, layers: Layers, problems: Problem[]): Value<Processes> {
  const label = `pids_limit of ${service}`;
  const read = (...path: string[]) =>
    settingOf(label, underPath(layers, ...path), parseInteger, "a number", problems);
  const chosen = read("pids_limit") ?? read("deploy", "resources", "limits", "pids");
  if (chosen === undefined || (chosen.known && chosen.value <= 0))
    return unset(label, processes(Infinity), "compose-spec, pids_limit", at);
  return chosen.known ? { ...chosen, value: processes(chosen.value) } : unknownAs(chosen);
}

/** `ulimits.nofile`: one number for both, or soft and hard. */
export function nofileOf(
  service: string,
  layers: Layers,
  problems: Problem[],
): { readonly soft: Value<Descriptors>; readonly hard: Value<Descriptors> } | undefined {
  const nofile = underPath(layers, "ulimits", "nofile");
  const layer = deciding(nofile);
  if (layer === undefined) return undefined;
  const label = `ulimits.nofile of ${service}`;
  const read = (name: string, from: Layers): Value<Descriptors> => {
    const value = settingOf(name, from, parseInteger, "a number", problems);
    if (value === undefined) {
      problems.push({
        rule: "container/compose",
        message: `${label} needs soft and hard`,
        at: layer.node.at,
      });
      return unknown(name, "docker compose refuses ulimits.nofile without it", { at: layer.node.at });
    }
    return value.known
      ? { ...value, value: descriptors(value.value === -1 ? Infinity : value.value) }
      : unknownAs(value);
  };
  if (layer.node.kind !== "mapping") {
    const both = read(label, [layer]);
    return { soft: both, hard: both };
  }
  return {
    soft: read(`soft ${label}`, under([layer], "soft")),
    hard: read(`hard ${label}`, under([layer], "hard")),
  };
}

/** `privileged`, or CAP_SYS_RESOURCE among `cap_add`. */
export function mayRaiseLimitsOf(
  service: string,
  at: Span,
  layers: Layers,
  problems: Problem[],
): Value<boolean> {
  const label = `CAP_SYS_RESOURCE of ${service}`;
  const privileged = settingOf(label, under(layers, "privileged"), parseBoolean, "true or false", problems);
  if (privileged !== undefined && (!privileged.known || privileged.value)) return privileged;
  let open: Value<boolean> | undefined;
  for (const item of itemsOf(under(layers, "cap_add"))) {
    const name = expanded(item)?.whole(label);
    if (name?.known && /^(?:ALL|(?:CAP_)?SYS_RESOURCE)$/i.test(name.value)) return { ...name, value: true };
    if (name?.known === false) open = unknown(label, name.origin.why, { at: item.node.at });
  }
  return open ?? unset(label, false, "moby, default capabilities", at);
}

function unknownAs<T>({ label, origin }: Unknown<unknown>): Unknown<T> {
  return { known: false, label, origin };
}
