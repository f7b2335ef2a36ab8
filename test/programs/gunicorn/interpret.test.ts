import { describe, expect, test } from "vitest";
import { addressText } from "../../../src/model/address.ts";
import { Version } from "../../../src/model/facts.ts";
import { assumptionsOf, fact, isWritten, unknown, type Value } from "../../../src/model/value.ts";
import { interpretGunicorn } from "../../../src/programs/gunicorn/interpret.ts";
import { spanText } from "../../../src/text/span.ts";
import { inputOf, type Situation } from "./command-line.ts";

const configure = async (situation: Situation) => (await interpretGunicorn(inputOf(situation))).configuration;
const known = <T>(value: Value<T> | undefined) =>
  value?.known ? value.value : `unknown: ${value?.origin.why}`;
const problemsOf = async (situation: Situation) =>
  (await interpretGunicorn(inputOf(situation))).problems.map(({ message, at }) => [message, spanText(at)]);

describe("where a value comes from", () => {
  test("an argument is written where it stands, over everything below it", async () => {
    const { workers } = await configure({
      argv: ["-w", "2", "--workers", "4", "app:app"],
      env: { WEB_CONCURRENCY: "7", GUNICORN_CMD_ARGS: "--workers=6" },
      files: { "gunicorn.conf.py": "workers = 5\n" },
    });
    expect(known(workers)).toBe(4);
    if (workers.origin.kind !== "written") throw new Error("it must be written");
    expect(spanText(workers.origin.at).replace("\n", " ")).toBe("--workers 4");
    expect(workers.origin.overrode.map((loser) => known(loser))).toEqual([2, 6, 5, 7]);
  });

  test("GUNICORN_CMD_ARGS points into the variable", async () => {
    const { threads } = await configure({ env: { GUNICORN_CMD_ARGS: "-w 3 --threads 4" } });
    expect(threads.origin.at && spanText(threads.origin.at)).toBe("--threads 4");
  });

  test("an assignment is written in the file, over the earlier ones", async () => {
    const { workers } = await configure({ files: { "gunicorn.conf.py": "workers = 2\nworkers = 3\n" } });
    if (workers.origin.kind !== "written") throw new Error("it must be written");
    expect(spanText(workers.origin.at)).toBe("workers = 3");
    expect(workers.origin.at.file.path).toBe("srv/case/gunicorn.conf.py");
    expect(workers.origin.overrode.map((loser) => known(loser))).toEqual(["2"]);
  });

  test("a computation says how, and counts as written", async () => {
    const { workers } = await configure({
      files: {
        "gunicorn.conf.py":
          "from multiprocessing import cpu_count as n\ncores = n()\nworkers = cores * 2 + 1\n",
      },
      cpus: 4,
    });
    expect(known(workers)).toBe(9);
    expect(workers.origin).toMatchObject({ kind: "derived", how: "multiprocessing.cpu_count() * 2 + 1" });
    expect(isWritten(workers)).toBe(true);
    expect(workers.origin.at && spanText(workers.origin.at)).toBe("workers = cores * 2 + 1");
  });

  test("without a declared number of CPUs it stays unknown, with the computation as reason", async () => {
    const { workers } = await configure({
      files: { "gunicorn.conf.py": "import os\nworkers = min((os.cpu_count() or 1) * 2 + 1, 8)\n" },
    });
    expect(workers).toMatchObject({ known: false, origin: { fact: "cpus" } });
    expect(known(workers)).toBe(
      "unknown: min(os.cpu_count() * 2 + 1, 8): CPUs of the machine is not declared",
    );
  });

  test("WEB_CONCURRENCY and PORT are derived from the variables", async () => {
    const { workers, binds } = await configure({ env: { WEB_CONCURRENCY: "6", PORT: "9000" } });
    expect(workers.origin).toMatchObject({ kind: "derived", how: "$WEB_CONCURRENCY" });
    expect(known(workers)).toBe(6);
    expect(known(binds)).toEqual([{ kind: "tcp", host: "*", port: 9000 }]);
  });

  test("a default names the versions for which it holds", async () => {
    const { settings } = await configure({ version: "22.0" });
    expect(settings.get("backlog")?.origin).toMatchObject({ kind: "default", versions: "all" });
    expect(settings.get("forwarded_allow_ips")?.origin).toMatchObject({
      kind: "default",
      versions: "before 23.0.0",
    });
  });
});

