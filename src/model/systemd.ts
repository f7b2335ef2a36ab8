import type { Span } from "../text/span.ts";
import type { Address } from "./address.ts";
import type { Bytes, Connections, Cpus, Descriptors, Processes, Seconds } from "./units.ts";
import type { Value } from "./value.ts";

/** What systemd makes of the units of one host. Filled by the systemd room. */
export interface SystemdUnits {
  readonly services: readonly SystemdService[];
  readonly sockets: readonly SystemdSocket[];
  /** DefaultLimitNOFILE= of system.conf, else the manager's own default (1024:524288 since 240). */
  readonly defaultNofile: Nofile;
  /** Assignments that systemd ignores because it has no such key in that section. */
  readonly unknownKeys: readonly SystemdUnknownKey[];
  /** Comments after a value, which systemd takes for a part of it. */
  readonly trailingComments: readonly SystemdTrailingComment[];
  /** Drop-ins of which nothing is left, because later ones set all of it again. */
  readonly idleDropIns: readonly SystemdIdleDropIn[];
}

export interface SystemdUnknownKey {
  readonly section: string;
  readonly key: string;
  readonly at: Span;
  /** The systemd that brought the key, where this host's is older. */
  readonly since: number | undefined;
  /** A key of the section that is one or two edits away. */
  readonly near: string | undefined;
  /** Sections that have a key of this name. */
  readonly sections: readonly string[];
}

export interface SystemdTrailingComment {
  readonly key: string;
  /** From the comment sign to the end of the value. */
  readonly at: Span;
  /** What the setting makes of it: arguments of a command, words of a list, or a part of its one value. */
  readonly kind: "arguments" | "words" | "value";
}

export interface SystemdIdleDropIn {
  readonly unit: string;
  /** Host paths. */
  readonly path: string;
  readonly settings: readonly {
    /** Key and value. */
    readonly at: Span;
    readonly key: string;
    /** The assignment of a later drop-in that takes its place. */
    readonly by: Span;
    readonly byPath: string;
  }[];
}

export interface Nofile {
  readonly soft: Value<Descriptors>;
  readonly hard: Value<Descriptors>;
}

export interface SystemdService {
  /** Full unit name: `nginx.service`, `app@1.service`; a template without known instances keeps its `app@.service`. */
  readonly name: string;
  /** Other names of the same unit. */
  readonly aliases: readonly string[];
  /** Unit file; undefined where only drop-ins are here (the unit itself is a package's, outside of the tree). */
  readonly file: Span | undefined;
  /** As `systemctl show` names it; `absent` where only drop-ins are here. */
  readonly loadState: "loaded" | "masked" | "bad-setting" | "error" | "absent";
  /** Host path of the unit file (`FragmentPath`). */
  readonly path: string | undefined;
  /** Host paths of the drop-ins in the order in which they apply, the winner last (`DropInPaths`). */
  readonly dropIns: readonly string[];
  /** False where it is certain that systemd refuses to start it; `refusal` says why. */
  readonly startable: boolean;
  readonly refusal:
    | {
        readonly why: string;
        /** More than one command in ExecStart= of a service that may have one only. */
        readonly startsTwice: boolean;
        readonly at: Span;
        readonly because: readonly { readonly message: string; readonly at: Span }[];
      }
    | undefined;
  /** Whether the service is over, with all that is left of it, when the process that systemd starts ends. */
  readonly endsWithFirst: Value<boolean>;
  /** Every command that it runs as the main process, parsed with systemd's quoting and with variables expanded. */
  readonly commands: readonly SystemdCommand[];
  /** LimitNOFILE= where written and valid. */
  readonly limitNofile: Nofile | undefined;
  /** The limits it starts with: LimitNOFILE=, else the manager's default. */
  readonly nofile: Nofile;
  /** Smallest CPUQuota= of the service, its slice and the slice's parents; Infinity where none is set. */
  readonly cpuQuota: Value<Cpus>;
  /** Smallest MemoryMax= of the service, its slice and the slice's parents; Infinity where none is set. */
  readonly memoryMax: Value<Bytes>;
  /** Likewise MemoryHigh=, above which the kernel slows it down. */
  readonly memoryHigh: Value<Bytes>;
  readonly tasksMax: Value<Processes>;
  readonly slice: Value<string>;
  /** AllowedCPUs= of the service itself; undefined where all CPUs are allowed. */
  readonly allowedCpus: Value<readonly number[] | undefined>;
  /** CPUAffinity=, which its processes may change; undefined where it is not set. */
  readonly cpuAffinity: Value<readonly number[] | undefined>;
  readonly user: Value<string>;
  readonly pamName: Value<string | undefined>;
  /** False where User= is not root or CapabilityBoundingSet= leaves out CAP_SYS_RESOURCE. */
  readonly maySetResource: Value<boolean>;
  readonly privateNetwork: Value<boolean>;
  readonly privateTmp: Value<boolean>;
  readonly workingDirectory: Value<string>;
  readonly timeoutStop: Value<Seconds>;
  /**
   * Time between SIGTERM and SIGKILL at a stop; Infinity where systemd sends no SIGKILL. Unknown where ExecStop= or
   * another signal stops it.
   */
  readonly grace: Value<Seconds>;
  /** Whether its mounts let it write to a directory (an absolute path): ProtectSystem=strict and its exceptions. */
  writable(directory: string): Value<boolean>;
  readonly environment: SystemdEnvironment;
  /** Names of the sockets that hand it a listening socket (Sockets=, same name, Service=). */
  readonly sockets: readonly string[];
}

export interface SystemdCommand {
  /** The place of the whole command line. */
  readonly at: Span;
  readonly words: readonly SystemdWord[];
}

/** One argument after splitting, unquoting, specifiers and variables. */
export interface SystemdWord {
  readonly at: Span;
  /** Unknown where a variable comes from a file that is not here, or from a template hole. */
  readonly text: Value<string>;
}

/** Environment= and EnvironmentFile= together, files first. */
export interface SystemdEnvironment {
  /** The value of a variable: undefined when it is certain that nothing sets it. */
  get(name: string): Value<string | undefined>;
  /** Names that are known to be set. */
  names(): readonly string[];
}

export interface SystemdSocket {
  readonly name: string;
  readonly file: Span;
  /** The service it starts: Service=, else the same name; `name@.service` for Accept=yes. */
  readonly service: string;
  readonly accept: boolean;
  readonly listens: readonly Value<Address>[];
  /** 4096 or 2147483647 by default, by version. */
  readonly backlog: Value<Connections>;
}
