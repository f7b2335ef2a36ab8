import { groupBy } from "../../src/lint/group.ts";
import { defineRule } from "../../src/lint/rule.ts";
import { isListed } from "../../src/text/globs.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "A start command uses a variable that nothing sets",
    since: "0.1.0",
    sources: [
      "Compose Specification, environment",
      "sh(1), parameter expansion",
      "gunicorn gunicorn/util.py parse_address: an empty bind is 0.0.0.0:8000",
    ],
  },
  docs: () => ({
    what: "Reports a variable without a default in the command line of nginx, gunicorn or another server of a container, where neither the service, its env_file, the image nor the script sets it; and one of a compose file that no .env file sets.",
    why: "The shell puts nothing in its place: `--workers=` stops gunicorn (`invalid int value: ''`), `--bind=` makes it listen on 0.0.0.0:8000, and an unquoted one lets the next word become the value.",
    fix: "Set the variable for the service, or write a default: `${GUNICORN_WORKERS:-3}`.",
  }),
  options: {
    "set-elsewhere": {
      kind: "globs",
      default: [],
      unit: "variables",
      what: "Variables that whoever starts the containers sets, such as a CI job or a platform.",
    },
  },
  examples: () => [
    {
      title: "A name that differs by a letter",
      files: {
        "docker-compose.yml": "services:\n  web:\n    build: .\n    environment:\n      GUNICORN_WORKER: 3\n",
        Dockerfile:
          'FROM python:3.12\nWORKDIR /app\nCMD gunicorn --workers="«⟦$GUNICORN_WORKERS⟧»" --bind=0.0.0.0:8000 app:app\n',
      },
      findings: ["nothing sets GUNICORN_WORKERS, which the command of web uses without a default"],
    },
    {
      title: "A compose file whose .env does not set it",
      files: {
        "docker-compose.yml":
          "services:\n  web:\n    image: python:3.12\n    command: gunicorn --workers=«⟦${WORKERS}⟧» -b 0.0.0.0:8000 app:app\n",
        ".env": "DEBUG=0\n",
      },
      findings: ["no .env file here sets WORKERS, which the command of web uses without a default"],
    },
    {
      title: "Quiet: the .env file that may set it is not here",
      files: {
        "docker-compose.yml":
          "services:\n  web:\n    image: python:3.12\n    env_file: .env\n    command: gunicorn --workers=${WORKERS} -b 0.0.0.0:8000 app:app\n",
      },
    },
    {
      title: "Quiet: a variable that no command line uses",
      files: {
        "docker-compose.yml":
          "services:\n  web:\n    image: python:3.12\n    environment:\n      TAG: ${TAG}\n    command: gunicorn -b 0.0.0.0:8000 app:app\n",
        ".env": "DEBUG=0\n",
      },
    },
    {
      title: "Quiet: a default in the script",
      files: {
        "docker-compose.yml": "services:\n  web:\n    build: .\n",
        Dockerfile:
          'FROM python:3.12\nWORKDIR /app\nCMD gunicorn --workers="${GUNICORN_WORKERS:-3}" --bind=0.0.0.0:8000 app:app\n',
      },
    },
    {
      title: "Quiet: who runs an image by itself passes the variable",
      files: {
        Dockerfile:
          'FROM python:3.12\nWORKDIR /app\nCMD gunicorn --workers="$GUNICORN_WORKERS" --bind="0.0.0.0:$PORT" app:app\n',
      },
    },
    {
      title: "Quiet: an env_file that is not in the repository may set it",
      files: {
        "docker-compose.yml": "services:\n  web:\n    build: .\n    env_file: .env\n",
        Dockerfile:
          'FROM python:3.12\nWORKDIR /app\nCMD gunicorn --workers="$GUNICORN_WORKERS" --bind=0.0.0.0:8000 app:app\n',
      },
    },
    {
      title: "Quiet: a variable that the CI job exports before it starts the project",
      files: {
        "docker-compose.yml":
          "services:\n  web:\n    image: python:3.12\n    command: gunicorn --workers=${WEB_WORKERS} -b 0.0.0.0:8000 app:app\n",
        ".env": "DEBUG=0\n",
      },
      options: { "set-elsewhere": ["WEB_*"] },
    },
  ],
  *check(host, _, { "set-elsewhere": elsewhere }) {
    for (const { container, unset } of host.containers)
      for (const [first, ...others] of groupBy(unset, ({ name }) => name)) {
        if (first === undefined || isListed(elsewhere.value, first.name)) continue;
        yield {
          at: first.at,
          message: `${setter[first.expandedBy]} ${first.name}, which the command of ${container.name} uses without a default`,
          why: `${reader[first.expandedBy]} puts nothing in its place, and the program gets an empty value or the next word.`,
          because: [first, ...others].map(({ name, at }) => ({ message: `${name} is used here`, at })),
          help: `set ${first.name} for ${container.name}, or write a default as \${${first.name}:-VALUE}`,
        };
      }
  },
});

const setter = {
  start: "nothing sets",
  compose: "no .env file here sets",
} as const;
const reader = { start: "The shell", compose: "docker compose" } as const;
