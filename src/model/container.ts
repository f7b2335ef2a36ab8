import type { Span } from "../text/span.ts";
import type { Argument, ProcessEnvironment } from "./command.ts";
import type { Bytes, Cpus, Descriptors, Processes, Seconds } from "./units.ts";
import type { Value } from "./value.ts";

/** What an image brings to every container that is started from it. */
export interface ContainerImage {
  /** As written: `python:3.12-slim`; for an image built here, the name of its Dockerfile. */
  readonly name: string;
  /** The stage of the Dockerfile that it is; undefined for an image that is pulled. */
  readonly at: Span | undefined;
  /**
   * The pulled image at the end of the FROM chain, with the place that names it; `scratch` too. Unknown where an
   * ARG without a known value names it.
   */
  readonly base: Value<ImageReference>;
  /** ENTRYPOINT; undefined where certainly none is set. The shell form is `/bin/sh -c TEXT`. */
  readonly entrypoint: Value<readonly Argument[] | undefined>;
  /** CMD; undefined where certainly none is set. */
  readonly command: Value<readonly Argument[] | undefined>;
  readonly environment: ProcessEnvironment;
  readonly workingDirectory: Value<string>;
  readonly user: Value<string>;
  /** Files of the build context and inline files that COPY and ADD bring, in order: later ones win. */
  readonly files: readonly ContainerFile[];
  /** The configuration of nginx that it brings by itself or by a package; undefined where that is not known. */
  readonly nginx: ImageNginx | undefined;
  /** Versions that its build installs. */
  readonly pins: readonly PinnedVersion[];
  /** Commands that its build runs, in order. */
  readonly runs: readonly BuildRun[];
}

/** A command of a build; what it writes is not known. */
export interface BuildRun {
  readonly at: Span;
  /** As the shell gets it; of the exec form the words with blanks between. */
  readonly text: string;
}

/** A version that a build installs: `pip install gunicorn==21.2.0`. */
export interface PinnedVersion {
  /** Lower case: gunicorn. */
  readonly name: string;
  readonly version: string;
  readonly at: Span;
}

/** The configuration of nginx that an image brings before anything is copied over it. */
export interface ImageNginx {
  /** Who ships it, for evidence: `nginx image`. */
  readonly program: string;
  /** Where it was read. */
  readonly source: string;
  /** The main file. */
  readonly configuration: string;
  /** Known files by path, the main file among them: its directives, without the comments. */
  readonly files: Readonly<Record<string, string>>;
  /** Folders that exist in the image. */
  readonly folders: readonly string[];
  /**
   * The release of nginx since which worker_processes of the main file is auto and not 1, where the tag leaves open
   * which of the two it is; undefined where the main file is as it stands in `files`.
   */
  readonly workersAutoSince: string | undefined;
  /** Where its entrypoint fills in templates; undefined where it has no such step. */
  readonly templates: { readonly from: string; readonly to: string } | undefined;
  /** The variable that makes its entrypoint write the CPU quota into worker_processes. */
  readonly autotune: string | undefined;
}

/** `registry/name:tag@digest` taken apart. */
export interface ImageReference {
  /** Without `docker.io/` and `library/`: `nginx`, `nginxinc/nginx-unprivileged`, `ghcr.io/benoitc/gunicorn`. */
  readonly repository: string;
  /** `latest` where neither tag nor digest is written; undefined behind a bare digest. */
  readonly tag: string | undefined;
}

/** A file or folder that stands at a path inside the container. */
export interface ContainerFile {
  /** Absolute path in the container, without a slash at the end. */
  readonly path: string;
  /** What is seen there. */
  readonly source: ContainerFileSource;
  readonly at: Span;
  readonly readOnly: boolean;
}

export type ContainerFileSource =
  /** A file or folder of the repository (absolute path in its tree). */
  | { readonly kind: "repository"; readonly path: string }
  /** Content that stands inside another file: a heredoc, an inline config, a key of a ConfigMap. */
  | { readonly kind: "inline"; readonly file: InlineFile }
  /** A named volume, or a path of the machine that is not in the repository: what is in it is not known. */
  | { readonly kind: "volume"; readonly name: string }
  /** Memory: a tmpfs, an emptyDir with medium Memory; by its name where containers share it. */
  | { readonly kind: "memory"; readonly name?: string }
  /** A folder that holds nothing but what later entries put into it: a mounted ConfigMap. */
  | { readonly kind: "folder" }
  /** Nothing any more: removed by a RUN, or kept out of a copied folder by .dockerignore. */
  | { readonly kind: "absent"; readonly why: string }
  /** Files of another stage or image, or made by a RUN: not known. */
  | { readonly kind: "unknown"; readonly why: string };

/** Text that is written inside another file. */
export interface InlineFile {
  /** The whole content as the container sees it. */
  readonly text: string;
  readonly at: Span;
  /**
   * Where each line of `text` begins in the file that holds it, when lines are only indented there; undefined
   * where the text was decoded (a quoted scalar, substituted variables).
   */
  readonly lineStarts: readonly number[] | undefined;
}

/** The network that a container sees. */
export type ContainerNetwork =
  /** A namespace of its own. */
  | { readonly kind: "own" }
  /** That of the machine: network_mode: host, hostNetwork: true. */
  | { readonly kind: "host" }
  /** That of another container: network_mode: service:NAME; the containers of a pod share one by its name. */
  | { readonly kind: "shared"; readonly with: string }
  /** None at all: network_mode: none. */
  | { readonly kind: "none" };

/** A kernel setting that a container asks for. */
export interface ContainerSysctl {
  /** With dots: net.core.somaxconn. */
  readonly key: string;
  readonly value: Value<string>;
  readonly at: Span;
}

