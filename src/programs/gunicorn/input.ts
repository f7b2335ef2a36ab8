import type { Argument, ProcessEnvironment } from "../../model/command.ts";
import type { Version } from "../../model/facts.ts";
import type { Cpus } from "../../model/units.ts";
import type { Value } from "../../model/value.ts";
import type { SourceFile } from "../../text/source-file.ts";
import type { Span } from "../../text/span.ts";

/** Everything that decides how one gunicorn runs. */
export interface GunicornInput {
  /** The command that starts it, for values that have no place of their own. */
  readonly at: Span;
  /** The arguments after `gunicorn`. */
  readonly arguments: readonly Argument[];
  readonly environment: ProcessEnvironment;
  /** The directory that it starts in; `--chdir` is not yet applied. */
  readonly workingDirectory: Value<string>;
  /**
   * A file of the machine by absolute path. `undefined`: its directory is here and has no such file; `unknown`:
   * the directory is not part of what is linted.
   */
  readonly readConfig: (path: string) => SourceFile | undefined | "unknown";
  readonly version: Value<Version>;
  readonly cpus: Value<Cpus>;
}

/** Why gunicorn does not come up. */
export interface StartFailure {
  /** 2 for argparse, what a configuration file gives to sys.exit(), 1 for everything else. */
  readonly exit: number;
  /** The last line on standard error; empty where there is none. */
  readonly message: string;
}
