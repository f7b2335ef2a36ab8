import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressText } from "../../../src/model/address.ts";
import { assumptionsOf, fact, isWritten, type Value } from "../../../src/model/value.ts";
import { readCommand } from "../../../src/programs/start/command-reader.ts";
import { interpretUvicorn } from "../../../src/programs/uvicorn/interpret.ts";
import { SourceFile } from "../../../src/text/source-file.ts";
import { span, spanText } from "../../../src/text/span.ts";
import { argumentsOf, environmentOf } from "../gunicorn/command-line.ts";
import { answered } from "./answered.ts";

interface Answer {
  readonly refused?: string;
  readonly prints?: boolean;
  readonly host?: string;
  readonly port?: number;
  readonly uds?: string;
  readonly fd?: number;
  readonly workers?: number;
  readonly reload?: boolean;
  readonly proxyHeaders?: boolean;
  readonly forwardedAllowIps?: string;
  readonly limitConcurrency?: number;
  readonly backlog?: number;
  readonly limitMaxRequests?: number;
  readonly timeoutKeepAlive?: number;
}

interface Case {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly answer: Answer;
}

const { cases }: { cases: readonly Case[] } = JSON.parse(
  readFileSync("fixtures/programs/uvicorn/command-lines.json", "utf8"),
);

const run = ({ argv, env = {} }: Pick<Case, "argv" | "env">, program = "uvicorn") => {
  const command = new SourceFile("command", [program, ...argv].join(" "));
  return interpretUvicorn({
    at: span(command, 0, command.text.length),
    words: argumentsOf([program, ...argv]),
    environment: environmentOf(env),
    workingDirectory: fact("WorkingDirectory=", "/srv", "the test"),
  });
};

const known = <T>(value: Value<T>): T | undefined => (value.known ? value.value : undefined);

describe("recorded of uvicorn 0.17.6", () => {
  test.each(cases.map((each) => [JSON.stringify([each.argv, each.env ?? {}]), each] as const))(
    "%s",
    (_, { argv, env, answer }) => {
      const { configuration, problems } = run({ argv, env: env ?? {} });
      if (answer.refused !== undefined) {
        expect(configuration).toBeUndefined();
        expect(problems).not.toEqual([]);
        return;
      }
      expect(problems).toEqual([]);
      expect(configuration === undefined).toBe(answer.prints === true);
      if (configuration === undefined) return;
      const { workers = 1, reload = false, limitConcurrency = Number.POSITIVE_INFINITY } = answer;
      expect(answered(configuration)).toEqual({
        // config.workers above one starts processes, everything else serves by itself; --reload always does.
        workers: reload ? 1 : Math.max(1, workers),
        reload,
        binds: [addressOf(answer)],
        backlog: answer.backlog ?? 2048,
        keepalive: answer.timeoutKeepAlive ?? 5,
        maxRequests: answer.limitMaxRequests ?? 0,
        limit: limitConcurrency,
        allowed: answer.proxyHeaders === false ? "" : (answer.forwardedAllowIps ?? "127.0.0.1"),
      });
    },
  );
});

function addressOf({ host = "127.0.0.1", port = 8000, uds, fd }: Answer): string {
  if (fd !== undefined) return `fd://${fd}`;
  if (uds !== undefined) return `unix:${uds.startsWith("/") ? uds : `/srv/${uds}`}`;
  const name = host.includes(":") ? `[${host}]` : host.toLowerCase();
  return `${name === "" || name === "0.0.0.0" ? "*" : name}:${port}`;
}

const { cases: fastapiCases }: { cases: readonly Case[] } = JSON.parse(
  readFileSync("fixtures/programs/uvicorn/fastapi-command-lines.json", "utf8"),
);

describe("recorded of fastapi-cli 0.0.32", () => {
  const serves = ({ argv }: Case) => argv.some((word) => word === "run" || word === "dev");

  test.each(
    fastapiCases.filter(serves).map((each) => [JSON.stringify([each.argv, each.env ?? {}]), each] as const),
  )("%s", (_, { argv, env, answer }) => {
    const words = argumentsOf(["fastapi", ...argv]);
    const started = readCommand(words, environmentOf({}), fact("WorkingDirectory=", "/srv", "the test"));
    const isServed = started?.program === "uvicorn";
    const { configuration, problems } = run({ argv, env: env ?? {} }, "fastapi");
    if (answer.refused !== undefined) {
      expect(isServed && configuration !== undefined).toBe(false);
      if (isServed) expect(problems).not.toEqual([]);
      return;
    }
    expect(problems).toEqual([]);
    expect(configuration === undefined).toBe(answer.prints === true);
    if (configuration === undefined) return;
    const { host = "", port, reload = false, workers = 1, proxyHeaders, forwardedAllowIps } = answer;
    expect({
      workers: known(configuration.workers),
      reload: known(configuration.reload),
      binds: known(configuration.binds)?.map(addressText),
      allowed: known(configuration.forwardedAllowIps)?.join(","),
      backlog: known(configuration.backlog),
    }).toEqual({
      workers: reload ? 1 : Math.max(1, workers),
      reload,
      binds: [addressOf({ host, ...(port === undefined ? {} : { port }) })],
      allowed: proxyHeaders === false ? "" : forwardedAllowIps,
      backlog: 2048,
    });
  });

  test.each(fastapiCases.filter((each) => !serves(each)).map(({ argv }) => [argv.join(" ")] as const))(
    "fastapi %s starts no server",
    (line) => {
      const words = argumentsOf(["fastapi", ...line.split(" ")]);
      const started = readCommand(words, environmentOf({}), fact("WorkingDirectory=", "/srv", "the test"));
      expect(started?.program).toBe("fastapi");
    },
  );
});

