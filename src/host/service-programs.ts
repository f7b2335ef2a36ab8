import type { FileTree } from "../files/file-tree.ts";
import { expand } from "../files/glob.ts";
import type { StartedProgram } from "../model/container.ts";
import type { Environment } from "../model/environment.ts";
import type { SystemdCommand, SystemdService } from "../model/systemd.ts";
import { byDefault, written } from "../model/value.ts";
import { isServer, type ReadCommand, readCommand } from "../programs/start/command-reader.ts";
import { pythonScript } from "../programs/start/python-script.ts";
import { runsOthers } from "../programs/start/runners.ts";
import { interpreterOf } from "../programs/start/shebang.ts";
import type { Problem } from "../syntax/problem.ts";
import type { SourceFile } from "../text/source-file.ts";
import type { HostGround } from "./host-ground.ts";
import { machineScript } from "./machine-files.ts";

interface ServicePrograms {
  readonly programs: readonly StartedProgram[];
  readonly problems: readonly Problem[];
}

/**
 * The programs that a service starts: those of its ExecStart=, and behind a shell, a script or supervisord those
 * that they start. The reader of scripts is loaded only where one is met.
 */
export async function servicePrograms(
  ground: HostGround,
  service: SystemdService,
  environment: Environment,
): Promise<ServicePrograms> {
  const programs: StartedProgram[] = [];
  const problems: Problem[] = [];
  for (const command of service.commands) {
    const read = readCommand(command.words, service.environment, service.workingDirectory);
    if (read === undefined) continue;
    if (isServer(read.program) && !runsOthers(read.program)) programs.push(itself(read, command));
    else if (leadsOn(ground, read)) {
      const followed = await follow(ground, service, environment, command, pathOf(read));
      programs.push(...followed.programs);
      problems.push(...followed.problems);
    }
  }
  return { programs, problems };
}

function itself(read: ReadCommand, command: SystemdCommand): StartedProgram {
  return {
    ...read,
    at: command.at,
    copies: byDefault("copies", 1, {
      program: read.program,
      versions: "all",
      source: "one command starts one process",
    }),
    nofile: undefined,
    certain: true,
  };
}

function pathOf({ words }: ReadCommand): string | undefined {
  const text = words[0]?.text;
  return text?.known ? text.value : undefined;
}

/** The kernel runs a file as a script only where its first line names an interpreter. */
function leadsOn(ground: HostGround, read: ReadCommand): boolean {
  if (runsOthers(read.program)) return true;
  const path = pathOf(read);
  const script = pythonScript(read, { read: (each) => machineScript(ground, each, path) });
  if (script !== undefined) return /\buvicorn\b/.test(script.file.text);
  if (path === undefined || !path.startsWith("/") || read.program === "python") return false;
  const program = machineScript(ground, path, path);
  if (program === undefined || program === "unknown" || !program.text.startsWith("#!")) return false;
  const interpreter = interpreterOf(program);
  return interpreter !== undefined && runsOthers(interpreter.name);
}

async function follow(
  ground: HostGround,
  service: SystemdService,
  environment: Environment,
  { at, words }: SystemdCommand,
  named: string | undefined,
): Promise<ServicePrograms> {
  const { startedPrograms } = await import("../programs/start/started-programs.ts");
  return startedPrograms(
    {
      arguments: written("ExecStart=", words, at),
      environment: service.environment,
      workingDirectory: service.workingDirectory,
      at,
    },
    {
      read: (path) => machineScript(ground, path, named),
      glob: (pattern) => included(ground.discovered.tree, pattern),
    },
    { cpus: environment.onlineCpus },
  );
}

/** The files that supervisord includes, as they stand on the machine. */
function included(tree: FileTree, pattern: string): { path: string; file: SourceFile }[] {
  return expand(tree, pattern).flatMap((path) => {
    const file = tree.read(path);
    return file === undefined ? [] : [{ path, file }];
  });
}
