import { addressText } from "../model/address.ts";
import type { RunningContainer } from "../model/container.ts";
import type { Environment } from "../model/environment.ts";
import type { Facts } from "../model/facts.ts";
import type { CapacityChain, GunicornProcess, Host, Link, Listener, NginxProcess } from "../model/host.ts";
import type { PamLimits } from "../model/limits.ts";
import type { NginxProxy, NginxUpstream } from "../model/nginx.ts";
import type { SysctlSettings } from "../model/sysctl.ts";
import type { SystemdService, SystemdSocket } from "../model/systemd.ts";
import { relabel, type Value } from "../model/value.ts";
import type { PrintedUnit } from "../model/value-text.ts";
import type { Span } from "../text/span.ts";

/** One thing of the host model with its values, as `hostlint show` prints it. */
export interface Section {
  readonly kind: SectionKind;
  readonly name: string;
  readonly at?: Span;
  readonly values: readonly NamedValue[];
}

/** Key of the list that holds such sections in the JSON form, in the order in which they are printed. */
export const sectionKinds = [
  "facts",
  "nginx",
  "upstreams",
  "proxies",
  "gunicorn",
  "listeners",
  "links",
  "chains",
  "containers",
  "environments",
  "services",
  "sockets",
  "sysctl",
  "limits",
] as const;
type SectionKind = (typeof sectionKinds)[number];

interface NamedValue {
  /** Key in the JSON form. */
  readonly key: string;
  readonly value: Value<unknown>;
  /** Where the label does not tell it. */
  readonly unit?: PrintedUnit;
  /** One of many settings that nobody set. */
  readonly minor?: boolean;
}

/** Everything that the model says of a host. */
export function hostSections(host: Host): Section[] {
  return [
    factsSection(host.facts),
    ...host.nginx.flatMap(nginxSections),
    ...host.gunicorn.map(gunicornSection),
    ...host.listeners.map(listenerSection),
    ...host.links.map(linkSection),
    ...host.chains.map(chainSection),
    ...host.containers.map(containerSection),
    ...[...new Set([host.bare, ...host.environments])].map(environmentSection),
    ...host.systemd.services.map(serviceSection),
    ...host.systemd.sockets.map(socketSection),
    ...sysctlSections(host.sysctl),
    ...limitsSections(host.limits),
  ];
}

function named(values: Readonly<Record<string, Value<unknown> | undefined>>): NamedValue[] {
  return Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }]));
}

function placed(at: Span | undefined): { readonly at?: Span } {
  return at === undefined ? {} : { at };
}

function factsSection(facts: Facts): Section {
  return { kind: "facts", name: "facts", values: named({ ...facts }) };
}

function nginxSections(process: NginxProcess): Section[] {
  const { configuration } = process;
  return [
    {
      kind: "nginx",
      name: placedName(process),
      at: process.at,
      values: named({
        workerProcesses: configuration.workerProcesses,
        workers: process.workers,
        workerConnections: configuration.workerConnections,
        workerRlimitNofile: configuration.workerRlimitNofile,
        workerNofile: process.workerNofile,
        workerOverhead: process.workerOverhead,
        clientsAtOnce: process.clientsAtOnce,
        user: configuration.user,
        openFileCache: configuration.openFileCache,
      }),
    },
    ...configuration.upstreams.map(upstreamSection),
    ...configuration.proxies.map(proxySection),
  ];
}

/** A process in a container is named after it already. */
function placedName({ name, container, environment }: NginxProcess | GunicornProcess): string {
  return container === undefined ? `${name} in ${environment.name}` : name;
}

function upstreamSection(upstream: NginxUpstream): Section {
  return {
    kind: "upstreams",
    name: `upstream ${upstream.name}`,
    at: upstream.at,
    values: [
      ...upstream.servers.map(({ address }, index) => ({
        key: `server${index + 1}`,
        value: relabel("server", address),
      })),
      ...named({ keepalive: upstream.keepalive, keepaliveTimeout: upstream.keepaliveTimeout }),
    ],
  };
}

function proxySection(proxy: NginxProxy): Section {
  return {
    kind: "proxies",
    name: `proxy_pass of ${proxy.location}`,
    at: proxy.at,
    values: named({
      address: proxy.address,
      readTimeout: proxy.readTimeout,
      sendTimeout: proxy.sendTimeout,
      connectTimeout: proxy.connectTimeout,
      httpVersion: proxy.httpVersion,
      connectionHeader: proxy.connectionHeader,
      buffering: proxy.buffering,
    }),
  };
}