describe("the version is not known", () => {
  test("what all versions agree on is certain", async () => {
    const { timeout, settings } = await configure({ argv: ["--time", "60", "app:app"] });
    expect(known(timeout)).toBe(60);
    expect(settings.get("forwarded_allow_ips")).toMatchObject({
      known: false,
      origin: { fact: "gunicorn" },
      candidates: [{ value: ["127.0.0.1"] }, { value: ["127.0.0.1", "::1"] }],
    });
  });

  test("an option of some versions tells the version; what no version takes is refused", async () => {
    const some = await interpretGunicorn(inputOf({ argv: ["--dirty-workers", "2", "app:app"] }));
    expect(some.problems).toEqual([]);
    expect(known(some.configuration.settings.get("dirty_workers"))).toBe(2);
    const none = await interpretGunicorn(inputOf({ argv: ["--worker_class", "gthread", "app:app"] }));
    expect(none.failure).toEqual({
      exit: 2,
      message: "gunicorn: error: unrecognized arguments: --worker_class",
    });
    expect(none.problems).toMatchObject([{ rule: "gunicorn/arguments", help: "write --worker-class" }]);
  });
});

describe("the configuration file", () => {
  const elsewhere = (situation: Situation) => {
    const input = inputOf(situation);
    return interpretGunicorn({ ...input, readConfig: () => "unknown" });
  };

  test("may stand in a directory that is not here: defaults hold if it does not", async () => {
    const { configuration } = await elsewhere({ argv: ["-w", "3", "app:app"], version: "23.0" });
    expect(assumptionsOf(configuration.workers)).toEqual([]);
    expect(assumptionsOf(configuration.timeout)).toEqual(["no gunicorn.conf.py stands in /srv/case"]);
    expect(known(configuration.timeout)).toBe(30);
    expect(assumptionsOf(configuration.concurrency)).toEqual(["no gunicorn.conf.py stands in /srv/case"]);
  });

  test("that is named and not here leaves the rest unknown", async () => {
    const { configuration, problems } = await elsewhere({ argv: ["-c", "conf.py", "-w", "3", "app:app"] });
    expect(known(configuration.workers)).toBe(3);
    expect(known(configuration.timeout)).toBe(
      "unknown: the configuration file conf.py is not here: /srv/case/conf.py is not among the files",
    );
    expect(configuration.configFile.known).toBe(false);
    expect(problems).toEqual([]);
  });

  test("that certainly does not exist stops gunicorn", async () => {
    const { failure, problems } = await interpretGunicorn(inputOf({ argv: ["-c", "conf.py", "app:app"] }));
    expect(failure).toEqual({ exit: 1, message: "Error: 'conf.py' doesn't exist" });
    expect(problems).toMatchObject([{ rule: "gunicorn/config-missing" }]);
  });

  test.each([
    [["app:app"], { "gunicorn.conf.py": "" }, "/srv/case/gunicorn.conf.py"],
    [["-c", "deploy/g.py", "app:app"], { "deploy/g.py": "" }, "/srv/case/deploy/g.py"],
    [["-c", "file:/srv/case/g.py", "app:app"], { "g.py": "" }, "/srv/case/g.py"],
    [["-c", "python:app.settings", "app:app"], { "app/settings.py": "" }, "/srv/case/app/settings.py"],
    [["-c", "python:app", "app:app"], { "app/__init__.py": "" }, "/srv/case/app/__init__.py"],
    [["app:app"], { "gunicorn_conf.py": "" }, undefined],
  ])("%j", async (argv, files, expected) => {
    expect(known((await configure({ argv, files })).configFile)).toBe(expected);
  });

  test("a starting directory that is not known leaves only absolute paths", async () => {
    const input = inputOf({ argv: ["-c", "/etc/g.py", "app:app"] });
    const { configuration } = await interpretGunicorn({
      ...input,
      workingDirectory: unknown("WorkingDirectory=", "a template fills it in"),
    });
    expect(known(configuration.timeout)).toContain("/etc/g.py does not exist");
  });
});

