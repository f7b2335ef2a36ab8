import type { StartedProgram } from "../../model/container.ts";
import type { Cpus } from "../../model/units.ts";
import { byDefault, type Value, written } from "../../model/value.ts";
import type { Problem } from "../../syntax/problem.ts";
import type { ShellParser } from "../../syntax/shell/parse-shell.ts";
import type { SourceFile } from "../../text/source-file.ts";
import type { Span } from "../../text/span.ts";
import type { ScriptServer, scriptServer } from "../uvicorn/script/read-script.ts";
import { type ReadCommand, readCommand } from "./command-reader.ts";
import { resolvedPath } from "./directory.ts";
import { procfileCommands } from "./procfile.ts";
import { pythonScript } from "./python-script.ts";
import { procfileRunners, shells } from "./runners.ts";
import { interpreterOf } from "./shebang.ts";
import { Shell } from "./shell.ts";
import { ReadingEnds, ShellBudget } from "./shell-budget.ts";
import { type ShellSource, sourceFile, sourceIn } from "./shell-source.ts";
import { type ShellField, ShellState } from "./shell-state.ts";
import type { StartedPrograms, StartFiles, UnsetVariable } from "./started-programs.ts";
import type { Starter, StartRequest } from "./starter.ts";
import { supervisedCommands } from "./supervisor.ts";

/** A script was met and the parser is not loaded. */
export class ParserMissing extends Error {}

/** A Python script that may start a server was met, and what reads it is not loaded. */
export class ScriptReaderMissing extends Error {}

export type ScriptReader = typeof scriptServer;

/** Python scripts of one start that are read. */
const mostScripts = 8;

const mostPrograms = 500;

/** Where programs without a path are looked for. */
const searchPath = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** Follows a command line to the programs. */
export class CommandStarter implements Starter {
  readonly budget = new ShellBudget();
  readonly files: StartFiles;
  readonly cpus: Value<Cpus>;
  readonly #parse: ShellParser | undefined;
  readonly #readScript: ScriptReader | undefined;
  readonly #machineCpus: Value<Cpus>;
  #scripts = 0;
  readonly #programs: StartedProgram[] = [];
  readonly #problems: Problem[] = [];
  readonly #unset: UnsetVariable[] = [];
  #incomplete: string | undefined;

  /**
   * @param cpus what `nproc` prints
   * @param machineCpus what os.cpu_count() of Python says, which asks for no cpuset
   */
  constructor(
    files: StartFiles,
    { cpus, machineCpus }: { readonly cpus: Value<Cpus>; readonly machineCpus: Value<Cpus> },
    { parse, readScript }: { readonly parse?: ShellParser; readonly readScript?: ScriptReader },
  ) {
    this.files = files;
    this.cpus = cpus;
    this.#machineCpus = machineCpus;
    this.#parse = parse;
    this.#readScript = readScript;
  }

