import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { cpus as cpusOf } from "../../../src/model/units.ts";
import { fact, written } from "../../../src/model/value.ts";
import { startedPrograms } from "../../../src/programs/start/started-programs.ts";
import { SourceFile } from "../../../src/text/source-file.ts";
import { argumentsOf, environmentOf } from "../gunicorn/command-line.ts";

interface Started {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly directory?: string;
  readonly nofile?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

interface Case {
  readonly script: string;
  readonly arguments?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly open?: boolean;
  readonly started: readonly Started[];
}

const { cases }: { cases: readonly Case[] } = JSON.parse(
  readFileSync("fixtures/programs/start/scripts.json", "utf8"),
);

/** Programs that record how they were started; what else a script runs is not in the recording. */
const recording = ["gunicorn", "uvicorn", "nginx", "celery", "supervisord", "migrate"];
const recordedVariables = ["PORT", "WEB_CONCURRENCY", "A", "B", "C", "WORKERS", "GUNICORN_CMD_ARGS"];

async function follow(each: Case) {
  const files = new Map(
    Object.entries({ ...each.files, "entrypoint.sh": each.script }).map(([name, text]) => [
      `/app/${name}`,
      new SourceFile(name, text),
    ]),
  );
  const words = argumentsOf(["/bin/bash", "/app/entrypoint.sh", ...(each.arguments ?? [])]);
  const at = words[0]?.at;
  if (at === undefined) throw new Error("there is a first word");
  const variables = { HOME: "/root", PATH: "/usr/bin", ...each.environment };
  const result = await startedPrograms(
    {
      arguments: written("arguments", words, at),
      environment: environmentOf(variables),
      workingDirectory: written("WORKDIR", "/app", at),
      at,
    },
    { read: (path) => files.get(path) },
    { cpus: fact("CPUs", cpusOf(4), "the test") },
  );
  expect(result.incomplete).toBeUndefined();
  return result.programs
    .filter(({ program }) => recording.includes(program))
    .map((program) => {
      const environment: Record<string, string> = {};
      for (const name of recordedVariables) {
        const value = program.environment.get(name);
        if (!value.known) environment[name] = "?";
        else if (value.value !== undefined) environment[name] = value.value;
      }
      const { workingDirectory: directory, nofile } = program;
      return {
        certain: program.certain,
        started: {
          program: program.program,
          arguments: program.words.slice(1).map(({ text }) => (text.known ? text.value : "?")),
          directory: directory.known ? directory.value : "?",
          nofile: nofile === undefined ? 1000 : nofile.known ? nofile.value : "?",
          environment,
        },
      };
    });
}

function recorded(each: Case) {
  const environment: Record<string, string> = {};
  for (const name of recordedVariables) {
    const value = each.environment?.[name];
    if (value !== undefined) environment[name] = value;
  }
  return each.started.map((started) => ({
    program: started.program,
    arguments: started.arguments,
    directory: started.directory ?? "/app",
    nofile: started.nofile ?? 1000,
    environment: started.environment ?? environment,
  }));
}

const sorted = (list: readonly unknown[]) => list.map((each) => JSON.stringify(each)).sort();

describe("as bash starts it", () => {
  test.each(cases.filter(({ open }) => !open).map((each) => [each.script, each.environment ?? {}, each]))(
    "%s %j",
    async (script, _, each) => {
      const programs = (await follow(each)).map(({ started }) => started);
      const inParallel = /[^&>;]&([^&0-9]|$)/.test(script);
      if (inParallel) expect(sorted(programs)).toEqual(sorted(recorded(each)));
      else expect(programs).toEqual(recorded(each));
    },
  );
});

describe("what bash starts is among what may start", () => {
  test.each(cases.filter(({ open }) => open).map((each) => [each.script, each]))("%s", async (_, each) => {
    const programs = await follow(each);
    for (const real of recorded(each))
      expect(
        programs.some(
          ({ started }) =>
            started.program === real.program &&
            started.directory === real.directory &&
            started.arguments.length === real.arguments.length &&
            started.arguments.every((word, index) => word === "?" || word === real.arguments[index]),
        ),
      ).toBe(true);
    for (const { started, certain } of programs)
      if (certain)
        expect(sorted(recorded(each).map(({ program }) => program))).toContain(
          JSON.stringify(started.program),
        );
  });
});