/** One container as its files describe it: a service of a compose project, a container of a pod, an image by itself. */
export interface Container {
  /** Service name; for Kubernetes `CONTAINER of KIND NAME`; for an image run by itself, the path of its Dockerfile. */
  readonly name: string;
  /** What defines it: the key of the service, the container item of the pod, the last FROM of the Dockerfile. */
  readonly at: Span;
  readonly definedBy: "compose" | "kubernetes" | "image";
  /** Names under which other containers of its networks reach it: service name, aliases, container_name, Service objects. */
  readonly hostNames: readonly string[];
  /** Networks that it is on; two containers without a common one do not reach each other. Empty: not said (image). */
  readonly networks: readonly string[];
  readonly network: Value<ContainerNetwork>;
  /** Number of containers started from this definition (replicas, deploy.replicas, scale); 1 by default. */
  readonly replicas: Value<number>;
  readonly image: ContainerImage;
  /** The whole command line of the first process: entry point, then command. */
  readonly arguments: Value<readonly Argument[]>;
  readonly environment: ProcessEnvironment;
  readonly workingDirectory: Value<string>;
  readonly user: Value<string>;
  /** Everything that is known to stand at a path, in order: later ones cover earlier ones. */
  readonly files: readonly ContainerFile[];
  /** `ulimits.nofile`; undefined where nothing sets it, then the engine decides. */
  readonly nofile: { readonly soft: Value<Descriptors>; readonly hard: Value<Descriptors> } | undefined;
  /** CPU quota in CPUs; Infinity where none is set; the default where the file says nothing is a known Infinity. */
  readonly cpuQuota: Value<Cpus>;
  /** CPUs of `cpuset`; undefined where unset. */
  readonly cpuset: Value<Cpus> | undefined;
  /** Infinity where unset. */
  readonly memoryMax: Value<Bytes>;
  /** Infinity where unset. */
  readonly tasksMax: Value<Processes>;
  readonly sysctls: readonly ContainerSysctl[];
  /** CAP_SYS_RESOURCE: `privileged`, `cap_add`; false by default. */
  readonly mayRaiseLimits: Value<boolean>;
  /** Root file system mounted read-only. */
  readonly readOnlyRoot: Value<boolean>;
  /** Time between SIGTERM and SIGKILL: stop_grace_period 10 s, terminationGracePeriodSeconds 30 s by default. */
  readonly stopTimeout: Value<Seconds>;
  /** Published ports. */
  readonly ports: readonly PublishedPort[];
  /** Names that stand in front of it with ports of their own. */
  readonly services?: readonly ContainerService[];
}

/** A Service of Kubernetes: who asks for `port` of one of its names reaches `target` of the container. */
export interface ContainerService {
  readonly name: string;
  readonly at: Span;
  readonly hostNames: readonly string[];
  /** A headless one (`clusterIP: None`) only gives the addresses: then every port is the container's own. */
  readonly headless: Value<boolean>;
  readonly ports: readonly ServicePort[];
}

export interface ServicePort {
  readonly at: Span;
  readonly port: number;
  readonly target: Value<number>;
  /** Also reachable from outside of the cluster (NodePort, LoadBalancer). */
  readonly outside: boolean;
}

/** A port that is reachable from outside of the container's networks. */
export interface PublishedPort {
  readonly at: Span;
  /** Port inside the container. */
  readonly target: number;
  /** Port of the machine; unknown where the engine picks one. */
  readonly published: Value<number>;
  /** Address of the machine that it is bound to; `*` where every. */
  readonly hostAddress: string;
}

/** A program that the command of a container, a unit, a script, a Procfile or supervisor starts. */
export interface StartedProgram {
  /** Base name: gunicorn, uvicorn, nginx, supervisord, celery; `python -m gunicorn` is gunicorn. */
  readonly program: string;
  /** The command line from the program on, without launchers; word 0 is the program as written. */
  readonly words: readonly Argument[];
  readonly environment: ProcessEnvironment;
  /** Where it starts. */
  readonly workingDirectory: Value<string>;
  readonly at: Span;
  /** Copies started at once (supervisor numprocs); 1 otherwise. */
  readonly copies: Value<number>;
  /** Soft nofile limit that its starter sets before (`ulimit -n`, supervisor minfds); undefined where none does. */
  readonly nofile: Value<Descriptors> | undefined;
  /** Whether it certainly runs: no condition that is not known stands before it. */
  readonly certain: boolean;
  /** The call in a Python script that starts it; undefined where its command line does. */
  readonly call?: ServerCall;
}

/** A call of `uvicorn.run()`, as far as it can be known without running its script. */
export interface ServerCall {
  readonly at: Span;
  /** Whether it certainly hands over an application as an object, and not as a text such as `main:app`. */
  readonly passesObject: boolean;
  /** The keyword arguments, where they stand. */
  readonly arguments: ReadonlyMap<string, Value<CalledValue>>;
  /** Why there may be more of them; undefined where there are none. */
  readonly more: string | undefined;
}

/** Null is Python's None. */
export type CalledValue = string | number | boolean | null;

/** A container with the programs that its command line starts. */
export interface RunningContainer {
  readonly container: Container;
  readonly programs: readonly StartedProgram[];
  /** Variables that a started command line uses without a default, and that nothing here sets. */
  readonly unset: readonly UnsetVariable[];
}

export interface UnsetVariable {
  readonly name: string;
  readonly at: Span;
  /**
   * `start`: the shell of the container or its start script, which knows the whole environment. `compose`: docker
   * compose while it reads its files, so that the shell of the person who runs it may still set it.
   */
  readonly expandedBy: "start" | "compose";
}
