import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "gunicorn refuses the value of a setting",
    since: "0.1.0",
    sources: ["gunicorn gunicorn/config.py, validators"],
  },
  docs: () => ({
    what: "Reports a value that gunicorn's validators refuse, on the command line, in the environment or in gunicorn.conf.py.",
    why: "gunicorn does not start.",
    fix: "Write the value in the form that the message names; in gunicorn.conf.py wrap a computed number in int().",
  }),
  examples: () => [
    {
      title: "A float for workers",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn app:app\n",
        "srv/app/gunicorn.conf.py": "«workers = 7 / 2»\n",
      },
      findings: [
        "gunicorn does not start: workers = 3.5: it is a float, and gunicorn takes whole numbers only",
      ],
    },
    {
      title: "Quiet: the same as an integer",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn app:app\n",
        "srv/app/gunicorn.conf.py": "workers = 7 // 2\n",
      },
    },
  ],
});
