import { defineRule } from "../../src/lint/rule.ts";
import type { GunicornProcess } from "../../src/model/host.ts";
import { placeOf } from "../../src/model/value.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "A server watches its source files and restarts workers",
    since: "0.1.0",
    sources: [
      "gunicorn documentation, Settings, reload",
      "gunicorn gunicorn/workers/base.py, init_process and load_wsgi; gunicorn/reloader.py",
      "uvicorn uvicorn/supervisors/basereload.py; fastapi-cli, dev",
    ],
  },
  docs: () => ({
    what: "Reports `reload` switched on in a gunicorn or uvicorn that a systemd service starts, or that stands behind an nginx of the same host: `--reload`, `fastapi dev`, `uvicorn.run(..., reload=True)`.",
    why: "The files are watched, and workers end as soon as one has changed, with the requests in them: a deployment that replaces files restarts workers in the middle of it. And while the application fails to load, every client is shown the traceback.",
    fix: "Leave `reload` out (`fastapi run`), and after a deployment send gunicorn a HUP (`systemctl reload`) or restart uvicorn.",
    exceptions:
      "A start that is named after development (dev, local, debug, test and what the option says) is not judged, nor one that a script makes only under a condition that is not known, nor a container without an nginx in front. Behind nginx in a container it is an info, since such projects are also used to develop.",
  }),
  options: {
    development: {
      kind: "texts",
      default: ["dev", "devel", "development", "local", "debug", "test", "testing"],
      unit: "words",
      what: "A start with one of these words in the name of its service or file is one for development.",
    },
  },
  examples: () => [
    {
      title: "--reload in a service",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn «⟦--reload⟧» -w 3 app:app\n",
      },
      findings: ["gunicorn (app.service) runs with reload on"],
    },
    {
      title: "A uvicorn that runs by itself",
      files: {
        "etc/systemd/system/api.service":
          "[Service]\nWorkingDirectory=/srv/api\nExecStart=/srv/api/venv/bin/uvicorn app:app «⟦--reload⟧» --workers 4\n",
      },
      findings: ["uvicorn (api.service) runs with reload on"],
    },
    {
      title: "fastapi dev, which reloads by itself",
      files: {
        "etc/systemd/system/api.service":
          "[Service]\nWorkingDirectory=/srv/api\nExecStart=/srv/api/.venv/bin/fastapi «⟦dev⟧» app/main.py\n",
      },
      findings: ["uvicorn (api.service) runs with reload on"],
    },
    {
      title: "A Python script that calls uvicorn.run()",
      files: {
        "etc/systemd/system/api.service":
          "[Service]\nWorkingDirectory=/srv/api\nExecStart=/srv/api/.venv/bin/python main.py\n",
        "srv/api/main.py":
          'import uvicorn\n\nif __name__ == "__main__":\n    uvicorn.run("app:app", port=8000, «⟦reload=True⟧»)\n',
      },
      findings: ["uvicorn (api.service) runs with reload on"],
    },
    {
      title: "Quiet: a Python script that reloads where a variable says so",
      files: {
        "etc/systemd/system/api.service":
          "[Service]\nWorkingDirectory=/srv/api\nEnvironmentFile=/etc/api.env\nExecStart=/srv/api/.venv/bin/python main.py\n",
        "srv/api/main.py":
          'import os\nimport uvicorn\n\nif __name__ == "__main__":\n    uvicorn.run("app:app", reload=os.environ.get("MODE") == "dev")\n',
      },
    },
    {
      title: "Quiet: fastapi run",
      files: {
        "etc/systemd/system/api.service":
          "[Service]\nWorkingDirectory=/srv/api\nExecStart=/srv/api/.venv/bin/fastapi run app/main.py\n",
      },
    },
    {
      title: "Quiet: a start script that reloads where a variable says so",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nEnvironmentFile=/etc/app.env\nExecStart=/srv/app/start.sh\n",
        "srv/app/start.sh":
          '#!/bin/sh\nif [ "$APP_MODE" = dev ]; then\n  exec gunicorn --reload app:app\nfi\nexec gunicorn -w 3 app:app\n',
      },
    },
    {
      title: "Quiet: without it",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -w 3 app:app\nExecReload=/bin/kill -s HUP $MAINPID\n",
      },
    },
    {
      title: "Quiet: a service for development",
      files: {
        "etc/systemd/system/app-dev.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn --reload app:app\n",
      },
    },
    {
      title: "Quiet: a service that its owner develops in",
      files: {
        "etc/systemd/system/app-play-ground.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn --reload app:app\n",
      },
      options: { development: ["dev", "play-ground"] },
    },
  ],
  *check(host, ask, { development }) {
    const isNamed = namedAfter(development.value);
    for (const gunicorn of host.gunicorn) {
      const { program, configuration, environment, name } = gunicorn;
      const { reload } = configuration;
      const inService = environment.kind === "service";
      if (!inService && !host.links.some((link) => link.gunicorn === gunicorn)) continue;
      if (!gunicorn.certain || namesOf(gunicorn).some(isNamed) || !ask.certain([reload], (on) => on))
        continue;
      yield {
        at: placeOf(reload) ?? gunicorn.at,
        severity: inService ? "warning" : "info",
        message: `${name} runs with reload on`,
        why:
          program === "gunicorn"
            ? "A changed file ends workers in the middle of requests, and a failing import shows its traceback to every client."
            : "It looks through its folders for changed files all the time, serves with one process whatever --workers says, and a change ends requests.",
        because: [reload],
        help: "leave reload out where it serves for others",
      };
    }
  },
});

/** Whether a name holds one of the words, with no letter beside it. */
function namedAfter(words: readonly string[]): (name: string) => boolean {
  const forms = words.map((word) => word.replace(/[^a-z0-9]/gi, "\\$&"));
  const form = new RegExp(`(?:^|[^a-z])(?:${forms.join("|")})(?:[^a-z]|$)`, "i");
  return (name) => words.length > 0 && form.test(name);
}

/** The name of the service, and those of the files that start it. */
function namesOf({ environment, at, configuration }: GunicornProcess): string[] {
  const files = [at, environment.at, placeOf(configuration.reload)].flatMap(
    (place) => place?.file.path ?? [],
  );
  return [environment.name, ...files.map((path) => path.slice(path.lastIndexOf("/") + 1))];
}
