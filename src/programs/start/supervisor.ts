import type { ProcessEnvironment } from "../../model/command.ts";
import { descriptors } from "../../model/units.ts";
import { unknown, type Value, written } from "../../model/value.ts";
import type { Problem } from "../../syntax/problem.ts";
import { parseSupervisor, type SupervisorOption } from "../../syntax/supervisor/parse-supervisor.ts";
import type { SourceFile } from "../../text/source-file.ts";
import type { Span } from "../../text/span.ts";
import type { ReadCommand } from "./command-reader.ts";
import { resolvedDirectory, resolvedPath } from "./directory.ts";
import { overlaidEnvironment } from "./overlaid-environment.ts";
import { concatenated } from "./shell-text.ts";
import type { StartFiles } from "./started-programs.ts";
import type { StartRequest } from "./starter.ts";
import { environmentPairs, expandedPercent, splitCommand } from "./supervisor-expansion.ts";

/** Where supervisord looks for its file, seen from its working directory (options.py of 4.2). */
const searched = [
  "supervisord.conf",
  "etc/supervisord.conf",
  "/etc/supervisord.conf",
  "/etc/supervisor/supervisord.conf",
];
const mostCopies = 64;

/** The commands of every program that a supervisord starts by itself. */
export function supervisedCommands(
  command: ReadCommand,
  request: StartRequest,
  files: StartFiles,
): { requests: StartRequest[]; problems: Problem[] } {
  const path = configurationPath(command, files);
  const file = path === undefined ? undefined : files.read(path);
  if (path === undefined || file === undefined || file === "unknown") return { requests: [], problems: [] };
  const supervisor = new Supervisor(command, request, files);
  supervisor.read(file, folderOf(path));
  return { requests: supervisor.requests(), problems: supervisor.problems };
}

function configurationPath(command: ReadCommand, files: StartFiles): string | undefined {
  const { workingDirectory } = command;
  const directory = workingDirectory.known ? workingDirectory.value : undefined;
  const absolute = (path: string) =>
    path.startsWith("/")
      ? resolvedPath("/", path)
      : directory === undefined
        ? undefined
        : resolvedPath(directory, path);
  const texts = command.words.map(({ text }) => (text.known ? text.value : undefined));
  for (let index = 1; index < texts.length; index++) {
    const text = texts[index] ?? "";
    const attached = /^(?:--configuration=|-n?c)(.+)$/s.exec(text)?.[1];
    if (attached !== undefined) return absolute(attached);
    if (text === "-c" || text === "-nc" || text === "--configuration") {
      const value = texts[index + 1];
      return value === undefined ? undefined : absolute(value);
    }
  }
  return searched.map(absolute).find((each) => {
    const found = each === undefined ? undefined : files.read(each);
    return found !== undefined && found !== "unknown";
  });
}

interface Section {
  readonly here: string;
  readonly at: Span;
  readonly options: Map<string, SupervisorOption>;
}

class Supervisor {
  readonly problems: Problem[] = [];
  readonly #command: ReadCommand;
  readonly #request: StartRequest;
  readonly #files: StartFiles;
  readonly #sections = new Map<string, Section>();

  constructor(command: ReadCommand, request: StartRequest, files: StartFiles) {
    this.#command = command;
    this.#request = request;
    this.#files = files;
  }

  /** Reads the main file and what it includes; included files include nothing. */
  read(file: SourceFile, here: string): void {
    this.#add(file, here);
    const section = this.#sections.get("include");
    const include = section?.options.get("files");
    if (section !== undefined && include === undefined)
      this.#complain("supervisord stops: [include] has no files setting", section.at);
    if (include === undefined) return;
    for (const pattern of include.value.replaceAll("%(here)s", here).split(/\s+/)) {
      if (pattern === "") continue;
      const path = resolvedPath(here, pattern);
      for (const { file: included, folder } of this.#included(path)) this.#add(included, folder);
    }
  }

  #included(path: string): { file: SourceFile; folder: string }[] {
    if (/[*?[]/.test(path)) {
      const found = this.#files.glob?.(path) ?? [];
      return [...found]
        .sort((one, other) => (one.path < other.path ? -1 : 1))
        .map(({ path: each, file }) => ({ file, folder: folderOf(each) }));
    }
    const file = this.#files.read(path);
    return file === undefined || file === "unknown" ? [] : [{ file, folder: folderOf(path) }];
  }

  #add(file: SourceFile, here: string): void {
    const { sections, problems } = parseSupervisor(file);
    this.problems.push(...problems);
    for (const { name, at, options } of sections) {
      // A section that is written twice is one whose later settings win.
      const section = this.#sections.get(name) ?? { here, at, options: new Map<string, SupervisorOption>() };
      this.#sections.set(name, section);
      for (const option of options) section.options.set(option.name, option);
    }
  }

