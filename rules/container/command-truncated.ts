import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "A compose command ends at an unquoted operator of the shell",
    since: "0.1.0",
    sources: ["mattn/go-shellwords shellwords.go", "compose-go types/command.go"],
  },
  docs: () => ({
    what: "Reports a `command:` or `entrypoint:` text of a compose file with an unquoted `&&`, `||`, `;`, `|`, `>` or `<`. Compose splits the text into words without a shell and drops everything from the operator on.",
    why: "Only the first command runs: after `python manage.py migrate && gunicorn ...` the container migrates and ends, and `restart: always` starts it again for ever.",
    fix: 'Let a shell read it: `command: sh -c "migrate && exec gunicorn ..."`, or put the commands into an entry point script.',
  }),
  examples: () => [
    {
      title: "migrate && gunicorn",
      files: {
        "docker-compose.yml":
          "services:\n  web:\n    image: python:3.12\n    command: python manage.py migrate «&&» gunicorn -b 0.0.0.0:8000 app.wsgi\n  proxy:\n    image: nginx:1.27\n",
      },
      findings: [
        'no shell reads command of web: docker compose starts only "python manage.py migrate" and drops "&& gunicorn -b 0.0.0.0:8000 app.wsgi"',
      ],
    },
    {
      title: "The only server of the project is never started",
      files: {
        "docker-compose.yml":
          "services:\n  web:\n    build: .\n    command: ./wait-for db:5432 «&&» gunicorn -b 0.0.0.0:8000 app.wsgi\n",
      },
      findings: [
        'no shell reads command of web: docker compose starts only "./wait-for db:5432" and drops "&& gunicorn -b 0.0.0.0:8000 app.wsgi"',
      ],
    },
    {
      title: "Quiet: a shell reads it",
      files: {
        "docker-compose.yml":
          'services:\n  web:\n    image: python:3.12\n    command: sh -c "python manage.py migrate && exec gunicorn -b 0.0.0.0:8000 app.wsgi"\n',
      },
    },
  ],
});
