import type { Container } from "../model/container.ts";
import type { Environment } from "../model/environment.ts";
import type { NginxProcess } from "../model/host.ts";
import type { NginxConfiguration } from "../model/nginx.ts";
import {
  type Connections,
  connections,
  type Descriptors,
  descriptors,
  type Processes,
  processes,
} from "../model/units.ts";
import { byDefault, derive, relabel, unknown, type Value } from "../model/value.ts";
import { nginxListeners } from "./listeners.ts";

/** An nginx configuration in its surroundings: workers, their limits and their listening sockets. */
export function nginxProcess(
  configuration: NginxConfiguration,
  environment: Environment,
  container?: Container,
): NginxProcess {
  const workers = workerCount(configuration, environment);
  const proxies = configuration.proxies.some((proxy) => !proxy.multiplexed);
  const name = container === undefined ? "nginx" : `nginx (${container.name})`;
  return {
    name,
    at: configuration.main,
    configuration,
    environment,
    container,
    workers,
    workerNofile: workerNofile(configuration, environment),
    workerOverhead: workerOverhead(configuration, workers),
    proxies,
    clientsAtOnce: clientsAtOnce(configuration, workers, proxies),
    listeners: nginxListeners(name, configuration, environment),
  };
}

function workerCount(configuration: NginxConfiguration, environment: Environment): Value<Processes> {
  const setting = configuration.workerProcesses;
  if (!setting.known) return setting as Value<Processes>;
  if (setting.value !== "auto") return setting as Value<Processes>;
  return derive(
    "nginx workers",
    "auto: one worker per online CPU, whatever the quota",
    [setting, environment.onlineCpus],
    (_, online) => processes(online),
  );
}

/**
 * worker_rlimit_nofile sets the soft and hard limit of a worker. Above the hard limit and without
 * CAP_SYS_RESOURCE setrlimit(2) fails with an [alert] and the worker keeps what it inherited
 * (nginx src/os/unix/ngx_process_cycle.c; seen with 1.22.1 and 1.31.4).
 */
function workerNofile(configuration: NginxConfiguration, environment: Environment): Value<Descriptors> {
  const label = "nofile limit of an nginx worker";
  const { soft, hard } = environment.nofile;
  const setting = configuration.workerRlimitNofile;
  if (setting === undefined) {
    if (configuration.scope === "fragment")
      return unknown(label, "the main configuration, which may set worker_rlimit_nofile, is not here");
    return soft;
  }
  if (holdsWithin(setting, hard)) return relabel("worker_rlimit_nofile", setting);
  return derive(
    label,
    "worker_rlimit_nofile where the hard limit or CAP_SYS_RESOURCE allows it, else the inherited soft limit",
    [setting, soft, hard, environment.mayRaiseLimits],
    (wanted, inherited, ceiling, mayRaise) => (wanted <= ceiling || mayRaise ? wanted : inherited),
  );
}

function holdsWithin(setting: Value<Descriptors>, hard: Value<Descriptors>): boolean {
  if (!setting.known) return false;
  const ceilings = hard.known ? [hard] : (hard.candidates ?? []);
  return ceilings.length > 0 && ceilings.every((ceiling) => setting.value <= ceiling.value);
}

/**
 * What a worker holds besides the slots of worker_connections (which include its listening sockets and its own
 * channel): standard streams, log files, epoll, eventfd and the channels of the other workers.
 * Counted in /proc/PID/fd of nginx 1.22.1.
 */
function workerOverhead(configuration: NginxConfiguration, workers: Value<Processes>): Value<Descriptors> {
  const fixed = byDefault(
    "standard streams, epoll, eventfd and log files of a worker",
    descriptors(5 + configuration.logFiles),
    {
      program: "nginx",
      versions: "all",
      source: "3 standard streams, epoll, eventfd and each log file in /proc/PID/fd of a worker",
    },
  );
  if (!workers.known) return fixed;
  return derive(
    "other descriptors of a worker",
    "standard streams, epoll, eventfd, log files, and a channel to each other worker",
    [fixed, workers],
    (base, count) => descriptors(base + Math.max(0, count - 1)),
  );
}

/**
 * A slot of worker_connections also holds each listening socket and the channel to the master, and behind a proxy
 * each request holds a second one (ngx_get_connection; 10 slots served 4 proxied clients of 1.22.1 and 1.31.4).
 */
function clientsAtOnce(
  configuration: NginxConfiguration,
  workers: Value<Processes>,
  proxies: boolean,
): Value<Connections> {
  const sockets = configuration.listens.length;
  return derive(
    proxies ? "proxied clients at once" : "clients at once",
    `workers x (worker_connections - ${sockets} listening ${sockets === 1 ? "socket" : "sockets"} - 1)${proxies ? " / 2, as each client holds a backend connection too" : ""}`,
    [workers, configuration.workerConnections],
    (count, slots) => connections(Math.floor((count * Math.max(0, slots - sockets - 1)) / (proxies ? 2 : 1))),
  );
}