describe("variables that are not known", () => {
  const unknownVariable = (name: string, situation: Situation) => {
    const input = inputOf(situation);
    return interpretGunicorn({
      ...input,
      environment: {
        get: (asked) =>
          asked === name ? unknown(asked, "EnvironmentFile= is not here") : input.environment.get(asked),
      },
    });
  };

  test("GUNICORN_CMD_ARGS decides about everything that the command line does not set", async () => {
    const { configuration } = await unknownVariable("GUNICORN_CMD_ARGS", { argv: ["-w", "3", "app:app"] });
    expect(known(configuration.workers)).toBe(3);
    expect(known(configuration.timeout)).toBe("unknown: EnvironmentFile= is not here");
  });

  test("WEB_CONCURRENCY decides about workers only where nothing else does", async () => {
    const { configuration } = await unknownVariable("WEB_CONCURRENCY", {});
    expect(known(configuration.workers)).toBe("unknown: EnvironmentFile= is not here");
    const file = await unknownVariable("WEB_CONCURRENCY", { files: { "gunicorn.conf.py": "workers = 2\n" } });
    expect(known(file.configuration.workers)).toBe(2);
  });

  test("a word of which nothing is known leaves what stands before it open", async () => {
    const input = inputOf({ argv: ["-w", "3", "--preload", "OPTIONS", "--threads", "2", "app:app"] });
    const { configuration } = await interpretGunicorn({
      ...input,
      arguments: input.arguments.map((argument) =>
        argument.text.known && argument.text.value === "OPTIONS"
          ? {
              at: { ...argument.at, end: argument.at.start },
              text: unknown("argument", "$OPTIONS is not known"),
            }
          : argument,
      ),
    });
    expect(known(configuration.workers)).toBe("unknown: $OPTIONS is not known");
    expect(known(configuration.preload)).toBe(true);
    expect(known(configuration.threads)).toBe(2);
  });
});

describe("how workers serve", () => {
  test.each([
    ["", "sync", 3],
    ["--threads 4", "gthread", 12],
    ["-k gthread --threads 2", "gthread", 6],
    ["-k gunicorn.workers.sync.SyncWorker --threads 2", "gthread", 6],
    ["-k gevent --worker-connections 50", "gevent", 150],
    ["-k gunicorn.workers.ggevent.GeventWorker", "gevent", 3000],
    ["-k egg:gunicorn#gthread --threads 2", "gthread", 6],
    ["-k tornado", "tornado", Number.POSITIVE_INFINITY],
    ["-k uvicorn.workers.UvicornWorker", "uvicorn", Number.POSITIVE_INFINITY],
    ["-k uvicorn_worker.UvicornWorker", "uvicorn", Number.POSITIVE_INFINITY],
    ["-k app.workers.Own", "custom", "unknown: what a worker of this class serves at once is not known"],
    ["-k constructor", "custom", "unknown: what a worker of this class serves at once is not known"],
  ])("%s", async (options, kind, atOnce) => {
    const argv = ["-w", "3", ...options.split(" ").filter((word) => word !== ""), "app:app"];
    const { workerKind, concurrency } = await configure({ argv, version: "23.0" });
    expect([known(workerKind), known(concurrency)]).toEqual([kind, atOnce]);
  });

  test("the asgi worker asks for 100 places whatever is written", async () => {
    const { backlog } = await configure({
      argv: ["-k", "asgi", "--backlog", "5000", "app:app"],
      version: "25.3",
    });
    expect(known(backlog)).toBe(100);
    expect(known((await configure({ argv: ["--backlog", "5000", "app:app"] })).backlog)).toBe(5000);
  });

  test("a timeout of 0 is none", async () => {
    expect(known((await configure({ argv: ["-t", "0", "app:app"] })).timeout)).toBe(Number.POSITIVE_INFINITY);
  });

  test("no workers serve nothing", async () => {
    expect(known((await configure({ argv: ["-w", "0", "-k", "tornado", "app:app"] })).concurrency)).toBe(0);
  });
});

describe("addresses", () => {
  test.each([
    [["-b", ":80"], ["*:80"]],
    [
      ["-b", "[::1]:80", "-b", "LOCALHOST"],
      ["[::1]:80", "localhost:8000"],
    ],
    [
      ["-b", "unix:///run/a.sock", "-b", "unix:run/b.sock"],
      ["unix:/run/a.sock", "unix:/srv/case/run/b.sock"],
    ],
    [["-b", "unix://b.sock", "--chdir", "sub"], ["unix:/srv/case/sub/b.sock"]],
    [["-b", "fd://3", "-b", ":80"], ["fd://3"]],
    [["--bind="], ["*:8000"]],
  ])("%j", async (options, expected) => {
    const { binds } = await configure({ argv: [...options, "app:app"], version: "23.0" });
    expect(binds.known && binds.value.map(addressText)).toEqual(expected);
  });

  test("a relative socket needs a known directory", async () => {
    const input = inputOf({ argv: ["-b", "unix:a.sock", "app:app"] });
    const { configuration } = await interpretGunicorn({
      ...input,
      workingDirectory: unknown("WorkingDirectory=", "a template fills it in"),
    });
    expect(known(configuration.binds)).toBe("unknown: a template fills it in");
  });
});

