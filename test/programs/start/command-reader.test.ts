import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Argument } from "../../../src/model/command.ts";
import { fact, unknown, type Value } from "../../../src/model/value.ts";
import { readCommand } from "../../../src/programs/start/command-reader.ts";
import { argumentsOf, environmentOf } from "../gunicorn/command-line.ts";

const empty = environmentOf({});
const directory = fact("WorkingDirectory=", "/srv", "the test");
const known = (value: Value<string> | undefined) => (value?.known ? value.value : value?.origin.why);
const read = (words: readonly Argument[], variables: Readonly<Record<string, string>> = {}) => {
  const command = readCommand(words, environmentOf(variables), directory);
  return command?.program === "gunicorn" ? command : undefined;
};
const find = (words: readonly string[]) =>
  read(argumentsOf(words))
    ?.words.slice(1)
    .map((argument) => known(argument.text));

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
    ["uv run --package web --group prod gunicorn -w 3 app:app"],
    ["uvx --from gunicorn==23.0 gunicorn -w 3 app:app"],
    ["python -m uv run gunicorn -w 3 app:app"],
    ["python3 -m poetry run gunicorn -w 3 app:app"],
    ["pyenv exec python3 -m gunicorn -w 3 app:app"],
    ["pixi run -e prod gunicorn -w 3 app:app"],
    ["logfire run gunicorn -w 3 app:app"],
    ["opentelemetry-instrument --traces_exporter otlp gunicorn -w 3 app:app"],
    ["coverage run --parallel-mode -m gunicorn -w 3 app:app"],
    ["python -m debugpy --listen 0.0.0.0:5678 -m gunicorn -w 3 app:app"],
    ["xvfb-run -a gunicorn -w 3 app:app"],
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
  });

  test("behind a path that is not known", () => {
    const [first, ...rest] = argumentsOf(["{{ venv }}/bin/gunicorn", "app:app"]);
    if (first === undefined) throw new Error("there is no first word");
    const hole: Argument = { at: first.at, text: unknown("argument", "{{ venv }} is not known") };
    expect(read([hole, ...rest])?.words).toHaveLength(2);
  });
});

describe("fastapi starts uvicorn", () => {
  const program = (line: string) => readCommand(argumentsOf(line.split(" ")), empty, directory)?.program;

  test.each([
    ["fastapi run"],
    ["fastapi --verbose run app/main.py"],
    ["/srv/app/.venv/bin/fastapi dev"],
    ["python -m fastapi run --workers 4"],
    ["python /usr/local/bin/fastapi run"],
    ["uv run --no-dev fastapi run app/main.py"],
    ["poetry run fastapi run"],
    ["pipenv run fastapi run"],
    ["pdm run fastapi run"],
    ["hatch run fastapi run"],
    ["dumb-init -- fastapi run"],
    ["tini -- uv run fastapi run"],
    ["exec fastapi run"],
  ])("%s", (line) => {
    expect(program(line)).toBe("uvicorn");
  });

  test.each([
    ["fastapi"],
    ["fastapi --version"],
    ["fastapi deploy"],
    ["fastapi login run"],
    ["fastapi app/main.py run"],
  ])("and %s does not", (line) => {
    expect(program(line)).toBe("fastapi");
  });
});

describe("what a command changes", () => {
  test("variables", () => {
    const command = read(argumentsOf(["env", "-u", "PORT", "WEB_CONCURRENCY=5", "gunicorn", "app:app"]), {
      PORT: "80",
      HOME: "/root",
    });
    const get = (name: string) => {
      const value = command?.environment.get(name);
      return value?.known ? value.value : value;
    };
    expect([get("PORT"), get("WEB_CONCURRENCY"), get("HOME")]).toEqual([undefined, "5", "/root"]);
  });

  test("env -i leaves nothing but what it sets", () => {
    const command = read(argumentsOf(["env", "-i", "A=b", "gunicorn", "app:app"]), { PORT: "80" });
    expect(command?.environment.get("PORT")).toMatchObject({ known: true, value: undefined });
    expect(command?.environment.names?.()).toEqual(["A"]);
  });

  test.each([
    [["env", "-C", "/opt", "gunicorn", "app:app"], "/opt"],
    [["env", "--chdir=/opt", "gunicorn", "app:app"], "/opt"],
    [["gunicorn", "app:app"], "/srv"],
  ])("the directory: %j", (words, expected) => {
    expect(known(read(argumentsOf(words))?.workingDirectory)).toBe(expected);
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
    ),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const found = readCommand(argumentsOf(words), empty, directory);
      expect(found === undefined || found.words.length <= Math.max(words.length, 3)).toBe(true);
    }),
  );
});
