import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Argument } from "../../../src/model/command.ts";
import { fact, unknown, type Value } from "../../../src/model/value.ts";
import {
  changedDirectory,
  gunicornArguments,
  isGunicornCommand,
} from "../../../src/programs/gunicorn/gunicorn-command.ts";
import { spanText } from "../../../src/text/span.ts";
import { argumentsOf, environmentOf } from "./command-line.ts";

const empty = environmentOf({});
const known = (value: Value<string> | undefined) => (value?.known ? value.value : value?.origin.why);
const find = (words: readonly string[], variables: Readonly<Record<string, string>> = {}) => {
  const command = gunicornArguments(argumentsOf(words), environmentOf(variables));
  return command?.arguments.map((argument) => known(argument.text));
};

describe("gunicorn is found", () => {
  test.each([
    ["gunicorn -w 3 app:app"],
    ["/srv/venv/bin/gunicorn -w 3 app:app"],
    ["gunicorn3 -w 3 app:app"],
    ["python3 -m gunicorn -w 3 app:app"],
    ["/usr/bin/python3.11 -u -X dev -m gunicorn -w 3 app:app"],
    ["python -m gunicorn.app.wsgiapp -w 3 app:app"],
    ["python /srv/venv/bin/gunicorn -w 3 app:app"],
    ["/usr/bin/env gunicorn -w 3 app:app"],
    ["env -i -u A B=c PATH=/x gunicorn -w 3 app:app"],
    ["nice -n 5 gunicorn -w 3 app:app"],
    ["ionice -c2 -n 0 nice -5 gunicorn -w 3 app:app"],
    ["sudo -E -u www-data A=b gunicorn -w 3 app:app"],
    ["gosu app gunicorn -w 3 app:app"],
    ["su-exec app:app gunicorn -w 3 app:app"],
    ["tini -g -- gunicorn -w 3 app:app"],
    ["/usr/bin/dumb-init -- gosu app gunicorn -w 3 app:app"],
    ["poetry run gunicorn -w 3 app:app"],
    ["pipenv run python -m gunicorn -w 3 app:app"],
    ["uv run --frozen --directory /srv gunicorn -w 3 app:app"],
    ["timeout -s INT 30s gunicorn -w 3 app:app"],
    ["newrelic-admin run-program gunicorn -w 3 app:app"],
  ])("%s", (line) => {
    expect(find(line.split(" "))).toEqual(["-w", "3", "app:app"]);
  });

  test.each([
    ["uvicorn app:app"],
    ["python manage.py run gunicorn"],
    ["python -m uvicorn gunicorn"],
    ["echo gunicorn"],
    ["/etc/gunicorn.sh"],
    ["poetry install gunicorn"],
    ["A=b gunicorn app:app"],
    ["bash gunicorn"],
    [""],
  ])("and not in %s", (line) => {
    expect(find(line.split(" "))).toBeUndefined();
    expect(isGunicornCommand(argumentsOf(line.split(" ")))).toBe(false);
  });

  test("behind a path that is not known", () => {
    const [first, ...rest] = argumentsOf(["{{ venv }}/bin/gunicorn", "app:app"]);
    if (first === undefined) throw new Error("there is no first word");
    const hole: Argument = { at: first.at, text: unknown("argument", "{{ venv }} is not known") };
    expect(gunicornArguments([hole, ...rest], empty)?.arguments).toHaveLength(1);
  });
});

describe("in a shell", () => {
  test.each([
    ["exec gunicorn -w 3 app:app", ["-w", "3", "app:app"]],
    ["cd /srv/app && exec gunicorn --name 'a b' \"app:app\"", ["--name", "a b", "app:app"]],
    ["source venv/bin/activate && gunicorn app:app", ["app:app"]],
    ["PORT=80 gunicorn -b :$PORT app:app", ["-b", ":9000", "app:app"]],
    ['gunicorn -b "${HOST:-127.0.0.1}:${PORT}" app:app', ["-b", "127.0.0.1:9000", "app:app"]],
    ["gunicorn $OPTIONS app:app", ["--workers", "3", "app:app"]],
    ["gunicorn -w ${UNSET} app:app", ["-w", "app:app"]],
    ["gunicorn \\\n  -w 3 app:app", ["-w", "3", "app:app"]],
  ])("%s", (script, expected) => {
    expect(find(["/bin/bash", "-lc", script], { PORT: "9000", OPTIONS: "--workers 3" })).toEqual(expected);
  });

  test.each([
    ["gunicorn app:app | tee log"],
    ["gunicorn -w $(nproc) app:app"],
    ["gunicorn -w `nproc` app:app"],
    ["if true; then gunicorn app:app; fi"],
    ["gunicorn app:app &"],
    ["gunicorn *.py"],
    ["./migrate.sh && gunicorn app:app"],
    ["gunicorn 'app:app"],
  ])("%s is more than words", (script) => {
    expect(find(["sh", "-c", script])).toBeUndefined();
  });

  test("places point into the script", () => {
    const [words, quoted] = [argumentsOf(["sh", "-c", "exec gunicorn --workers 4 app:app"]), undefined];
    expect(gunicornArguments(words, empty)?.arguments.map(({ at }) => spanText(at))).toEqual([
      "--workers",
      "4",
      "app:app",
    ]);
    expect(quoted).toBeUndefined();
  });
});

describe("what a command changes", () => {
  test("variables", () => {
    const command = gunicornArguments(
      argumentsOf(["env", "-u", "PORT", "WEB_CONCURRENCY=5", "gunicorn", "app:app"]),
      environmentOf({ PORT: "80", HOME: "/root" }),
    );
    const get = (name: string) => {
      const value = command?.environment.get(name);
      return value?.known ? value.value : value;
    };
    expect([get("PORT"), get("WEB_CONCURRENCY"), get("HOME")]).toEqual([undefined, "5", "/root"]);
  });

  test("env -i leaves nothing but what it sets", () => {
    const command = gunicornArguments(
      argumentsOf(["env", "-i", "A=b", "gunicorn", "app:app"]),
      environmentOf({ PORT: "80" }),
    );
    expect(command?.environment.get("PORT")).toMatchObject({ known: true, value: undefined });
    expect(command?.environment.names?.()).toEqual(["A"]);
  });

  test.each([
    [["sh", "-c", "cd backend && gunicorn app:app"], "/srv/backend"],
    [["sh", "-c", "cd /opt/app && gunicorn app:app"], "/opt/app"],
    [["env", "-C", "/opt", "gunicorn", "app:app"], "/opt"],
    [["env", "--chdir=/opt", "gunicorn", "app:app"], "/opt"],
    [["gunicorn", "app:app"], "/srv"],
  ])("the directory: %j", (words, expected) => {
    const command = gunicornArguments(argumentsOf(words), empty);
    expect(
      known(changedDirectory(fact("WorkingDirectory=", "/srv", "the test"), command?.workingDirectory)),
    ).toBe(expected);
  });
});

test("any command is answered", () => {
  const word = fc.oneof(
    fc.constantFrom(
      "env",
      "sh",
      "-c",
      "sudo",
      "-u",
      "--",
      "poetry",
      "run",
      "gunicorn",
      "A=b",
      "python",
      "-m",
      "cd /x && sh -c gunicorn",
    ),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const found = gunicornArguments(argumentsOf(words), empty);
      expect(found === undefined || found.arguments.length < words.join(" ").length + 1).toBe(true);
    }),
  );
});
