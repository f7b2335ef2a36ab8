import type { Span } from "../text/span.ts";
import type { Address } from "./address.ts";
import type { Connections, Processes, Requests, Seconds } from "./units.ts";
import type { Value } from "./value.ts";

/**
 * How a worker serves.
 * `sync` one request at once; `gthread` one per thread; `gevent`, `eventlet` one per worker connection;
 * `tornado`, `uvicorn`, `asgi` an event loop without a limit; `custom` a class that is not known.
 */
export type WorkerKind =
  | "sync"
  | "gthread"
  | "gevent"
  | "eventlet"
  | "tornado"
  | "uvicorn"
  | "asgi"
  | "custom";

/** Values by the names of settings; one may be made when it is first asked for. */
export interface NamedSettings<T> {
  get(name: string): Value<T> | undefined;
  keys(): Iterable<string>;
}

/** What one gunicorn makes of its arguments, environment and configuration file. Filled by the gunicorn room. */
export interface GunicornConfiguration {
  /** The command that starts it. */
  readonly at: Span;
  readonly workers: Value<Processes>;
  readonly threads: Value<number>;
  /** As written: `sync`, `uvicorn.workers.UvicornWorker`. */
  readonly workerClass: Value<string>;
  /** After the rule that threads above 1 turn sync into gthread. */
  readonly workerKind: Value<WorkerKind>;
  readonly workerConnections: Value<Connections>;
  /** Places asked for in each accept queue; 2048 by default, 100 for the asgi worker whatever is written. */
  readonly backlog: Value<Connections>;
  /** Parsed addresses; relative socket paths are resolved against chdir where it is known. */
  readonly binds: Value<readonly Address[]>;
  /** Infinity where 0 switches it off. */
  readonly timeout: Value<Seconds>;
  readonly gracefulTimeout: Value<Seconds>;
  readonly keepalive: Value<Seconds>;
  readonly maxRequests: Value<number>;
  readonly maxRequestsJitter: Value<number>;
  readonly reusePort: Value<boolean>;
  readonly preload: Value<boolean>;
  readonly reload: Value<boolean>;
  /** IP addresses and networks whose headers are believed; `*` for everybody. */
  readonly forwardedAllowIps: Value<readonly string[]>;
  /**
   * Directories in which the heartbeat file of a worker is tried, the first that can be written to is taken:
   * worker_tmp_dir alone, or where Python looks for a temporary directory.
   */
  readonly heartbeatDirectories: readonly Value<string>[];
  /** Every setting by gunicorn's own name, for `hostlint show` and for rules to come. */
  readonly settings: NamedSettings<unknown>;
  /** The configuration file that is loaded; undefined where none is. */
  readonly configFile: Value<string | undefined>;
  /** Requests in work at once over all workers: workers x {1, threads, worker_connections, no limit}. */
  readonly concurrency: Value<Requests>;
}
