import type { Argument, ProcessEnvironment } from "../../../model/command.ts";
import type { BuildRun, ContainerFile, ImageReference, PinnedVersion } from "../../../model/container.ts";
import { byDefault, type Value, written } from "../../../model/value.ts";
import type { Instruction } from "../../../syntax/dockerfile/instruction.ts";
import type { Span } from "../../../text/span.ts";

/** What the image of a stage has so far. */
export class Stage {
  entrypoint: Value<readonly Argument[] | undefined>;
  command: Value<readonly Argument[] | undefined>;
  workingDirectory: Value<string>;
  user: Value<string>;
  shell: readonly Argument[];
  /** CMD is written in this stage: ENTRYPOINT leaves it then. */
  commandIsOwn = false;
  readonly files: ContainerFile[];
  readonly runs: BuildRun[];
  readonly pins: PinnedVersion[];
  /** Names of system packages that a RUN installs. */
  readonly packages: Set<string>;
  /** Folders that are known to exist. */
  readonly folders: Set<string>;
  /** Instructions of ONBUILD, for stages FROM this one. */
  readonly triggers: Instruction[] = [];
  readonly #environment: Map<string, Value<string>>;
  readonly #variables: Map<string, Value<string | undefined>>;
  readonly #pulled: ProcessEnvironment;

  constructor(
    /** The FROM instruction. */
    readonly at: Span,
    readonly base: Value<ImageReference>,
    from:
      | { readonly stage: Stage }
      | {
          readonly pulled: ProcessEnvironment;
          readonly entrypoint: Stage["entrypoint"];
          readonly command: Stage["command"];
          readonly workingDirectory: Value<string>;
          readonly user: Value<string>;
          readonly folders: readonly string[];
        },
  ) {
    const below = "stage" in from ? from.stage : undefined;
    this.files = [...(below?.files ?? [])];
    this.runs = [...(below?.runs ?? [])];
    this.pins = [...(below?.pins ?? [])];
    this.packages = new Set(below?.packages);
    this.folders = new Set("stage" in from ? from.stage.folders : from.folders);
    this.#environment = new Map(below === undefined ? [] : below.#environment);
    this.#variables = new Map(below === undefined ? [] : below.#variables);
    this.#pulled = "stage" in from ? from.stage.#pulled : from.pulled;
    const source = "stage" in from ? from.stage : from;
    this.entrypoint = source.entrypoint;
    this.command = source.command;
    this.workingDirectory = source.workingDirectory;
    this.user = source.user;
    this.shell = below?.shell ?? [
      { at, text: byDefault("SHELL", "/bin/sh", shellDefault) },
      { at, text: byDefault("SHELL", "-c", shellDefault) },
    ];
  }

  /** ENV. */
  setEnvironment(name: string, value: Value<string>, at: Span): void {
    const before = this.#environment.get(name);
    const set =
      before !== undefined && value.known && value.origin.kind === "written"
        ? written(name, value.value, at, losers(before))
        : value;
    this.#environment.set(name, set);
    this.setVariable(name, set);
  }

  /** ARG: for the instructions that follow, not for the container. */
  setVariable(name: string, value: Value<string | undefined>): void {
    this.#variables.set(name, value);
  }

  /** What `$NAME` stands for in the instructions of the stage. */
  variable(name: string): Value<string | undefined> {
    return this.#variables.get(name) ?? this.#pulled.get(name);
  }

  /** The variables of a container. */
  environment(): ProcessEnvironment {
    const own = this.#environment;
    const pulled = this.#pulled;
    return {
      get: (name) => own.get(name) ?? pulled.get(name),
      names: () => [...new Set([...(pulled.names?.() ?? []), ...own.keys()])],
    };
  }
}

const shellDefault = {
  program: "Docker",
  versions: "all",
  source: "frontend/dockerfile/dockerfile2llb/defaultshell.go of BuildKit",
};

function losers(before: Value<unknown>): readonly Value<unknown>[] {
  return [before, ...(before.origin.kind === "written" ? before.origin.overrode : [])].slice(0, 20);
}
