import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { unknown, written } from "../../../src/model/value.ts";
import { startedPrograms } from "../../../src/programs/start/started-programs.ts";
import { SourceFile } from "../../../src/text/source-file.ts";
import { spanText } from "../../../src/text/span.ts";
import { argumentsOf, environmentOf } from "../gunicorn/command-line.ts";

interface Process {
  readonly words: readonly string[] | null;
  readonly directory?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

interface Case {
  readonly name: string;
  readonly configuration: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly refused?: boolean;
  readonly minfds?: number;
  readonly processes?: readonly Process[];
}

const { cases }: { cases: readonly Case[] } = JSON.parse(
  readFileSync("fixtures/programs/start/supervisor.json", "utf8"),
);

/** Follows a supervisord that finds the configuration where the recording had it. */
async function follow(each: Omit<Case, "name">, words = ["supervisord", "-c", "/srv/conf/supervisord.conf"]) {
  const files = new Map(
    Object.entries({ ...each.files, "supervisord.conf": each.configuration }).map(([name, text]) => [
      `/srv/conf/${name}`,
      new SourceFile(name, text),
    ]),
  );
  const command = argumentsOf(words);
  const at = command[0]?.at;
  if (at === undefined) throw new Error("there is a first word");
  return startedPrograms(
    {
      arguments: written("arguments", command, at),
      environment: environmentOf({ PATH: "/usr/bin", HOME: "/root", ...each.environment }),
      workingDirectory: written("WORKDIR", "/srv/conf", at),
      at,
    },
    {
      read: (path) => files.get(path),
      glob: (pattern) =>
        [...files]
          .filter(
            ([path]) =>
              pattern.endsWith("/*.conf") && path.startsWith(pattern.slice(0, -6)) && path.endsWith(".conf"),
          )
          .map(([path, file]) => ({ path, file })),
    },
  );
}

describe("as supervisor reads it", () => {
  test.each(cases.map((each) => [each.name, each]))("%s", async (_, each) => {
    const { programs, problems } = await follow(each);
    expect(programs[0]?.program).toBe("supervisord");
    if (each.refused || each.processes?.some(({ words }) => words === null)) {
      expect(problems.map(({ rule }) => rule)).toContain("supervisor/syntax");
      return;
    }
    expect(problems).toEqual([]);
    const found = programs.slice(1).flatMap((program) => {
      const environment: Record<string, string> = {};
      for (const name of ["A", "B", "C", "PYTHONPATH", "N"]) {
        const value = program.environment.get(name);
        if (value.known && value.value !== undefined) environment[name] = value.value;
      }
      const { workingDirectory: directory, copies } = program;
      const process = JSON.stringify({
        words: program.words.map(({ text }) => (text.known ? text.value : "?")),
        directory: directory.known ? directory.value : "?",
        environment,
      });
      return Array.from({ length: copies.known ? copies.value : 0 }, () => process);
    });
    const recorded = (each.processes ?? [])
      .filter(({ words }) => words?.length !== 0)
      .map(({ words, directory = "/srv/conf", environment = {} }) =>
        JSON.stringify({
          words: withoutShell(words),
          directory: words?.[0] === "/bin/bash" ? "/srv" : directory,
          environment,
        }),
      );
    expect(found.sort()).toEqual(recorded.sort());
  });
});

/** The one case that starts a shell is followed through it. */
function withoutShell(words: readonly string[] | null): readonly string[] | null {
  return words?.[0] === "/bin/bash" ? ["gunicorn", "app:app"] : words;
}

const head = "[supervisord]\nnodaemon=true\n";

test("descriptors and copies have their places", async () => {
  const { programs } = await follow({
    configuration:
      "[supervisord]\nminfds=4096\n[program:web]\ncommand=gunicorn a\nnumprocs=3\nprocess_name=w%(process_num)s\n",
  });
  expect(programs[1]?.nofile).toMatchObject({ known: true, value: 4096, label: "minfds" });
  expect(programs[1]?.copies).toMatchObject({ known: true, value: 3, label: "numprocs" });
});

test("a variable is named where supervisord stops at it", async () => {
  const { problems } = await follow({
    configuration: `${head}[program:web]\ncommand=gunicorn -w %(ENV_WORKERS)s a\n`,
  });
  expect(problems.map(({ message, at }) => [message, spanText(at)])).toEqual([
    [
      "supervisord stops: command uses the variable WORKERS, which nothing sets",
      "gunicorn -w %(ENV_WORKERS)s a",
    ],
  ]);
});

test("the default search finds the file in the working directory", async () => {
  const { programs } = await follow({ configuration: `${head}[program:web]\ncommand=gunicorn a\n` }, [
    "supervisord",
    "-n",
  ]);
  expect(programs.map(({ program }) => program)).toEqual(["supervisord", "gunicorn"]);
});

test("a variable that is not known is an unknown word, whatever it is split into", async () => {
  const at = argumentsOf(["supervisord"])[0];
  if (at === undefined) throw new Error("there is a first word");
  const { programs } = await startedPrograms(
    {
      arguments: written("arguments", [at], at.at),
      environment: { get: (name) => unknown(name, "its env_file is not here") },
      workingDirectory: written("WORKDIR", "/srv", at.at),
      at: at.at,
    },
    {
      read: (path) =>
        path === "/srv/supervisord.conf"
          ? new SourceFile("supervisord.conf", `${head}[program:web]\ncommand=gunicorn -w %(ENV_W)s a\n`)
          : undefined,
    },
  );
  expect(programs[1]?.words.map(({ text }) => text.known)).toEqual([true, true, false, true]);
});
