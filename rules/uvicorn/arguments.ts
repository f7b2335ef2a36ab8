import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "uvicorn refuses its command line",
    since: "0.1.0",
    sources: [
      "uvicorn uvicorn/main.py, uvicorn/config.py",
      "click click/parser.py",
      "fastapi-cli fastapi_cli/cli.py",
    ],
  },
  docs: () => ({
    what: "Reports what uvicorn, started by itself, refuses: an unknown option, a missing value, a number that is none (also in `UVICORN_*` and `WEB_CONCURRENCY`), no application. Also what `fastapi run` and `fastapi dev`, which start uvicorn, refuse, and what `uvicorn.run()` of a Python script refuses: an argument that there is not, and workers or reload with an application that is an object.",
    why: "uvicorn prints what is wrong and ends before it listens; the service or container is started again and again.",
    fix: "Write the option as the message says. uvicorn has no short options and takes no beginnings of names; several options of gunicorn have other names here: `--timeout-keep-alive`, `--limit-max-requests`, `--host` and `--port` instead of `--bind`. `fastapi run` has only a few options; where another one of uvicorn is needed, start `uvicorn` itself.",
  }),
  examples: () => [
    {
      title: "An option of gunicorn",
      files: {
        "etc/systemd/system/api.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/srv/app/venv/bin/uvicorn app:app «-w» 4\n",
      },
      findings: ["uvicorn does not start: there is no option -w"],
    },
    {
      title: "An option of uvicorn that fastapi does not pass on",
      files: {
        "etc/systemd/system/api.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/srv/app/.venv/bin/fastapi run «--timeout-keep-alive» 30 app/main.py\n",
      },
      findings: ["fastapi run does not start: there is no option --timeout-keep-alive"],
    },
    {
      title: "Workers for an application that a script hands over as an object",
      files: {
        "etc/systemd/system/api.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/srv/app/.venv/bin/python -u main.py\n",
        "srv/app/main.py":
          'import uvicorn\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\nif __name__ == "__main__":\n    uvicorn.run(app, host="127.0.0.1", port=8000, «workers=4»)\n',
      },
      findings: [
        'uvicorn does not start: with 4 workers the application must be given as a text such as "main:app", not as an object',
      ],
    },
    {
      title: "An argument of gunicorn in uvicorn.run()",
      files: {
        "etc/systemd/system/api.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/srv/app/.venv/bin/python -m api.main\n",
        "srv/app/api/main.py":
          'import uvicorn\n\ndef main():\n    uvicorn.run("api.app:app", «timeout=30»)\n\nif __name__ == "__main__":\n    main()\n',
      },
      findings: ["uvicorn does not start: uvicorn.run() has no argument timeout"],
    },
    {
      title: "Quiet: a script that names its application",
      files: {
        "etc/systemd/system/api.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/srv/app/.venv/bin/python main.py\n",
        "srv/app/main.py":
          'import os\nimport uvicorn\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\nif __name__ == "__main__":\n    uvicorn.run("main:app", port=int(os.getenv("PORT", "8000")), workers=4)\n',
      },
    },
    {
      title: "Quiet: fastapi in production, on the port that the platform names",
      files: {
        Procfile: "web: fastapi run --workers 4 --port $PORT --forwarded-allow-ips 10.0.0.1 app/main.py\n",
      },
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
