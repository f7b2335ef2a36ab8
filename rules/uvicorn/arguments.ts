import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "uvicorn refuses its command line",
    since: "0.1.0",
    sources: ["uvicorn uvicorn/main.py, uvicorn/config.py", "click click/parser.py"],
  },
  docs: {
    what: "Reports what uvicorn, started by itself, refuses: an unknown option, a missing value, a number that is none (also in `UVICORN_*` and `WEB_CONCURRENCY`), no application.",
    why: "uvicorn prints what is wrong and ends before it listens; the service or container is started again and again.",
    fix: "Write the option as the message says. uvicorn has no short options and takes no beginnings of names; several options of gunicorn have other names here: `--timeout-keep-alive`, `--limit-max-requests`, `--host` and `--port` instead of `--bind`.",
  },
  examples: [
    {
      title: "An option of gunicorn",
      files: {
        "etc/systemd/system/api.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/srv/app/venv/bin/uvicorn app:app «-w» 4\n",
      },
      findings: ["uvicorn does not start: there is no option -w"],
    },
    {
      title: "Quiet: behind a reverse proxy",
      files: {
        "etc/systemd/system/api.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/srv/app/venv/bin/uvicorn app:app --uds /run/api.sock --proxy-headers --workers=4\n",
      },
    },
  ],
});
