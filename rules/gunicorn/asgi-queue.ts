import { defineRule } from "../../src/lint/rule.ts";
import { isWritten, placeOf } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

/** What asyncio's create_server passes to listen(2). */
const queue = 100;

export default defineRule({
  meta: {
    severity: "warning",
    title: "The asgi worker listens with a queue of 100, whatever backlog says",
    since: "0.1.0",
    sources: [
      "gunicorn gunicorn/workers/gasgi.py, create_server(sock=...)",
      "seen with ss on gunicorn 24.1.1, 25.3.0 and 26.1.0, with asyncio and uvloop",
      "Python asyncio, loop.create_server: backlog=100",
    ],
  },
  docs: () => ({
    what: 'Reports a backlog other than 100 that somebody wrote for a gunicorn with `worker_class = "asgi"` (since 24.0).',
    why: "The worker hands the socket to asyncio, which calls listen(2) once more with 100. The queue is 100 from then on; in a burst further connections are dropped and clients wait for retries.",
    fix: "Leave `backlog` out, so that the file says what happens. Where a longer queue is needed, take `uvicorn_worker.UvicornWorker`, which keeps it, and let nginx hold the burst.",
    exceptions: "The default of 2048 is not reported: nobody asked for it.",
  }),
  examples: () => [
    {
      title: "A backlog that the asgi worker does not keep",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn app:app\n",
        "srv/app/gunicorn.conf.py": '⟦worker_class = "asgi"⟧\n«⟦backlog = 4096⟧»\n',
      },
      findings: ["backlog is 4096, but the asgi worker listens with 100"],
    },
    {
      title: "Quiet: uvicorn's worker keeps the backlog",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn app:app\n",
        "srv/app/gunicorn.conf.py": 'worker_class = "uvicorn_worker.UvicornWorker"\nbacklog = 4096\n',
      },
    },
    {
      title: "Quiet: nobody asked for more than the default",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -k asgi app:app\n",
      },
    },
  ],
  *check(host, ask) {
    for (const { configuration } of host.gunicorn) {
      const { workerKind, workerClass, settings } = configuration;
      const backlog = settings.get("backlog");
      if (backlog === undefined || !isWritten(backlog)) continue;
      if (!ask.certain([workerKind, backlog], (kind, asked) => kind === "asgi" && asked !== queue)) continue;
      yield {
        at: placeOf(backlog) ?? configuration.at,
        message: `backlog is ${valueText(backlog)}, but the asgi worker listens with ${queue}`,
        why: "Its event loop calls listen(2) once more with its own number; connections beyond it are dropped and clients wait for retries.",
        because: [backlog, workerClass],
        help: "leave backlog out, or take uvicorn_worker.UvicornWorker, which keeps it",
      };
    }
  },
});
