import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "The settings file that gunicorn is told to load does not exist",
    since: "0.1.0",
    sources: ["gunicorn gunicorn/app/base.py, Application.get_config_from_filename"],
  },
  docs: () => ({
    what: "Reports a `-c` that names a file which is not in its directory, where that directory is part of the tree.",
    why: "gunicorn exits with status 1 before it listens.",
    fix: "Correct the path. `-c` is relative to the directory that gunicorn starts in, not to `--chdir`.",
  }),
  examples: () => [
    {
      title: "A file with another name",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=«/usr/bin/gunicorn -c gunicorn.py app:app»\n",
        "srv/app/gunicorn_conf.py": "workers = 3\n",
      },
      findings: ["gunicorn does not start: its configuration file 'gunicorn.py' doesn't exist"],
    },
    {
      title: "Quiet: the file is there",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -c gunicorn_conf.py app:app\n",
        "srv/app/gunicorn_conf.py": "workers = 3\n",
      },
    },
  ],
});
