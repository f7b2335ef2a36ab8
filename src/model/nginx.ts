import type { Span } from "../text/span.ts";
import type { Address } from "./address.ts";
import type { Connections, Descriptors, Processes, Seconds } from "./units.ts";
import type { Known, Value } from "./value.ts";

/**
 * What one nginx makes of its files: the values in force, each with its origin.
 * Filled by the nginx program room; it knows nothing of units, limits or the kernel.
 */
export interface NginxConfiguration {
  /** The first file: nginx.conf, or the fragment itself. */
  readonly main: Span;
  /**
   * `main` has an `events` block, without which nginx does not start; anything else is a `fragment`, whose silence
   * about main-level directives says nothing.
   */
  readonly scope: "main" | "fragment";
  /** Whether it has an http, stream or mail block with something in it (or, in a fragment, a server block). */
  readonly serves: boolean;
  /** `auto`, or a number of processes. Unknown in a fragment that does not set it. */
  readonly workerProcesses: Value<"auto" | Processes>;
  /** Slots of one worker: `worker_connections`, 512 by default. */
  readonly workerConnections: Value<Connections>;
  /** `worker_rlimit_nofile`; undefined where it is not set (or, in a fragment, cannot be known: see `scope`). */
  readonly workerRlimitNofile: Value<Descriptors> | undefined;
  /** Whether it goes into the background: `daemon`, also of `-g`; on by default. Unknown in a fragment. */
  readonly daemon: Value<boolean>;
  /** The account of the workers: `user`. Undefined where unset. */
  readonly user: Value<string> | undefined;
  /** Sockets that each worker holds, one per address and port however many server blocks name it. */
  readonly listens: readonly NginxListen[];
  readonly upstreams: readonly NginxUpstream[];
  /** Every place that hands requests to another server over HTTP (`proxy_pass`), with the settings in force there. */
  readonly proxies: readonly NginxProxy[];
  /** Distinct log files that a worker keeps open. */
  readonly logFiles: number;
  /** Largest `open_file_cache max=` in force; undefined where off everywhere. */
  readonly openFileCache: Value<Descriptors> | undefined;
  /** Folders that locations serve files from, where they are written without variables. */
  readonly staticPaths: readonly NginxStaticPath[];
  /** Includes that could not be followed here, so that silence proves less. */
  readonly missingIncludes: readonly Span[];
}

export interface NginxStaticPath {
  readonly directive: "alias" | "root";
  /** Absolute. */
  readonly path: Known<string>;
  /** What stands after `location`. */
  readonly location: string;
}

export interface NginxListen {
  readonly address: Address;
  /** The `listen` directive whose options count, else the first one; the server block's name where none is written. */
  readonly at: Span;
  readonly udp: boolean;
  /** Backlog asked for; 511 by default on Linux. */
  readonly backlog: Value<Connections>;
  /** One socket and queue per worker. */
  readonly reuseport: boolean;
  readonly module: "http" | "stream" | "mail";
}

export interface NginxUpstream {
  readonly name: string;
  readonly at: Span;
  readonly module: "http" | "stream";
  readonly servers: readonly NginxUpstreamServer[];
  /** Idle connections that each worker keeps; 0 where off. */
  readonly keepalive: Value<Connections>;
  /** How long an idle one is kept: 60 s by default. */
  readonly keepaliveTimeout: Value<Seconds>;
}

export interface NginxUpstreamServer {
  /** Unknown where the address holds a variable or a template hole. */
  readonly address: Value<Address>;
  readonly at: Span;
  readonly backup: boolean;
  readonly down: boolean;
}

export interface NginxProxy {
  /** The `proxy_pass` directive. */
  readonly at: Span;
  /** Known when the target is a named upstream of this configuration. */
  readonly upstream: NginxUpstream | undefined;
  /** The address when it is written in `proxy_pass` itself. Unknown for variables. */
  readonly address: Value<Address> | undefined;
  /** `location` path or server name, for messages. */
  readonly location: string;
  readonly readTimeout: Value<Seconds>;
  readonly sendTimeout: Value<Seconds>;
  readonly connectTimeout: Value<Seconds>;
  /** `1.0`, `1.1` or `2`; the default changed to 1.1 in 1.29.7. */
  readonly httpVersion: Value<string>;
  /** The Connection header sent; undefined value = header not sent; `close` by default before 1.29.7. */
  readonly connectionHeader: Value<string | undefined>;
  readonly buffering: Value<boolean>;
  /** Whether a request body is read whole before the request is handed on. */
  readonly requestBuffering: Value<boolean>;
  /** `proxy_bind` chooses the source address of its connections. */
  readonly bound: boolean;
  /** A `listen` of the same server speaks HTTP/2 or QUIC, so a client connection carries many requests. */
  readonly multiplexed: boolean;
}

/** The addresses that a proxy_pass connects to in normal service, with the place each is written at. */
export function proxyTargets(proxy: NginxProxy): { readonly address: Address; readonly at: Span }[] {
  if (proxy.upstream !== undefined)
    return proxy.upstream.servers.flatMap((server) =>
      server.address.known && !server.down ? [{ address: server.address.value, at: server.at }] : [],
    );
  return proxy.address?.known ? [{ address: proxy.address.value, at: proxy.at }] : [];
}
