import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { unknown, written } from "../../../src/model/value.ts";
import { startedPrograms } from "../../../src/programs/start/started-programs.ts";
import { SourceFile } from "../../../src/text/source-file.ts";
import { spanText } from "../../../src/text/span.ts";
import { argumentsOf, environmentOf } from "../gunicorn/command-line.ts";

async function follow(
  script: string,
  environment = environmentOf({}),
  words: readonly string[] = ["/app/start.sh"],
) {
  const file = new SourceFile("start.sh", script);
  const command = argumentsOf(words);
  const at = command[0]?.at;
  if (at === undefined) throw new Error("there is a first word");
  return startedPrograms(
    {
      arguments: written("arguments", command, at),
      environment,
      workingDirectory: written("WORKDIR", "/app", at),
      at,
    },
    { read: (path) => (path === "/app/start.sh" ? file : undefined) },
  );
}

describe("bounded", () => {
  test.each([
    ["sources itself", "gunicorn a\n. ./start.sh"],
    ["starts itself", "gunicorn a\n/app/start.sh\n"],
    ["a function that calls itself", "gunicorn a\nf() { f; f; }\nf"],
    [
      "functions that double",
      `gunicorn a\n${Array.from({ length: 40 }, (_, n) => `f${n}() { f${n + 1}; f${n + 1}; }`).join("\n")}\nf0`,
    ],
    ["text that doubles", `gunicorn a\nX=aa\n${'X="$X$X"\n'.repeat(60)}`],
    ["many lines", `gunicorn a\n${"echo a $B\n".repeat(100_000)}`],
    ["a long line", `gunicorn a ${"x ".repeat(600_000)}`],
    ["deep groups", `gunicorn a\n${"{ ".repeat(250)}gunicorn b; ${"}; ".repeat(250)}`],
    ["many programs", `gunicorn a\n${"celery w &\n".repeat(2000)}`],
  ])("%s", async (_, script) => {
    const { incomplete } = await follow(script);
    expect(incomplete).toMatch(/^the script|^scripts/);
  });

  test.each([
    ["a counter that never ends", "i=0\nwhile [ $i -ge 0 ]; do i=$((i + 1)); done\nexec gunicorn a"],
    ["an endless loop", "while true; do sleep 1; done\ngunicorn a"],
    ["an empty variable made of itself", `${'X="$X$X"\n'.repeat(3000)}exec gunicorn a $X`],
    ["open conditions", `${"if x; then A=1; fi\n".repeat(500)}exec gunicorn $A`],
    ["nested conditions", `${"if x; then ".repeat(100)} gunicorn a; ${"fi; ".repeat(100)}`],
    ["a pattern", `A=${"a".repeat(5000)}\ncase $A in ${"*a".repeat(2000)}b) gunicorn a;; esac`],
  ])("%s ends", async (_, script) => {
    expect((await follow(script)).programs.length).toBeLessThan(2000);
  });

  test("any script is answered, with places inside of it", async () => {
    const part = fc.oneof(
      fc.constantFrom(
        "if ",
        "then ",
        "else ",
        "fi\n",
        "while ",
        "do ",
        "done\n",
        "case $1 in ",
        "a) ",
        ";; ",
        "esac\n",
        "f() ",
        "{ ",
        "} ",
        "( ",
        ") ",
        "[ ",
        "] ",
        "[[ ",
        "]] ",
        "= ",
        "$X ",
        '"$@" ',
        "${X:-",
        "}",
        "$(",
        "$((",
        "))",
        "`",
        "'",
        '"',
        "X=",
        "export ",
        "gunicorn ",
        "exec ",
        "&& ",
        "|| ",
        "| ",
        "& ",
        ";",
        "\n",
        "<<E\n",
        "E\n",
        "set -- ",
        "shift\n",
        "local ",
        "break\n",
        "return\n",
        "ulimit -n 5\n",
        "cd ",
        ". ./start.sh\n",
        "eval ",
        "ARGS=(",
        "ARGS+=(",
        "${ARGS[@]}",
      ),
      fc.string({ unit: "binary", maxLength: 4 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 40 }), async (parts) => {
        const script = parts.join("");
        const { programs } = await follow(script);
        for (const { at, words } of programs) {
          expect(words.length).toBeGreaterThan(0);
          expect(at.start).toBeGreaterThanOrEqual(0);
          expect(at.end).toBeLessThanOrEqual(at.file.text.length);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("what is not known", () => {
  const open = { get: (name: string) => unknown<string | undefined>(name, "its env_file is not here") };

  test("a variable without a value is an unknown word with its reason", async () => {
    const { programs, unset } = await follow('exec gunicorn --workers="$WORKERS" app:app', open);
    const [, workers] = programs[0]?.words ?? [];
    expect(workers?.text).toMatchObject({ known: false, origin: { why: "its env_file is not here" } });
    expect(unset).toEqual([]);
  });

  test("a branch that decides is named with both values", async () => {
    const script = 'if [ "$ENV" = prod ]; then W=4; else W=1; fi\nexec gunicorn -w $W app';
    const { programs } = await follow(script, open);
    expect(programs.map(({ certain }) => certain)).toEqual([true]);
    const workers = programs[0]?.words[2]?.text;
    expect(workers?.known === false && workers.candidates?.map(({ value }) => value)).toEqual(["4", "1"]);
  });

  test("either of two programs is not certain", async () => {
    const script = 'if [ "$ENV" = prod ]; then exec gunicorn a; fi\nexec uvicorn b';
    const { programs } = await follow(script, open);
    expect(programs.map(({ program, certain }) => [program, certain])).toEqual([
      ["gunicorn", false],
      ["uvicorn", false],
    ]);
  });

  test("nproc without a number of CPUs asks for the fact", async () => {
    const { programs } = await follow("exec gunicorn -w $(( $(nproc) * 2 + 1 )) app");
    expect(programs[0]?.words[2]?.text).toMatchObject({ known: false, origin: { fact: "cpus" } });
  });

  test("a file that is not here may set every variable", async () => {
    const file = new SourceFile("start.sh", "W=3\n. /run/secrets/env\nexec gunicorn -w $W app");
    const words = argumentsOf(["sh", "/app/start.sh"]);
    const at = words[0]?.at;
    if (at === undefined) throw new Error("there is a first word");
    const { programs } = await startedPrograms(
      {
        arguments: written("arguments", words, at),
        environment: environmentOf({}),
        workingDirectory: written("WORKDIR", "/app", at),
        at,
      },
      { read: (path) => (path === "/app/start.sh" ? file : "unknown") },
    );
    expect(programs[0]?.words[2]?.text.known).toBe(false);
  });
});

describe("variables that nothing sets", () => {
  test("are named at their place", async () => {
    const { unset } = await follow('W=$WORKERS\nexec gunicorn --workers="$W" --bind ${HOST:-x}:$PORT app');
    expect(unset.map(({ name, at, program }) => [name, spanText(at), program])).toEqual([
      ["WORKERS", "$WORKERS", "gunicorn"],
      ["PORT", "$PORT", "gunicorn"],
    ]);
  });

  test("not those that the start of a process sets, have a default or are tested", async () => {
    const script =
      'if [ -z "$W" ]; then W=2; fi\nexec gunicorn -w $W --name $HOSTNAME --chdir $HOME ${X:-}${Y+y} app';
    expect((await follow(script)).unset).toEqual([]);
  });
});

describe("around the program", () => {
  test.each([
    [["wait-for-it.sh", "db:5432", "-t", "30", "--", "gunicorn", "a"], ["gunicorn"]],
    [["dockerize", "-wait", "tcp://db:5432", "-timeout", "60s", "gunicorn", "a"], ["gunicorn"]],
    [["chamber", "exec", "x", "y", "--", "gunicorn", "a"], ["gunicorn"]],
    [["aws-vault", "exec", "profile", "--", "gunicorn", "a"], ["gunicorn"]],
    [["doppler", "run", "--", "gunicorn", "a"], ["gunicorn"]],
    [["opentelemetry-instrument", "gunicorn", "a"], ["gunicorn"]],
    [["newrelic-admin", "run-program", "gunicorn", "a"], ["gunicorn"]],
    [["ddtrace-run", "python", "-m", "gunicorn", "a"], ["gunicorn"]],
    [["su", "-s", "/bin/sh", "-c", "exec gunicorn a", "app"], ["gunicorn"]],
    [["/docker-entrypoint.sh", "nginx", "-g", "daemon off;"], ["nginx"]],
    [["gunicorn3", "a"], ["gunicorn"]],
    [["python", "manage.py", "runserver"], ["python"]],
    [["sh", "-c", "sh -c 'sh -c \"gunicorn a\"'"], ["gunicorn"]],
    [["poetry", "install"], ["poetry"]],
    [["sh"], []],
    [[], []],
  ])("%j", async (words, expected) => {
    const at = argumentsOf(["x"])[0]?.at;
    if (at === undefined) throw new Error("there is a first word");
    const { programs } = await startedPrograms(
      {
        arguments: written("arguments", argumentsOf(words), at),
        environment: environmentOf({}),
        workingDirectory: written("WORKDIR", "/app", at),
        at,
      },
      { read: () => "unknown" },
    );
    expect(programs.map(({ program }) => program)).toEqual(expected);
  });

  test("a Procfile's processes, each by a shell", async () => {
    const files = new Map([
      [
        "/app/Procfile",
        new SourceFile("Procfile", "web: gunicorn -b :$PORT a\n# no: x\nworker: celery w\nweb: gunicorn b\n"),
      ],
    ]);
    const words = argumentsOf(["honcho", "start", "web"]);
    const at = words[0]?.at;
    if (at === undefined) throw new Error("there is a first word");
    const { programs } = await startedPrograms(
      {
        arguments: written("arguments", words, at),
        environment: environmentOf({}),
        workingDirectory: written("WORKDIR", "/app", at),
        at,
      },
      { read: (path) => files.get(path) },
    );
    expect(
      programs.map(({ program, words: each }) => [program, each.map(({ at: place }) => spanText(place))]),
    ).toEqual([
      ["honcho", ["honcho", "start", "web"]],
      ["gunicorn", ["gunicorn", "b"]],
    ]);
  });
});
