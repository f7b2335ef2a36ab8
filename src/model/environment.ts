import type { Span } from "../text/span.ts";
import type { Bytes, Cpus, Descriptors, Processes } from "./units.ts";
import type { Value } from "./value.ts";

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
  /** The account that the first process runs as. */
  readonly user: Value<string>;
  /** The limits are those of a PAM session: `PAMName=`, a login. */
  readonly pamSession: boolean;
  /** A kernel setting in the network namespace of this environment, after boot. */
  sysctl(key: string): Value<number>;
}