  get parse(): ShellParser {
    if (this.#parse === undefined) throw new ParserMissing();
    return this.#parse;
  }

  follow(request: StartRequest): StartedPrograms {
    try {
      this.start(request);
    } catch (error) {
      if (!(error instanceof ReadingEnds)) throw error;
      this.#incomplete = error.message;
    }
    return {
      programs: this.#programs,
      problems: this.#problems,
      unset: this.#unset,
      incomplete: this.#incomplete,
    };
  }

  start(request: StartRequest): boolean {
    const command = readCommand(request.words, request.environment, request.workingDirectory);
    if (command === undefined) return false;
    if (shells.has(command.program) || command.program === "busybox") return this.#shell(command, request);
    if (this.#runsScript(command, request)) return false;
    const server = this.#pythonServer(command);
    if (server !== undefined) {
      this.#record({ ...command, program: "uvicorn" }, request, server);
      return true;
    }
    this.#record(command, request);
    if (command.program === "supervisord") this.#supervisor(command, request);
    if (procfileRunners.has(command.program)) this.#procfile(command, request);
    return staysInForeground(command);
  }

  /** The uvicorn that a Python script calls. */
  #pythonServer(command: ReadCommand): ScriptServer | undefined {
    const { environment, workingDirectory } = command;
    const script = pythonScript(command, this.files);
    if (script === undefined || !/\buvicorn\b/.test(script.file.text) || this.#scripts >= mostScripts)
      return undefined;
    if (this.#readScript === undefined) throw new ScriptReaderMissing();
    this.#scripts++;
    return this.#readScript(script, {
      environment,
      workingDirectory,
      importsFrom: script.importsFrom,
      readConfig: (path) => this.files.read(path),
      cpus: this.#machineCpus,
    });
  }

  #record(command: ReadCommand, request: StartRequest, server?: ScriptServer): void {
    if (this.#programs.length >= mostPrograms) throw new ReadingEnds("the scripts start too many programs");
    const { program, words, environment, workingDirectory } = command;
    this.#programs.push({
      program,
      words,
      environment,
      workingDirectory,
      at: request.at,
      copies:
        request.copies ??
        byDefault("copies", 1, { program, versions: "all", source: "one command starts one process" }),
      nofile: request.nofile,
      certain: request.share === 1 && server?.certain !== false,
      ...(server === undefined ? {} : { call: server.call }),
    });
    for (const word of words as readonly ShellField[])
      for (const { name, at } of word.unset ?? [])
        if (
          !this.#unset.some(
            (each) => each.at.start === at.start && each.at.file === at.file && each.name === name,
          )
        )
          this.#unset.push({ name, at, program });
  }

  /** `sh -c TEXT NAME ARGUMENTS`, `bash SCRIPT ARGUMENTS`. */
  #shell(command: ReadCommand, request: StartRequest): boolean {
    const words = command.words as readonly ShellField[];
    let letters = "";
    let index = command.program === "busybox" ? 2 : 1;
    for (; index < words.length; index++) {
      const text = textOf(words[index]);
      if (text === undefined || !/^[-+]./.test(text)) break;
      if (text === "--") {
        index++;
        break;
      }
      if (text.startsWith("--")) {
        if (text === "--rcfile" || text === "--init-file") index++;
        continue;
      }
      if (text.startsWith("-")) letters += text.slice(1);
      if (text.endsWith("o") || text.endsWith("O")) index++;
    }
    const operand = words[index];
    if (operand === undefined) return false;
    const rest = words.slice(index + 1);
    if (letters.includes("c")) {
      if (!operand.text.known) {
        this.#incomplete ??= `the script of ${command.program} -c is not known: ${operand.text.origin.why}`;
        return false;
      }
      const [zero, ...positional] = rest;
      const text = operand.text.value;
      this.#interpret(
        sourceIn(operand.at, text),
        letters,
        positional,
        zero?.text ?? argument("sh", operand.at),
        command,
        request,
      );
      return false;
    }
    const file = this.#file(operand, command.workingDirectory, false);
    if (file === undefined || file === "unknown") {
      this.#incomplete ??= `${textOf(operand) ?? "the script"} is not here`;
      this.#throughEntrypoint(operand, rest, command, request);
      return false;
    }
    this.#interpret(sourceFile(file), letters, rest, operand.text, command, request);
    return false;
  }

  /** A script that is started by its name. */
  #runsScript(command: ReadCommand, request: StartRequest): boolean {
    const [word, ...rest] = command.words as readonly ShellField[];
    if (word === undefined || command.program === "python") return false;
    const file = this.#file(word, command.workingDirectory, true);
    if (file === undefined || file === "unknown") {
      if (!this.#throughEntrypoint(word, rest, command, request)) return false;
      this.#incomplete ??= `${textOf(word) ?? "the script"} is not here`;
      return true;
    }
    const interpreter = interpreterOf(file);
    if (interpreter === undefined || !shells.has(interpreter.name)) return false;
    this.#interpret(sourceFile(file), interpreter.letters, rest, word.text, command, request);
    return true;
  }

  /** An entry point of a base image, which ends with `exec "$@"` as those of the official images do. */
  #throughEntrypoint(
    word: ShellField,
    rest: readonly ShellField[],
    command: ReadCommand,
    request: StartRequest,
  ): boolean {
    const name = textOf(word)?.split("/").at(-1) ?? "";
    if (rest.length === 0 || !/entry-?point(\.sh)?$/.test(name)) return false;
    const { environment, workingDirectory } = command;
    const share = name === "docker-entrypoint.sh" ? request.share : request.share / 2;
    this.budget.deeper(() => this.start({ ...request, words: rest, environment, workingDirectory, share }));
    return true;
  }

  #file(word: ShellField, directory: Value<string>, isCommand: boolean): SourceFile | undefined | "unknown" {
    const path = textOf(word);
    if (path === undefined) return "unknown";
    if (path.startsWith("/")) return this.files.read(resolvedPath("/", path));
    if (path.includes("/") || !isCommand)
      return directory.known ? this.files.read(resolvedPath(directory.value, path)) : "unknown";
    for (const folder of searchPath) {
      const file = this.files.read(`${folder}/${path}`);
      if (file !== undefined && file !== "unknown") return file;
    }
    return "unknown";
  }

  #interpret(
    source: ShellSource,
    letters: string,
    positional: readonly ShellField[],
    zero: Value<string>,
    command: ReadCommand,
    request: StartRequest,
  ): void {
    const parsed = this.parse(source.text);
    if ("tooLarge" in parsed) {
      this.#incomplete ??= parsed.tooLarge;
      return;
    }
    const state = new ShellState(command.environment, command.workingDirectory);
    state.positional = positional;
    state.share = request.share;
    state.nofile = request.nofile;
    state.options.e = letters.includes("e");
    state.options.u = letters.includes("u");
    state.options.a = letters.includes("a");
    const shell = new Shell(this, source, state, zero);
    const { script, errors } = parsed;
    const [first] = errors.map(({ pos }) => pos).sort((one, other) => one - other);
    if (first !== undefined) this.#incomplete ??= "a script has a syntax error, at which its shell ends";
    const commands =
      first === undefined ? script.commands : script.commands.filter(({ end }) => end <= first);
    this.budget.deeper(() => shell.run({ ...script, commands }));
  }

  #supervisor(command: ReadCommand, request: StartRequest): void {
    const { requests, problems } = supervisedCommands(command, request, this.files);
    this.#problems.push(...problems);
    for (const each of requests) this.budget.deeper(() => this.start(each));
  }

  #procfile(command: ReadCommand, request: StartRequest): void {
    for (const each of procfileCommands(command, request, this.files))
      this.budget.deeper(() => this.start(each));
  }
}

function argument(text: string, at: Span): Value<string> {
  return written("argument", text, at);
}

function textOf(word: ShellField | undefined): string | undefined {
  return word?.text.known ? word.text.value : undefined;
}

/** Whether a server waits in the foreground for its end, so that a script does not go on behind it. */
function staysInForeground({ program, words }: ReadCommand): boolean {
  const texts = (words as readonly ShellField[]).map(textOf);
  switch (program) {
    case "gunicorn":
      return !texts.some((text) => text === undefined || /^(-D|--daemon)/.test(text));
    case "uvicorn":
    case "hypercorn":
    case "daphne":
    case "granian":
    case "honcho":
      return true;
    case "nginx":
    case "openresty":
      return texts.some((text) => text?.includes("daemon off"));
    case "supervisord":
      return texts.includes("-n") || texts.includes("--nodaemon");
    default:
      return false;
  }
}
