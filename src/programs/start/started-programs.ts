import type { Argument, ProcessEnvironment } from "../../model/command.ts";
import type { StartedProgram } from "../../model/container.ts";
import type { Cpus } from "../../model/units.ts";
import { unknown, type Value } from "../../model/value.ts";
import type { Problem } from "../../syntax/problem.ts";
import { loadShellParser, type ShellParser } from "../../syntax/shell/parse-shell.ts";
import type { SourceFile } from "../../text/source-file.ts";
import type { Span } from "../../text/span.ts";
import { CommandStarter, ParserMissing, type ScriptReader, ScriptReaderMissing } from "./command-starter.ts";

/** A command line and what it starts in. */
export interface StartCommand {
  readonly arguments: Value<readonly Argument[]>;
  readonly environment: ProcessEnvironment;
  readonly workingDirectory: Value<string>;
  readonly at: Span;
}

/** The files that the command line sees. */
export interface StartFiles {
  /** By absolute path; undefined where certainly no file stands there. */
  read(path: string): SourceFile | undefined | "unknown";
  /** The files that a pattern of glob(3) matches, which supervisord includes; none are known without it. */
  glob?(pattern: string): readonly { readonly path: string; readonly file: SourceFile }[];
}

export interface StartOptions {
  /** What `nproc` prints: the CPUs that are online, or those of the cpuset. */
  readonly cpus?: Value<Cpus>;
  /** Those of the machine, where a cpuset leaves fewer of them. */
  readonly machineCpus?: Value<Cpus>;
}

/** A variable that a command line uses without a default and that certainly nothing sets. */
export interface UnsetVariable {
  readonly name: string;
  readonly at: Span;
  /** The program that gets the empty text. */
  readonly program: string;
}

export interface StartedPrograms {
  readonly programs: readonly StartedProgram[];
  readonly problems: readonly Problem[];
  readonly unset: readonly UnsetVariable[];
  /** Why scripts were not followed to their end; undefined where they were. */
  readonly incomplete: string | undefined;
}

/**
 * Every program that a command line starts: behind launchers, in `sh -c`, in scripts that can be read, by
 * supervisord and by the runners of Procfiles. Nothing is run. What a condition decides that is not known comes
 * with `certain: false`, values that are not known are unknown words.
 */
export async function startedPrograms(
  command: StartCommand,
  files: StartFiles,
  options: StartOptions = {},
): Promise<StartedPrograms> {
  const words = command.arguments;
  if (!words.known) return { programs: [], problems: [], unset: [], incomplete: words.origin.why };
  const cpus = options.cpus ?? unknown("CPUs", "the number of CPUs is not declared", { fact: "cpus" });
  const loaded: { parse?: ShellParser; readScript?: ScriptReader } = {};
  const follow = (): StartedPrograms => {
    const starter = new CommandStarter(files, { cpus, machineCpus: options.machineCpus ?? cpus }, loaded);
    return starter.follow({
      words: words.value,
      environment: command.environment,
      workingDirectory: command.workingDirectory,
      nofile: undefined,
      copies: undefined,
      share: 1,
      at: command.at,
    });
  };
  for (;;)
    try {
      return follow();
    } catch (error) {
      if (error instanceof ParserMissing) loaded.parse = await loadShellParser();
      else if (error instanceof ScriptReaderMissing)
        loaded.readScript = (await import("../uvicorn/script/read-script.ts")).scriptServer;
      else throw error;
    }
}
