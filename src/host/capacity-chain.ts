import type {
  CapacityChain,
  CapacityStep,
  GunicornProcess,
  Link,
  Listener,
  NginxProcess,
} from "../model/host.ts";
import { cpus, requests } from "../model/units.ts";
import { derive, unknown, type Value } from "../model/value.ts";
import { isSingle } from "./copies.ts";

/** What each step from the accept queue to the application carries, for every address that an nginx serves. */
export function capacityChains(nginx: readonly NginxProcess[], links: readonly Link[]): CapacityChain[] {
  return nginx.flatMap((process) => {
    const apps = [...new Set(links.filter((link) => link.nginx === process).map((link) => link.gunicorn))];
    const steps: CapacityStep[] = [
      { name: "connection slots", value: process.clientsAtOnce, comparable: true },
      { name: "descriptors", value: clientsByDescriptors(process), comparable: true },
      { name: "event loop", value: cpusOfWorkers(process), comparable: false },
      ...apps.map((app) => ({ name: "app workers" as const, value: servedAtOnce(app), comparable: true })),
    ];
    return process.listeners.map((listener) => chain(process, listener, steps));
  });
}

function chain(nginx: NginxProcess, listener: Listener, rest: readonly CapacityStep[]): CapacityChain {
  const steps: CapacityStep[] = [
    { name: "accept queue", value: listener.acceptQueue, comparable: false },
    ...rest,
  ];
  let narrowest: CapacityStep | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const step of steps)
    if (step.comparable && step.value.known && step.value.value < least) {
      narrowest = step;
      least = step.value.value;
    }
  return { nginx, listener, steps, narrowest };
}

/** What all copies of a server together have in work. */
function servedAtOnce({ configuration, copies }: GunicornProcess): Value<number> {
  const { concurrency } = configuration;
  if (isSingle(copies)) return concurrency;
  return derive(concurrency.label, "copies x what one serves", [copies, concurrency], (count, each) =>
    requests(count === 0 ? 0 : count * each),
  );
}

function clientsByDescriptors({
  workers,
  workerNofile,
  workerOverhead,
  proxies,
}: NginxProcess): Value<number> {
  return derive(
    "clients that the descriptors carry",
    `workers x (nofile limit - other descriptors)${proxies ? " / 2" : ""}`,
    [workers, workerNofile, workerOverhead],
    (count, limit, others) => requests(Math.floor((count * Math.max(0, limit - others)) / (proxies ? 2 : 1))),
  );
}

function cpusOfWorkers({ workers, environment }: NginxProcess): Value<number> {
  const { cpuQuota, onlineCpus } = environment;
  if (!workers.known && !onlineCpus.known)
    return unknown("CPUs that the workers can use", onlineCpus.origin.why, { fact: "cpus" });
  return derive(
    "CPUs that the workers can use",
    "the smallest of workers, online CPUs and CPU quota",
    [workers, onlineCpus, cpuQuota],
    (count, online, quota) => cpus(Math.min(count, online, quota)),
  );
}
