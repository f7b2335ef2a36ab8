import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { interpretGunicorn } from "../../src/programs/gunicorn/interpret.ts";
import { inputOf } from "../programs/gunicorn/command-line.ts";
import { type Disagreement, effort, inFolder, seed, starts, told, versionOf } from "./installed.ts";
import { run } from "./nginx-program.ts";

/** Needs gunicorn (Debian: gunicorn). */
const available = starts("gunicorn", "--version");
const version =
  versionOf("dpkg-query", ["-W", "-f", "${Version}", "gunicorn"], /^(.+)$/) ||
  versionOf("gunicorn", ["--version"], /version ([\d.]+)/);

const int = fc.constantFrom("0", "1", "2", "4", "04", "1_000", " 8 ", "2.5", "-1", "", "0x10", "30s", "abc");
const flags: readonly (readonly [flag: string, values: fc.Arbitrary<string>])[] = [
  ["-w", int],
  ["--workers", int],
  ["--threads", int],
  ["--thr", int],
  ["--worker-connections", int],
  ["--backlog", int],
  ["-t", int],
  ["--timeout", int],
  ["--graceful-timeout", int],
  ["--keep-alive", int],
  ["--max-requests", int],
  ["--max-requests-jitter", int],
  ["--limit-request-line", int],
  [
    "-b",
    fc.constantFrom("127.0.0.1:8001", ":9000", "unix:/run/a.sock", "[::1]:80", "0.0.0.0", "localhost:x"),
  ],
  ["--bind", fc.constantFrom("127.0.0.1:8002", "unix:run/a.sock", "")],
  ["-k", fc.constantFrom("sync", "gthread", "threads")],
  ["--log-level", fc.constantFrom("info", "DEBUG", "loud")],
  ["--name", fc.constantFrom("a", "b c")],
  ["--umask", fc.constantFrom("0", "022", "0o22", "18", "x")],
  ["--env", fc.constantFrom("A=b", "A")],
  ["--keepalive", int],
  ["--work", int],
];
const switches = [
  "--preload",
  "--reuse-port",
  "--no-sendfile",
  "-D",
  "--capture-output",
  "--reload",
  "--preload=true",
  "--prel",
  "--daemon",
];

const words = fc
  .array(
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc
          .constantFrom(...flags)
          .chain(([flag, values]) =>
            fc.tuple(fc.constant(flag), values, fc.constantFrom("apart", "apart", "=", "attached")),
          )
          .map(([flag, value, form]) =>
            form === "apart"
              ? [flag, value]
              : form === "="
                ? [`${flag}=${value}`]
                : flag.startsWith("--")
                  ? [flag, value]
                  : [`${flag}${value}`],
          ),
      },
      { weight: 2, arbitrary: fc.constantFrom(...switches).map((each) => [each]) },
    ),
    { maxLength: 4 },
  )
  .map((parts) => [...parts.flat(), "app:app"]);

