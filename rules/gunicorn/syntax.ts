import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "gunicorn.conf.py is no valid Python",
    since: "0.1.0",
    sources: [
      "Python language reference",
      "gunicorn gunicorn/app/base.py, Application.load_config_from_module_name_or_filename",
    ],
  },
  docs: () => ({
    what: "Reports a syntax error in a settings file that gunicorn loads. The file is read, never executed.",
    why: "gunicorn prints the traceback and exits with status 1.",
    fix: "Correct the file at the place shown.",
  }),
  examples: () => [
    {
      title: "A parenthesis that is not closed",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn app:app\n",
        "srv/app/gunicorn.conf.py": "import multiprocessing\n\nworkers = int(multiprocessing.cpu_count()«\n»",
      },
      findings: ["invalid Python syntax"],
    },
    {
      title: "Quiet: a settings file as the documentation writes it",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn app:app\n",
        "srv/app/gunicorn.conf.py":
          'import multiprocessing\n\nbind = "127.0.0.1:8000"\nworkers = multiprocessing.cpu_count() * 2 + 1\n',
      },
    },
  ],
});