describe("what keeps gunicorn from starting", () => {
  test.each([
    [{ argv: ["-k", "gtread", "app:app"] }, "gunicorn does not start: gunicorn has no worker class gtread"],
    [
      { argv: ["-k", "eventlet", "app:app"], version: "26.0" },
      "gunicorn does not start: gunicorn 26.0 removed the eventlet worker",
    ],
    [
      { argv: ["-k", "asgi", "app:app"], version: "23.0" },
      "gunicorn does not start: the asgi worker came with gunicorn 24.0",
    ],
    [
      { argv: ["-b", "0.0.0.0:$PORT", "app:app"] },
      "gunicorn does not start: bind 0.0.0.0:$PORT: '$PORT' is not a valid port number.",
    ],
    [
      { argv: ["-b", ":70000", "app:app"] },
      "gunicorn does not start: bind :70000: the port must be 0 to 65535",
    ],
    [{ argv: ["-w", "-1", "app:app"] }, "gunicorn does not start: workers -1: it must not be negative"],
    [{ argv: ["-w", "2"] }, "gunicorn does not start: no application is named"],
    [
      { argv: ["--workers 4", "app:app"] },
      'gunicorn does not start: it takes "--workers 4" as its application; a flag and its value must be two words',
    ],
    [
      { env: { WEB_CONCURRENCY: "auto" } },
      "gunicorn does not start: WEB_CONCURRENCY=auto is no whole number",
    ],
    [
      { env: { GUNICORN_CMD_ARGS: "--name 'x" } },
      "gunicorn does not start: GUNICORN_CMD_ARGS: No closing quotation",
    ],
    [
      { files: { "gunicorn.conf.py": "workers = 4 / 2\n" } },
      "gunicorn does not start: workers = 2.0: it is a float, and gunicorn takes whole numbers only",
    ],
    [
      { files: { "gunicorn.conf.py": "import os\nworkers = os.cpu_count() * 1.5\n" } },
      "gunicorn does not start: workers = os.cpu_count() * 1.5: it is a float, and gunicorn takes whole numbers only",
    ],
    [
      { files: { "gunicorn.conf.py": "import os\nreload = os.getenv('R', '0')\n" } },
      "gunicorn does not start: reload = '0': gunicorn takes True, False and the words true and false only",
    ],
    [
      { files: { "gunicorn.conf.py": "bind = []\n" } },
      "gunicorn listens nowhere, and every worker fails: bind is empty",
    ],
    [
      { argv: ["--forwarded-allow-ips", "nginx", "app:app"], version: "24.1" },
      "gunicorn does not start: forwarded_allow_ips nginx: since gunicorn 24 each part must be an IP address, a network or *",
    ],
  ] as const)("%j", async (situation, message) => {
    expect((await problemsOf(situation)).map(([each]) => each)).toEqual([message]);
  });

  test("a class as worker_class crashes before 23.0", async () => {
    const files = {
      "gunicorn.conf.py": "from gunicorn.workers.gthread import ThreadWorker\nworker_class = ThreadWorker\n",
    };
    expect(await problemsOf({ files, version: "23.0" })).toEqual([]);
    expect(await problemsOf({ files, version: "20.1" })).toEqual([
      [
        "gunicorn does not start: before 23.0 worker_class must be a string, not a class",
        "worker_class = ThreadWorker",
      ],
    ]);
  });

  test("--version, --help and --check-config end at once", async () => {
    for (const argv of [["--version"], ["-w", "2", "-h"], ["--check-config", "app:app"]])
      expect(await interpretGunicorn(inputOf({ argv }))).toMatchObject({
        endsAtOnce: true,
        failure: undefined,
      });
    const bad = await interpretGunicorn(inputOf({ argv: ["-w", "x", "--version"] }));
    expect(bad).toMatchObject({ endsAtOnce: false, failure: { exit: 2 } });
  });
});

test("the application is the first positional, else wsgi_app", async () => {
  const application = async (situation: Situation) =>
    known((await interpretGunicorn(inputOf(situation))).application);
  const files = { "gunicorn.conf.py": 'wsgi_app = "site.wsgi"\n' };
  expect(await application({ files, argv: [] })).toBe("site.wsgi");
  expect(await application({ files, argv: ["a:b", "c:d"] })).toBe("a:b");
  expect(await application({ argv: ["--paste", "production.ini"] })).toBe(
    "unknown: it comes from a Paste file",
  );
});

test("CPUs that are one of a few give candidates", async () => {
  const candidates = [2, 4].map((count) => fact("CPUs of the machine", count as never, "the test"));
  const { workers } = await configure({
    files: {
      "gunicorn.conf.py": "import os\nworkers = os.cpu_count() * 2\nthreads = min(os.cpu_count(), 2)\n",
    },
    cpus: unknown("CPUs of the machine", "one of two", { candidates }),
    version: new Version("23.0").text,
  });
  expect(workers).toMatchObject({ known: false, candidates: [{ value: 4 }, { value: 8 }] });
});
