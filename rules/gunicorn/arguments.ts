import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "gunicorn refuses its command line",
    since: "0.1.0",
    sources: ["gunicorn gunicorn/config.py, Config.parser", "Python argparse"],
  },
  docs: () => ({
    what: "Reports arguments that gunicorn's own parser refuses: an unknown flag, an ambiguous prefix, a missing value, a number that is none.",
    why: "gunicorn prints its usage and exits with status 2; the service never comes up, and systemd starts it again and again.",
    fix: "Write the flag as the message says. Flags and settings have different names: `--keep-alive` is the flag of `keepalive`, `--preload` that of `preload_app`.",
  }),
  examples: () => [
    {
      title: "A flag that is the name of a setting",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn «--keepalive=5» app:app\n",
      },
      findings: ["gunicorn does not start: unrecognized arguments: --keepalive=5"],
    },
    {
      title: "Quiet: a unique prefix of a flag",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn --keep 5 app:app\n",
      },
    },
  ],
});
