import type { CapacityChain, CapacityStep, Link, Listener, NginxProcess } from "../model/host.ts";
import { cpus, requests } from "../model/units.ts";
import { derive, unknown, type Value } from "../model/value.ts";

/** What each step from the accept queue to the application carries, for every address that an nginx serves. */
export function capacityChains(nginx: readonly NginxProcess[], links: readonly Link[]): CapacityChain[] {
  return nginx.flatMap((process) => {
    const apps = [...new Set(links.filter((link) => link.nginx === process).map((link) => link.gunicorn))];
    const steps: CapacityStep[] = [
      { name: "connection slots", value: process.clientsAtOnce, comparable: true },
      { name: "descriptors", value: clientsByDescriptors(process), comparable: true },
      { name: "event loop", value: cpusOfWorkers(process), comparable: false },
      ...apps.map(({ configuration }) => ({
        name: "app workers" as const,
        value: configuration.concurrency,
        comparable: true,
      })),
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
