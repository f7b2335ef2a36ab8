import { expect, test } from "vitest";
import { fact } from "../../../src/model/value.ts";
import { otherServer } from "../../../src/programs/start/other-servers.ts";
import { startedPrograms } from "../../../src/programs/start/started-programs.ts";
import { SourceFile } from "../../../src/text/source-file.ts";
import { fileSpan } from "../../../src/text/span.ts";
import { argumentsOf, environmentOf } from "../gunicorn/command-line.ts";

async function serversOf(line: string): Promise<string[]> {
  const { programs } = await startedPrograms(
    {
      arguments: fact("command line", argumentsOf(line.split(" ")), "the test"),
      environment: environmentOf({}),
      workingDirectory: fact("WORKDIR", "/app", "the test"),
      at: fileSpan(new SourceFile("command", line)),
    },
    { read: () => undefined },
  );
  return programs.flatMap((program) => otherServer(program) ?? []);
}

test.each([
  ["daphne -b 0.0.0.0 shop.asgi:application", "daphne"],
  ["/venv/bin/hypercorn shop:app", "hypercorn"],
  ["uv run granian --interface asgi shop:app", "granian"],
  ["uwsgi --ini uwsgi.ini", "uwsgi"],
  ["waitress-serve --port 8000 shop:app", "waitress-serve"],
  ["flask --app shop run --host 0.0.0.0", "flask run"],
  ["python -m flask run", "flask run"],
  ["python manage.py runserver 0.0.0.0:8000", "manage.py runserver"],
  ["./manage.py runserver", "manage.py runserver"],
  ["python -u src/main.py --port 8000", "python main.py"],
])("%s", async (line, expected) => {
  expect(await serversOf(line)).toEqual([expected]);
});

test.each([
  ["gunicorn shop:app"],
  ["fastapi run"],
  ["python manage.py migrate"],
  ["flask db upgrade"],
  ["celery -A shop worker"],
  ["python -c print(1).py"],
  ["python"],
])("%s serves nothing else", async (line) => {
  expect(await serversOf(line)).toEqual([]);
});
