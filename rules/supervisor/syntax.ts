import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "supervisord refuses its configuration",
    since: "0.1.0",
    sources: ["supervisor supervisor/options.py (4.2.5)"],
  },
  docs: () => ({
    what: "Reports lines of the supervisord configuration that a container starts which supervisor's own reader does not accept: a line outside of any section, a variable `%(ENV_X)s` that is not set, a quotation that is not closed.",
    why: "supervisord prints the error and ends, and with it the container; none of its programs is started.",
    fix: "Correct the line as the message says.",
  }),
  examples: () => [
    {
      title: "A quotation that is not closed",
      files: {
        Dockerfile:
          'FROM python:3.12\nCOPY supervisord.conf /etc/supervisord.conf\nCMD ["supervisord", "-n", "-c", "/etc/supervisord.conf"]\n',
        "supervisord.conf":
          '[supervisord]\nnodaemon=true\n\n[program:app]\ncommand=«gunicorn -b "0.0.0.0:8000 app:app»\n',
      },
      findings: ["supervisord cannot start app: a quotation of its command is not closed"],
    },
    {
      title: "Quiet: comments behind values",
      files: {
        Dockerfile:
          'FROM python:3.12\nCOPY supervisord.conf /etc/supervisord.conf\nCMD ["supervisord", "-n", "-c", "/etc/supervisord.conf"]\n',
        "supervisord.conf":
          "[supervisord]\nnodaemon=true ; in the foreground\n\n[program:app]\ncommand=gunicorn -b 0.0.0.0:8000 app:app\n",
      },
    },
  ],
});