  /** What [DEFAULT] sets holds in every section that does not. */
  #applyDefaults(): void {
    const defaults = this.#sections.get("DEFAULT");
    this.#sections.delete("DEFAULT");
    for (const [name, option] of defaults?.options ?? [])
      for (const { options } of this.#sections.values()) if (!options.has(name)) options.set(name, option);
  }

  requests(): StartRequest[] {
    this.#applyDefaults();
    const main = this.#sections.get("supervisord");
    if (main === undefined) {
      this.#complain("supervisord stops: there is no [supervisord] section", this.#request.at);
      return [];
    }
    const requests: StartRequest[] = [];
    for (const [name, section] of this.#sections) {
      const program = /^(?:program|fcgi-program|eventlistener):\s*(.*)$/s.exec(name)?.[1];
      if (program !== undefined) requests.push(...this.#program(program.trim(), section, main));
    }
    return requests;
  }

  #program(name: string, section: Section, main: Section): StartRequest[] {
    const option = section.options.get("command");
    if (option === undefined) this.#complain(`supervisord stops: ${name} has no command`, section.at);
    const processName = this.#plain(section, "process_name") ?? "";
    if (Number(this.#plain(section, "numprocs") ?? "1") > 1 && !processName.includes("%(process_num)"))
      this.#complain(
        `supervisord stops: ${name} has several processes and no %(process_num) in its process_name`,
        section.options.get("numprocs")?.valueAt ?? section.at,
      );
    if (option === undefined || /^(no|false|off|0)$/i.test(this.#plain(section, "autostart") ?? ""))
      return [];
    const numprocs = section.options.get("numprocs");
    const count = numprocs === undefined ? 1 : Number(numprocs.value);
    const first = Number(this.#plain(section, "numprocs_start") ?? "0");
    const isCounted = /%\((process_num|ENV_)/.test(option.value) && option.value.includes("process_num");
    const numbers =
      isCounted && Number.isInteger(count) && count <= mostCopies
        ? Array.from({ length: Math.max(count, 0) }, (_, index) => first + index)
        : [undefined];
    const copies =
      numprocs === undefined || (isCounted && numbers[0] !== undefined)
        ? undefined
        : Number.isInteger(count)
          ? written("numprocs", count, numprocs.valueAt)
          : unknown<number>("numprocs", `${numprocs.value} is not known`, { at: numprocs.valueAt });
    return numbers.flatMap((number) => this.#process(name, section, main, option, number, copies) ?? []);
  }

  #process(
    name: string,
    section: Section,
    main: Section,
    option: SupervisorOption,
    number: number | undefined,
    copies: Value<number> | undefined,
  ): StartRequest | undefined {
    const lookup = this.#lookup(name, section, number, option.valueAt);
    const expanded = expandedPercent(option.value, lookup);
    if ("missing" in expanded) {
      this.#refused(option, expanded.missing);
      return undefined;
    }
    const words = splitCommand(expanded.pieces, option.valueAt);
    if (words === undefined) {
      this.#complain(
        `supervisord cannot start ${name}: a quotation of its command is not closed`,
        option.valueAt,
      );
      return undefined;
    }
    const minfds = main.options.get("minfds");
    return {
      words,
      environment: this.#environment(section, main, lookup),
      workingDirectory: this.#directory(section, main, lookup),
      nofile:
        minfds !== undefined && /^\d+$/.test(minfds.value)
          ? written("minfds", descriptors(Number(minfds.value)), minfds.valueAt)
          : this.#request.nofile,
      copies,
      share: this.#request.share,
      at: option.valueAt,
    };
  }

  #refused(option: SupervisorOption, missing: string): void {
    const variable = /^ENV_(.*)$/s.exec(missing)?.[1];
    this.#complain(
      variable === undefined
        ? `supervisord stops: it cannot expand "${missing}" in ${option.name}, a percent sign is written %%`
        : `supervisord stops: ${option.name} uses the variable ${variable}, which nothing sets`,
      option.valueAt,
    );
  }

  #complain(message: string, at: Span): void {
    this.problems.push({ rule: "supervisor/syntax", message, at });
  }

  #lookup(name: string, section: Section, number: number | undefined, at: Span) {
    const text = (label: string, value: string): Value<string> => written(label, value, at);
    return (key: string): Value<string> | undefined => {
      if (key === "here") return text("here", section.here);
      if (key === "program_name") return text(key, name);
      if (key === "group_name") return text(key, this.#groupOf(name));
      if (key === "process_num")
        return number === undefined
          ? unknown(key, "every process has its own number")
          : text(key, String(number));
      if (key === "numprocs") return text(key, section.options.get("numprocs")?.value ?? "1");
      if (key === "host_node_name") return unknown(key, "the name of the machine");
      if (!key.startsWith("ENV_")) return undefined;
      const value = this.#command.environment.get(key.slice(4));
      if (!value.known) {
        const { label, origin } = value;
        return { known: false, label, origin };
      }
      if (value.value !== undefined) return { ...value, value: value.value };
      return /^(HOME|PATH|HOSTNAME|USER|PWD|TERM|LANG)$/.test(key.slice(4))
        ? unknown(key, `${key.slice(4)} is set when the container starts`)
        : undefined;
    };
  }

  #environment(
    section: Section,
    main: Section,
    lookup: (key: string) => Value<string> | undefined,
  ): ProcessEnvironment {
    const changes = new Map<string, Value<string | undefined>>();
    for (const option of [main.options.get("environment"), section.options.get("environment")]) {
      if (option === undefined) continue;
      const pairs = environmentPairs(option.value);
      if (pairs === undefined)
        this.#complain(
          "supervisord stops: environment= is no list of KEY=value, values separated by commas",
          option.valueAt,
        );
      for (const [name, value] of pairs ?? []) {
        const expanded = expandedPercent(value, lookup);
        changes.set(
          name,
          "missing" in expanded
            ? unknown(name, `${expanded.missing} cannot be expanded`, { at: option.valueAt })
            : concatenated(
                name,
                value,
                expanded.pieces.filter((piece) => piece !== ""),
                option.valueAt,
              ),
        );
      }
    }
    return changes.size === 0
      ? this.#command.environment
      : overlaidEnvironment(this.#command.environment, changes);
  }

  #directory(
    section: Section,
    main: Section,
    lookup: (key: string) => Value<string> | undefined,
  ): Value<string> {
    let directory = this.#command.workingDirectory;
    for (const option of [main.options.get("directory"), section.options.get("directory")]) {
      if (option === undefined) continue;
      const expanded = expandedPercent(option.value, lookup);
      directory =
        "missing" in expanded
          ? unknown("directory", `${expanded.missing} cannot be expanded`, { at: option.valueAt })
          : resolvedDirectory(
              directory,
              concatenated("directory", option.value, expanded.pieces, option.valueAt),
            );
    }
    return directory;
  }

  #groupOf(program: string): string {
    for (const [name, { options }] of this.#sections) {
      const group = /^group:\s*(.*)$/s.exec(name)?.[1];
      const programs = options.get("programs")?.value.split(",") ?? [];
      if (group !== undefined && programs.some((each) => each.trim() === program)) return group.trim();
    }
    return program;
  }

  #plain(section: Section, name: string): string | undefined {
    return section.options.get(name)?.value;
  }
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}
