import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { addressText } from "../../../src/model/address.ts";
import { fact, unknown, type Value } from "../../../src/model/value.ts";
import { startedPrograms } from "../../../src/programs/start/started-programs.ts";
import { interpretUvicorn } from "../../../src/programs/uvicorn/interpret.ts";
import { scriptServer } from "../../../src/programs/uvicorn/script/read-script.ts";
import { SourceFile } from "../../../src/text/source-file.ts";
import { fileSpan, spanText } from "../../../src/text/span.ts";
import { argumentsOf, environmentOf } from "../gunicorn/command-line.ts";
import { answered } from "./answered.ts";

interface Case {
  readonly call: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly answer: {
    readonly refused?: string;
    readonly runs?: string;
    readonly host?: string;
    readonly port?: number;
    readonly uds?: string;
    readonly fd?: number;
    readonly workers?: number;
    readonly reload?: boolean;
    readonly backlog?: number;
    readonly timeoutKeepAlive?: number;
    readonly limitConcurrency?: number;
    readonly limitMaxRequests?: number;
    readonly proxyHeaders?: boolean;
    readonly forwardedAllowIps?: string;
  };
}

const { cases }: { cases: readonly Case[] } = JSON.parse(
  readFileSync("fixtures/programs/uvicorn/run-calls.json", "utf8"),
);

const known = <T>(value: Value<T>): T | undefined => (value.known ? value.value : undefined);

function read(
  text: string,
  env: Readonly<Record<string, string>> = {},
  modules: Record<string, string> = {},
) {
  const file = new SourceFile("/srv/main.py", text);
  const environment = environmentOf(env);
  const workingDirectory = fact("WorkingDirectory=", "/srv", "the test");
  const server = scriptServer(
    { file, path: "/srv/main.py", inPackage: undefined },
    {
      environment,
      workingDirectory,
      readConfig: (path) => (modules[path] === undefined ? undefined : new SourceFile(path, modules[path])),
      cpus: unknown("CPUs", "not declared", { fact: "cpus" }),
    },
  );
  if (server === undefined) return undefined;
  const words = argumentsOf(["python", "main.py"]);
  const at = fileSpan(file);
  return {
    ...server,
    ...interpretUvicorn({ at, words, environment, workingDirectory, call: server.call }),
  };
}

describe("recorded of uvicorn.run() 0.17.6", () => {
  test.each(cases.map((each) => [`${each.call} ${JSON.stringify(each.env ?? {})}`, each] as const))(
    "%s",
    (_, { call, env, answer }) => {
      const made = read(`import uvicorn\ndef app(): pass\nuvicorn.run(${call})\n`, env);
      expect(made?.certain).toBe(true);
      if (answer.refused !== undefined) {
        expect(made?.configuration).toBeUndefined();
        expect(made?.problems).toHaveLength(1);
        return;
      }
      expect(made?.problems).toEqual([]);
      if (made?.configuration === undefined) throw new Error("it comes up");
      const { configuration } = made;
      const { host = "", port, uds, fd, workers = 1, reload = false } = answer;
      const name = host.includes(":") ? `[${host}]` : host === "0.0.0.0" ? "*" : host;
      const address = fd !== undefined ? `fd://${fd}` : uds !== undefined ? `unix:${uds}` : `${name}:${port}`;
      expect(answered(configuration)).toEqual({
        workers: reload ? 1 : workers,
        reload,
        binds: [address],
        backlog: answer.backlog,
        keepalive: answer.timeoutKeepAlive,
        maxRequests: answer.limitMaxRequests ?? 0,
        limit: answer.limitConcurrency ?? Number.POSITIVE_INFINITY,
        allowed: answer.proxyHeaders === false ? "" : answer.forwardedAllowIps,
      });
    },
  );
});