/** The settings that decide the capacity first, then every other one by gunicorn's own name. */
function gunicornSection(process: GunicornProcess): Section {
  const { configuration } = process;
  const first = named({
    configFile: configuration.configFile,
    workers: configuration.workers,
    threads: configuration.threads,
    workerClass: configuration.workerClass,
    workerKind: configuration.workerKind,
    workerConnections: configuration.workerConnections,
    concurrency: configuration.concurrency,
    backlog: configuration.backlog,
    binds: configuration.binds,
    timeout: configuration.timeout,
    gracefulTimeout: configuration.gracefulTimeout,
    maxRequests: configuration.maxRequests,
    maxRequestsJitter: configuration.maxRequestsJitter,
    reusePort: configuration.reusePort,
    preload: configuration.preload,
  });
  const keepalive: NamedValue = { key: "keepalive", value: configuration.keepalive, unit: "seconds" };
  const shown = new Set([...first, keepalive].map(({ value }) => value.label));
  const others = [...configuration.settings.keys()].flatMap((key): NamedValue[] => {
    const value = shown.has(key) ? undefined : configuration.settings.get(key);
    return value === undefined ? [] : [{ key, value, minor: value.origin.kind === "default" }];
  });
  return {
    kind: "gunicorn",
    name: placedName(process),
    at: process.at,
    values: [...first, keepalive, ...others],
  };
}

function listenerSection(listener: Listener): Section {
  return {
    kind: "listeners",
    name: `${addressText(listener.address)} of ${listener.owner}`,
    at: listener.at,
    values: named({ backlog: listener.backlog, acceptQueue: listener.acceptQueue }),
  };
}

function linkSection({ nginx, proxy, listener, at }: Link): Section {
  return {
    kind: "links",
    name: `${nginx.name} ${proxy.location} -> ${addressText(listener.address)} of ${listener.owner}`,
    at,
    values: [],
  };
}

/** The steps in the order in which a request passes them. */
function chainSection({ listener, steps, narrowest }: CapacityChain): Section {
  const end = narrowest === undefined ? "" : `, narrowest at: ${narrowest.name}`;
  return {
    kind: "chains",
    name: `way of a request to ${addressText(listener.address)}${end}`,
    at: listener.at,
    values: steps.map(({ name, value }, index) => {
      const before = steps.slice(0, index).filter((step) => step.name === name).length;
      return { key: before === 0 ? name : `${name} ${before + 1}`, value: relabel(name, value) };
    }),
  };
}

function environmentSection(environment: Environment): Section {
  return {
    kind: "environments",
    name: environment.kind === "host" ? "host" : `${environment.kind} ${environment.name}`,
    ...placed(environment.at),
    values: named({
      softNofile: environment.nofile.soft,
      hardNofile: environment.nofile.hard,
      mayRaiseLimits: environment.mayRaiseLimits,
      cpuQuota: environment.cpuQuota,
      onlineCpus: environment.onlineCpus,
      memoryMax: environment.memoryMax,
      tasksMax: environment.tasksMax,
      user: environment.user,
      somaxconn: environment.sysctl("net.core.somaxconn"),
    }),
  };
}

function containerSection({ container, programs }: RunningContainer): Section {
  const { base } = container.image;
  return {
    kind: "containers",
    name: `${container.name}${programs.length === 0 ? "" : ` runs ${programs.map(({ program }) => program).join(", ")}`}`,
    at: container.at,
    values: named({
      image: base.known
        ? { ...base, value: [base.value.repository, base.value.tag].filter((part) => part).join(":") }
        : base,
      workingDirectory: container.workingDirectory,
      replicas: container.replicas,
      stopTimeout: container.stopTimeout,
    }),
  };
}

function serviceSection(service: SystemdService): Section {
  return {
    kind: "services",
    name: service.startable ? service.name : `${service.name}, which systemd does not start`,
    ...placed(service.file),
    values: [
      ...named({
        slice: service.slice,
        memoryHigh: service.memoryHigh,
        allowedCpus: service.allowedCpus,
        cpuAffinity: service.cpuAffinity,
        workingDirectory: service.workingDirectory,
        timeoutStop: service.timeoutStop,
        privateNetwork: service.privateNetwork,
        privateTmp: service.privateTmp,
        pamName: service.pamName,
      }),
      ...service.environment
        .names()
        .map((name) => ({ key: `environment ${name}`, value: relabel(name, service.environment.get(name)) })),
    ],
  };
}

function socketSection(socket: SystemdSocket): Section {
  return {
    kind: "sockets",
    name: `${socket.name} for ${socket.service}`,
    at: socket.file,
    values: [
      ...socket.listens.map((value, index) => ({ key: `listen${index + 1}`, value })),
      ...named({ backlog: socket.backlog }),
    ],
  };
}

function sysctlSections(sysctl: SysctlSettings): Section[] {
  if (sysctl.keys.length === 0) return [];
  const values = sysctl.keys.flatMap((key) => {
    const boot = sysctl.boot(key);
    const manual = sysctl.manual(key);
    return [
      ...(boot === undefined ? [] : [{ key: `${key} boot`, value: relabel(`${key} after boot`, boot) }]),
      ...(manual === undefined
        ? []
        : [{ key: `${key} manual`, value: relabel(`${key} after sysctl --system`, manual) }]),
    ];
  });
  return [{ kind: "sysctl", name: "sysctl", values }];
}

function limitsSections(limits: PamLimits): Section[] {
  if (limits.entries.length === 0) return [];
  const values = limits.entries.map(({ domain, type, item, value }, index) => ({
    key: `line${index + 1}`,
    value: relabel(`${domain} ${type === "both" ? "-" : type} ${item}`, value),
  }));
  return [{ kind: "limits", name: "limits of PAM sessions", values }];
}