const pythonValue = fc.constantFrom(
  "1",
  "4",
  "2 * 2 + 1",
  "'3'",
  '"0x10"',
  "2.5",
  "None",
  "True",
  "False",
  "'true'",
  "[]",
  "['127.0.0.1:1', ':2']",
  "int('7')",
  "max(2, 3)",
  "'a' + 'b'",
  "f'127.0.0.1:{8000 + 1}'",
  "len([1, 2])",
  "(1 if 2 > 1 else 0)",
  "1 or 5",
  "not 1",
  "-1",
  "10 // 3",
  "7 % 4",
  "2 ** 3",
  "'x'.upper()",
  "':'.join(['a', '80'])",
  "{'a': 1}['a']",
  "__import__('os').environ.get('A', '6')",
);
const setting = fc.constantFrom(
  "workers",
  "threads",
  "bind",
  "timeout",
  "graceful_timeout",
  "keepalive",
  "backlog",
  "worker_connections",
  "max_requests",
  "preload_app",
  "worker_class",
  "loglevel",
  "proc_name",
  "daemon",
  "reuse_port",
  "umask",
  "limit_request_fields",
  "worker",
  "raw_env",
);
const statement = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(setting, pythonValue).map(([name, value]) => `${name} = ${value}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "import os",
      "n = 3\nworkers = n",
      "if True:\n    threads = 2\nelse:\n    threads = 8",
      "for i in range(3):\n    workers = i",
      "def f():\n    return 5\nworkers = f()",
      "workers = 2 +",
      "x = y",
      "try:\n    workers = int('a')\nexcept ValueError:\n    workers = 9",
    ),
  },
);
const configuration = fc.oneof(
  { weight: 1, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: fc.array(statement, { maxLength: 4 }).map((lines) => `${lines.join("\n")}\n`) },
);
const environment = fc.record({
  WEB_CONCURRENCY: fc.constantFrom(undefined, undefined, undefined, "3", "", "auto", " 2 "),
  PORT: fc.constantFrom(undefined, undefined, "5000"),
  GUNICORN_CMD_ARGS: fc.constantFrom(
    undefined,
    undefined,
    "-w 7",
    "--timeout=9 --preload",
    "'",
    "--nope",
    "--bind ':1' -b :2",
  ),
});

/** Whole numbers and texts whose values are compared. */
const compared = [
  "workers",
  "threads",
  "timeout",
  "graceful_timeout",
  "keepalive",
  "backlog",
  "worker_connections",
  "max_requests",
  "max_requests_jitter",
  "preload_app",
  "loglevel",
  "proc_name",
  "daemon",
  "reuse_port",
  "umask",
  "bind",
  "worker_class",
  "limit_request_line",
  "limit_request_fields",
] as const;

interface Outcome {
  readonly exit: number;
  readonly message?: string;
  readonly values?: Readonly<Record<string, string>>;
}

type Given = {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
};

const inputs = fc.tuple(words, configuration, environment).map(
  ([argv, text, variables]): Given => ({
    argv,
    env: Object.fromEntries(
      Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    files: text === undefined ? {} : { "gunicorn.conf.py": text },
  }),
);

function really({ argv, env, files }: Given): Promise<Outcome> {
  return inFolder(files, async (folder) => {
    writeFileSync(join(folder, "app.py"), "def app(environ, start):\n    pass\n");
    mkdirSync(join(folder, "run"));
    const assigned = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const { status, stdout, stderr } = await run("env", [
      "-C",
      folder,
      ...assigned,
      "gunicorn",
      "--print-config",
      ...argv,
    ]);
    if (status !== 0) return { exit: status, message: stderr.trimEnd().split("\n").at(-1) ?? "" };
    const values: Record<string, string> = {};
    for (const line of stdout.split("\n")) {
      const [, name = "", value = ""] = /^(\w+)\s+= (.*)$/.exec(line) ?? [];
      if (compared.some((each) => each === name)) values[name] = value;
    }
    return { exit: 0, values };
  });
}

async function predicted({ argv, env, files }: Given): Promise<Outcome> {
  const { configuration: found, failure } = await interpretGunicorn(
    inputOf({ argv, env, files, version, cpus: 4 }),
  );
  if (failure !== undefined) return { exit: failure.exit, message: failure.message };
  const values = compared.flatMap((name): [string, string][] => {
    const value = found.settings.get(name);
    if (value === undefined) return [[name, "no such setting"]];
    return [[name, value.known ? python(value.value) : `unknown: ${value.origin.why}`]];
  });
  return { exit: 0, values: Object.fromEntries(values) };
}

/** As str() of Python shows it. */
function python(value: unknown): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value))
    return `[${value.map((each) => (typeof each === "string" ? `'${each}'` : python(each))).join(", ")}]`;
  return value === null ? "None" : String(value);
}

describe.runIf(available)(
  `hostlint knows the settings that gunicorn ${version || "(not installed)"} prints`,
  () => {
    test("for generated command lines, files and environments", async () => {
      const waiting = fc.sample(inputs, { seed, numRuns: 60 * effort });
      const disagreements: Disagreement[] = [];
      const work = async (): Promise<void> => {
        for (let input = waiting.pop(); input !== undefined; input = waiting.pop()) {
          const theirs = await really(input);
          const ours = await predicted(input);
          const difference = different(theirs, ours);
          if (difference !== undefined) disagreements.push({ input, ...difference });
        }
      };
      await Promise.all([work(), work()]);
      expect(disagreements.length === 0 ? "" : told(disagreements)).toBe("");
    });
  },
);

function different(theirs: Outcome, ours: Outcome): { theirs: unknown; ours: unknown } | undefined {
  if (theirs.exit !== ours.exit || theirs.message !== ours.message)
    return { theirs: { ...theirs, values: undefined }, ours: { ...ours, values: undefined } };
  const names = Object.keys(theirs.values ?? {}).filter(
    (name) => theirs.values?.[name] !== ours.values?.[name],
  );
  if (names.length === 0) return undefined;
  const of = (values: Outcome["values"]) => Object.fromEntries(names.map((name) => [name, values?.[name]]));
  return { theirs: of(theirs.values), ours: of(ours.values) };
}
