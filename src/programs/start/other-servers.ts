import { nameOf } from "../../files/host-path.ts";
import type { StartedProgram } from "../../model/container.ts";

/** Servers of Python applications that are not understood here. */
const servers: ReadonlySet<string> = new Set([
  "hypercorn",
  "daphne",
  "granian",
  "uwsgi",
  "uwsgi-core",
  "waitress-serve",
  "unitd",
  "twist",
  "twistd",
  "pserve",
  "mod_wsgi-express",
]);

/** Commands of manage.py and of django-admin that serve. */
const serving: ReadonlySet<string> = new Set(["runserver", "runserver_plus"]);

/**
 * What serves an application without gunicorn and uvicorn, as people name it: `daphne`, `flask run`,
 * `manage.py runserver`, `python main.py`, which may start a server by itself. Undefined for everything else.
 */
export function otherServer({ program, words }: StartedProgram): string | undefined {
  if (servers.has(program)) return program;
  const texts = words.slice(1).map(({ text }) => (text.known ? text.value : ""));
  if (program === "flask") return texts.includes("run") ? "flask run" : undefined;
  if (program === "django-admin" || program === "manage.py") return managed(program, texts);
  if (program !== "python") return undefined;
  const script = texts.findIndex((text) => /^[^-].*\.py$/.test(text));
  const name = nameOf(texts[script] ?? "");
  if (script === -1 || texts.slice(0, script).includes("-c")) return undefined;
  return name === "manage.py" ? managed(name, texts.slice(script + 1)) : `python ${name}`;
}

function managed(program: string, words: readonly string[]): string | undefined {
  const command = words.find((word) => serving.has(word));
  return command === undefined ? undefined : `${program} ${command}`;
}
