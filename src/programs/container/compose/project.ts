import type { Argument, ProcessEnvironment } from "../../../model/command.ts";
import type { Container, ContainerFile, InlineFile } from "../../../model/container.ts";
import type { Value } from "../../../model/value.ts";
import type { Span } from "../../../text/span.ts";

/** What `docker compose` makes of its files. */
export interface ComposeProject {
  /** `name:` of the files, else the name of the project directory. */
  readonly name: Value<string>;
  /** The first line of the first file. */
  readonly at: Span;
  /** Absolute; relative paths of the files count from here. */
  readonly directory: string;
  /** In the order of the files; those of profiles too. */
  readonly services: readonly ComposeService[];
  /** Variables without a value and without a default, each place once. */
  readonly unsetVariables: readonly UnsetVariable[];
}

export interface UnsetVariable {
  readonly name: string;
  /** From `$` to the end of the expression. */
  readonly at: Span;
  /** The service in whose definition it stands; undefined outside of services. */
  readonly service: string | undefined;
  /**
   * `empty`: compose puts an empty text and warns. `required`: `${X:?}`, compose stops. `may be set`: a .env file
   * that is not here may set it.
   */
  readonly result: "empty" | "required" | "may be set";
}

/** What a container has from its service as it is, whatever its image. */
type OfService =
  | "nofile"
  | "cpuQuota"
  | "cpuset"
  | "memoryMax"
  | "tasksMax"
  | "sysctls"
  | "mayRaiseLimits"
  | "readOnlyRoot"
  | "stopTimeout"
  | "network"
  | "networks"
  | "hostNames"
  | "replicas"
  | "ports";

export interface ComposeService extends Pick<Container, OfService> {
  readonly name: string;
  /** The key of the service; of its first definition where several files have it. */
  readonly at: Span;
  /** Empty: always started. */
  readonly profiles: readonly string[];
  readonly build: ComposeBuild | undefined;
  /** `image:`; with `build` it only names what is built. */
  readonly image: Value<string> | undefined;
  /** Undefined where not written or null: that of the image holds. */
  readonly command: Value<readonly Argument[]> | undefined;
  /** Undefined where not written or null; an empty one resets that of the image, and so drops its command. */
  readonly entrypoint: Value<readonly Argument[]> | undefined;
  /** Known `undefined` for a variable that the service removes or does not have, were it not for the image. */
  readonly environment: ServiceEnvironment;
  readonly workingDirectory: Value<string> | undefined;
  readonly user: Value<string> | undefined;
  /** `init: true`: the engine's init is the first process. */
  readonly init: Value<boolean>;
  /** Volumes, configs, secrets and tmpfs, in order: later ones cover earlier ones. */
  readonly files: readonly ContainerFile[];
}

/** The variables that the files set, without those of the image. */
export interface ServiceEnvironment {
  /** Undefined where the service says nothing of the variable: that of the image holds. */
  get(name: string): Value<string | undefined> | undefined;
  names(): readonly string[];
  /** The environment of the container: the service's variables over those of the image. */
  over(image: ProcessEnvironment): ProcessEnvironment;
}

export interface ComposeBuild {
  readonly at: Span;
  /** Absolute path in the tree; unknown for a variable, a URL or a path outside of the tree. */
  readonly context: Value<string>;
  /** Absolute path in the tree. */
  readonly dockerfile: Value<string>;
  /** `dockerfile_inline`. */
  readonly inline: InlineFile | undefined;
  /** Stage; undefined: the last one. */
  readonly target: Value<string> | undefined;
  /** ARG values; known `undefined` for one that is named without a value and set nowhere. */
  readonly args: ReadonlyMap<string, Value<string | undefined>>;
}
