import type { Problem } from "../syntax/problem.ts";
import type { Span } from "../text/span.ts";
import type { Address } from "./address.ts";
import type { Container, RunningContainer } from "./container.ts";
import type { Environment } from "./environment.ts";
import type { Facts } from "./facts.ts";
import type { GunicornConfiguration } from "./gunicorn.ts";
import type { PamLimits } from "./limits.ts";
import type { NginxConfiguration, NginxProxy } from "./nginx.ts";
import type { SysctlSettings } from "./sysctl.ts";
import type { SystemdService, SystemdSocket, SystemdUnits } from "./systemd.ts";
import type { Connections, Descriptors, Processes } from "./units.ts";
import type { Value } from "./value.ts";

/** One machine, or what the files at hand say about it. */
export interface Host {
  /** How it is named to the user: the folder, or the file that makes it an alternative. */
  readonly name: string;
  readonly facts: Facts;
  /** The machine itself: what holds outside of every service and container. */
  readonly bare: Environment;
  readonly environments: readonly Environment[];
  readonly nginx: readonly NginxProcess[];
  readonly gunicorn: readonly GunicornProcess[];
  readonly listeners: readonly Listener[];
  readonly links: readonly Link[];
  /** Addresses of this host that nginx connects to and on which no known program listens. */
  readonly unanswered: readonly UnansweredTarget[];
  /** How much each step of the way carries, for every address that nginx serves. */
  readonly chains: readonly CapacityChain[];
  readonly containers: readonly RunningContainer[];
  readonly systemd: SystemdUnits;
  readonly sysctl: SysctlSettings;
  readonly limits: PamLimits;
  /** What the parsers and programs found wrong in the files. */
  readonly problems: readonly Problem[];
}

/** An nginx master with its workers. */
export interface NginxProcess {
  readonly name: string;
  readonly at: Span;
  readonly configuration: NginxConfiguration;
  readonly environment: Environment;
  /** The container that it runs in. */
  readonly container: Container | undefined;
  /** Number of worker processes: `auto` becomes the online CPUs. */
  readonly workers: Value<Processes>;
  /** Soft RLIMIT_NOFILE of a worker, after worker_rlimit_nofile. */
  readonly workerNofile: Value<Descriptors>;
  /** Descriptors that a worker needs besides connections: standard streams, logs, sockets, epoll, channels. */
  readonly workerOverhead: Value<Descriptors>;
  /** Whether a client also holds a connection to a backend: it proxies over HTTP/1. */
  readonly proxies: boolean;
  /** Clients that its slots hold at once: workers x (worker_connections - listening sockets - 1), halved where it proxies. */
  readonly clientsAtOnce: Value<Connections>;
  readonly listeners: readonly Listener[];
}

/** A gunicorn arbiter with its workers, or a uvicorn that runs without one. */
export interface GunicornProcess {
  /** What runs: the settings of uvicorn are those of gunicorn that mean the same. */
  readonly program: "gunicorn" | "uvicorn";
  readonly name: string;
  readonly at: Span;
  readonly configuration: GunicornConfiguration;
  readonly environment: Environment;
  readonly service: SystemdService | undefined;
  /** The socket units that hand it its listening sockets; then `bind` is ignored. */
  readonly activatedBy: readonly SystemdSocket[];
  /** The container that it runs in. */
  readonly container: Container | undefined;
  /** Whether it certainly runs: no condition that is not known stands before it. */
  readonly certain: boolean;
  /** How many of it answer together under its addresses, each with workers and accept queues of its own. */
  readonly copies: Value<number>;
  readonly listeners: readonly Listener[];
}

/** One listening socket and its accept queue. */
export interface Listener {
  readonly address: Address;
  /** Where it is written, or where the program that opens it is started. */
  readonly at: Span;
  /** Such as `nginx`, `gunicorn (app.service)`, `app.socket`. */
  readonly owner: string;
  readonly program: "nginx" | "gunicorn" | "uvicorn" | "systemd";
  readonly environment: Environment;
  /** What the program passes to listen(2). */
  readonly backlog: Value<Connections>;
  /** What the kernel makes of it: min(backlog, somaxconn) of the network namespace. */
  readonly acceptQueue: Value<Connections>;
}

/** A place of nginx that hands requests to a gunicorn of this host. */
export interface Link {
  readonly nginx: NginxProcess;
  readonly proxy: NginxProxy;
  readonly gunicorn: GunicornProcess;
  readonly listener: Listener;
  /** Where the address is written that joins them. */
  readonly at: Span;
}

/** An address on which nothing listens, seen from where nginx runs. */
export interface UnansweredTarget {
  readonly nginx: NginxProcess;
  readonly address: Address;
  readonly at: Span;
  /** The container that the name of the address means; undefined for a loopback address or a unix socket. */
  readonly to: Container | undefined;
}

/** The way of a request through the host, from the kernel's queue to the application. */
export interface CapacityChain {
  readonly nginx: NginxProcess;
  readonly listener: Listener;
  readonly steps: readonly CapacityStep[];
  /** The step that carries the fewest clients at once, among those that are known. */
  readonly narrowest: CapacityStep | undefined;
}

export interface CapacityStep {
  readonly name: "accept queue" | "connection slots" | "descriptors" | "event loop" | "app workers";
  readonly value: Value<number>;
  /** Whether the value counts clients in work at once, so that it can be compared with the other steps. */
  readonly comparable: boolean;
}
