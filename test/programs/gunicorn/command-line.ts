import { memoryTree } from "../../../src/files/memory-tree.ts";
import type { Argument, ProcessEnvironment } from "../../../src/model/command.ts";
import { Version } from "../../../src/model/facts.ts";
import { type Cpus, cpus as toCpus } from "../../../src/model/units.ts";
import { byDefault, fact, unknown, type Value, written } from "../../../src/model/value.ts";
import type { GunicornInput } from "../../../src/programs/gunicorn/input.ts";
import { SourceFile } from "../../../src/text/source-file.ts";
import { span } from "../../../src/text/span.ts";

/** The directory of the recorded cases: what stands for $CASE in them. */
export const startDirectory = "/srv/case";

/** Words of a command line that stands in a file of its own, one word a line. */
export function argumentsOf(words: readonly string[]): Argument[] {
  const file = new SourceFile("command", words.join("\n"));
  let start = 0;
  return words.map((word) => {
    const at = span(file, start, start + word.length);
    start = at.end + 1;
    return { at, text: written("argument", word, at) };
  });
}

export function environmentOf(variables: Readonly<Record<string, string>>): ProcessEnvironment {
  const file = new SourceFile(
    "environment",
    Object.entries(variables)
      .map(([name, value]) => `${name}=${value}`)
      .join("\n"),
  );
  return {
    get: (name): Value<string | undefined> => {
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
      const start = file.text.indexOf(`${name}=`) + name.length + 1;
      return value === undefined
        ? byDefault(name, undefined, { program: "the test", versions: "all", source: "its own environment" })
        : written(name, value, span(file, start, start + value.length));
    },
    names: () => Object.keys(variables),
  };
}

export interface Situation {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Files of the directory that gunicorn starts in. */
  readonly files?: Readonly<Record<string, string>>;
  readonly version?: string;
  readonly cpus?: number | Value<Cpus>;
}

/** One gunicorn that starts in `startDirectory`, all of whose files are known. */
export function inputOf({
  argv = ["app:app"],
  env = {},
  files = {},
  version,
  cpus,
}: Situation): GunicornInput {
  const placed = Object.entries(files).map(([path, text]) => [`${startDirectory}/${path}`, text]);
  const tree = memoryTree({ [`${startDirectory}/`]: "", ...Object.fromEntries(placed) });
  const command = new SourceFile("command", ["gunicorn", ...argv].join(" "));
  return {
    at: span(command, 0, command.text.length),
    arguments: argumentsOf(argv),
    environment: environmentOf(env),
    workingDirectory: fact("WorkingDirectory=", startDirectory, "the test"),
    readConfig: (path) => tree.read(path),
    version:
      version === undefined
        ? unknown("gunicorn version", "gunicorn version is not declared", { fact: "gunicorn" })
        : fact("gunicorn version", new Version(version), `--gunicorn ${version}`),
    cpus:
      typeof cpus === "number"
        ? fact("CPUs of the machine", toCpus(cpus), `--cpus ${cpus}`)
        : (cpus ?? unknown("CPUs of the machine", "CPUs of the machine is not declared", { fact: "cpus" })),
  };
}