describe("fastapi run", () => {
  const of = (argv: readonly string[], env = {}) => run({ argv, env }, "fastapi");

  test("says whose defaults they are, and where they come from", () => {
    const { configuration } = of(["dev"]);
    const origin = configuration?.reload.origin;
    expect(origin).toMatchObject({
      kind: "default",
      program: "fastapi-cli",
      source: "fastapi_cli/cli.py, fastapi dev",
    });
    expect(origin?.at && spanText(origin.at)).toBe("dev");
    expect(configuration?.backlog.origin).toMatchObject({ kind: "default", program: "uvicorn" });
  });

  test("names itself in its messages", () => {
    const messages = (argv: readonly string[]) => of(argv).problems.map(({ message }) => message);
    expect(messages(["run", "--timeout-keep-alive", "30"])).toEqual([
      "fastapi run does not start: there is no option --timeout-keep-alive",
    ]);
    expect(messages(["dev", "--workers", "4"])).toEqual([
      "fastapi dev does not start: there is no option --workers",
    ]);
    expect(messages(["run", "-e", "app:app", "main.py"])).toEqual([
      "fastapi run does not start: --entrypoint names the application, a path or --app beside it is refused",
    ]);
  });

  test("PORT holds for versions that ask it", () => {
    const { configuration } = of(["run"], { PORT: "9000" });
    expect(configuration && assumptionsOf(configuration.binds)).toEqual(["fastapi-cli is 0.0.12 or later"]);
  });
});

describe("what it serves at once", () => {
  test.each([
    [["app:app"], Number.POSITIVE_INFINITY],
    [["app:app", "--workers", "4"], Number.POSITIVE_INFINITY],
    [["app:app", "--workers", "4", "--limit-concurrency", "100"], 396],
    [["app:app", "--interface", "wsgi"], undefined],
  ])("%j", (argv, expected) => {
    const { configuration } = run({ argv });
    expect(configuration && known(configuration.concurrency)).toBe(expected);
  });
});

describe("what is not known", () => {
  test("a file of variables for the application may set WEB_CONCURRENCY", () => {
    const { configuration } = run({ argv: ["app:app", "--env-file", ".env"] });
    expect(configuration?.workers.known).toBe(false);
    expect(configuration && known(configuration.backlog)).toBe(2048);
  });

  test("a port that the kernel picks", () => {
    expect(run({ argv: ["app:app", "--port", "0"] }).configuration?.binds.known).toBe(false);
  });

  test("an asterisk in a list", () => {
    const { configuration } = run({ argv: ["app:app", "--forwarded-allow-ips", "10.0.0.1,*"] });
    expect(configuration?.forwardedAllowIps.known).toBe(false);
  });
});

test("a value is found at its option", () => {
  const { configuration } = run({ argv: ["app:app", "--workers", "4", "--port=9000"] });
  const { workers, binds } = configuration ?? {};
  expect(workers?.origin.at && spanText(workers.origin.at)).toBe("--workers\n4");
  expect(workers !== undefined && isWritten(workers)).toBe(true);
  expect(binds?.origin.at && spanText(binds.origin.at)).toBe("--port=9000");
});

test("messages name the option and what is wrong", () => {
  const messages = (argv: readonly string[], env = {}) =>
    run({ argv, env }).problems.map(({ message }) => message);
  expect(messages(["app:app", "--port", "80a", "-w4"])).toEqual([
    "uvicorn does not start: there is no option -w",
    "uvicorn does not start: --port must be a whole number, not '80a'",
  ]);
  expect(messages([], { WEB_CONCURRENCY: "auto" })).toEqual([
    "uvicorn does not start: no application is named",
    "uvicorn does not start: WEB_CONCURRENCY is no whole number: 'auto'",
  ]);
});

test("any command line is answered", () => {
  const word = fc.oneof(
    fc.constantFrom(
      "--",
      "-",
      "--workers",
      "--workers=",
      "--reload",
      "--fd",
      "--uds",
      "--port=1",
      "app:app",
      "4",
      "-ve",
      "-h",
    ),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(
      fc.array(word),
      fc.option(word),
      fc.constantFrom(["uvicorn"], ["fastapi", "run"], ["fastapi", "dev"]),
      (argv, value, [program, ...verb]) => {
        const { configuration, problems } = run(
          { argv: [...verb, ...argv], env: value === null ? {} : { WEB_CONCURRENCY: value, PORT: value } },
          program,
        );
        expect(configuration === undefined || problems.length === 0).toBe(true);
      },
    ),
  );
});