describe("the call of a script", () => {
  test("is found behind a function, with what decides its arguments", () => {
    const made = read(
      "from uvicorn import run as serve\nimport os\nfrom fastapi import FastAPI\nfrom .gone import x\n" +
        'PORT = int(os.environ.get("PORT", "8000"))\napp = FastAPI()\napp.add(unknown_name)\n' +
        'def main(host="0.0.0.0"):\n    log(1)\n    serve("main:app", host=host, port=PORT)\n' +
        'if __name__ == "__main__":\n    main()\n',
      { PORT: "9000" },
    );
    expect(made?.configuration && known(made.configuration.binds)?.map(addressText)).toEqual(["*:9000"]);
    const place = made?.call.arguments.get("port")?.origin.at;
    expect(place && spanText(place)).toBe("port=PORT");
  });

  test("a module that is imported may set a variable that is not set", () => {
    const script =
      'import os, uvicorn\nimport settings\nuvicorn.run("main:app", port=int(os.getenv("PORT", 8000)))\n';
    const made = read(script, {}, { "/srv/settings.py": "from dotenv import load_dotenv\nload_dotenv()\n" });
    expect(made?.configuration?.binds.known).toBe(false);
    expect(read(script)?.configuration?.binds.known).toBe(true);
  });

  test("a constant of another module", () => {
    const made = read(
      'import uvicorn\nfrom settings import PORT\nuvicorn.run("main:app", port=PORT)\n',
      {},
      { "/srv/settings.py": "PORT = 8123\n" },
    );
    expect(made?.configuration && known(made.configuration.binds)?.map(addressText)).toEqual([
      "127.0.0.1:8123",
    ]);
  });

  test("what is not known makes only its argument unknown", () => {
    const made = read(
      'import uvicorn, argparse\nargs = argparse.ArgumentParser().parse_args()\nuvicorn.run("main:app", port=args.port, workers=2)\n',
    );
    expect(made?.configuration?.binds.known).toBe(false);
    expect(made?.configuration && known(made.configuration.workers)).toBe(2);
  });

  test.each([
    ["no call", "import uvicorn\nrun = 1\n"],
    ["a call that is not reached", 'import uvicorn\ndef main():\n    uvicorn.run("main:app")\n'],
    ["a syntax error", 'import uvicorn\nuvicorn.run("main:app"\n'],
    ["Python 2", 'import uvicorn\nprint "starting"\nuvicorn.run("main:app")\n'],
    ["too long", `import uvicorn\nuvicorn.run("main:app")\n${"# x\n".repeat(1_250_000)}`],
    ["a deep nest", `import uvicorn\nx = ${"(".repeat(30_000)}\nuvicorn.run("main:app")\n`],
    ["NUL and half a line", "import uvicorn\0\nuvicorn.run(\0"],
    [
      "one of two calls",
      'import uvicorn\nif unknown():\n    uvicorn.run("a:a")\nelse:\n    uvicorn.run("b:b")\n',
    ],
  ])("is not guessed: %s", (_, text) => {
    expect(read(text)).toBeUndefined();
  });

  test("a condition that is not known makes it uncertain", () => {
    const made = read('import sys, uvicorn\nif sys.argv[1] == "run":\n    uvicorn.run("main:app")\n');
    expect(made?.certain).toBe(false);
  });
});

describe("command lines that run a script", () => {
  const text = '#!/usr/bin/env python3\nimport uvicorn\nuvicorn.run("main:app", workers=3)\n';
  const started = async (words: readonly string[], script = "/srv/main.py") => {
    const file = new SourceFile(script, text);
    const at = fileSpan(file);
    const { programs } = await startedPrograms(
      {
        arguments: fact("command", argumentsOf(words), "the test"),
        environment: environmentOf({}),
        workingDirectory: fact("WORKDIR", "/srv", "the test"),
        at,
      },
      { read: (path) => (path === script ? file : undefined) },
    );
    return programs.map(({ program, call }) => [
      program,
      known(call?.arguments.get("workers") ?? unknown("", "")),
    ]);
  };

  test.each([
    [["python", "main.py"]],
    [["python3", "-u", "-X", "dev", "/srv/main.py"]],
    [["python", "-m", "main"]],
    [["uv", "run", "main.py"]],
    [["uv", "run", "python", "main.py"]],
    [["./main.py"]],
    [["sh", "-c", "exec python main.py"]],
  ])("%j", async (words) => {
    expect(await started(words)).toEqual([["uvicorn", 3]]);
  });

  test("a module of a package", async () => {
    expect(await started(["python", "-m", "api"], "/srv/api/__main__.py")).toEqual([["uvicorn", 3]]);
  });

  test.each([[["python", "-c", "main.py"]], [["python", "other.py"]], [["python", "-m", "http.server"]]])(
    "%j starts no server",
    async (words) => {
      expect((await started(words)).map(([program]) => program)).not.toContain("uvicorn");
    },
  );
});
