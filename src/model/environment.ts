import type { Span } from "../text/span.ts";
import type { PublishedPort } from "./container.ts";
import type { Bytes, Connections, Cpus, Descriptors, Processes, Seconds } from "./units.ts";
import type { Value } from "./value.ts";

/** What a file that a process makes at a place is kept on; `read-only` where it cannot make one. */
export type Storage = "memory" | "disk" | "read-only";

/** Where limits of an environment are set, in words for the help of a finding. */
export interface Remedies {
  readonly nofile: string;
  readonly sysctl: (key: string, value: string) => string;
  readonly cpuQuota: string;
  /** A setting that gives a program this many seconds to end. */
  readonly stopTimeout: (seconds: number) => string;
}

/**
 * What surrounds a process: the bare host, a systemd service, a container. Rules ask it and need not know which
 * of them it is.
 */
export interface Environment {
  readonly kind: "host" | "service" | "container" | "unknown";
  /** Such as `nginx.service`. */
  readonly name: string;
  /** The file that defines it, where there is one. */
  readonly at: Span | undefined;
  /** RLIMIT_NOFILE that a process starts with. */
  readonly nofile: { readonly soft: Value<Descriptors>; readonly hard: Value<Descriptors> };
  /** Whether its processes may raise their hard limit (CAP_SYS_RESOURCE). */
  readonly mayRaiseLimits: Value<boolean>;
  /** The smallest CPU quota that binds it, with the chain of slices; Infinity where none does. */
  readonly cpuQuota: Value<Cpus>;
  /** CPUs that a program counts as online (glibc's sysconf, os.cpu_count): quota and affinity do not show. */
  readonly onlineCpus: Value<Cpus>;
  readonly memoryMax: Value<Bytes>;
  readonly tasksMax: Value<Processes>;
  /**
   * Time between SIGTERM and SIGKILL when it is stopped; Infinity where nothing follows. Unknown where it is stopped
   * in another way.
   */
  readonly stopTimeout: Value<Seconds>;
  /** Whether it has a network namespace of its own. */
  readonly ownNetwork: Value<boolean>;
  /** Ports of its own network namespace that are reachable from outside of it; empty elsewhere. */
  readonly publishedPorts: readonly PublishedPort[];
  /** Ports of net.ipv4.ip_local_port_range: connections to one address and port from one address. */
  readonly localPorts: Value<Connections>;
  /** Whether /tmp and /var/tmp are its own (PrivateTmp=), so that another service does not see what is in them. */
  readonly privateTmp: Value<boolean>;
  /** The account that the first process runs as. */
  readonly user: Value<string>;
  /** Where a person sets what rules advise to change. */
  readonly remedies: Remedies;
  /** The limits are those of a PAM session: `PAMName=`, a login. */
  readonly pamSession: boolean;
  /** A kernel setting in the network namespace of this environment, after boot. */
  sysctl(key: string): Value<number>;
  /** What a file in this directory (an absolute path) is kept on. */
  storage(directory: string): Value<Storage>;
}
