import { defineRule } from "../../src/lint/rule.ts";
import { isWritten, placeOf } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "gunicorn replaces the backlog of the socket unit that starts it",
    since: "0.1.0",
    sources: [
      "systemd.socket(5), Backlog=",
      "gunicorn gunicorn/sock.py, BaseSocket.set_options",
      "listen(2)",
    ],
  },
  docs: () => ({
    what: "Reports a `Backlog=` in a socket unit whose service runs a gunicorn with another backlog.",
    why: "Under socket activation gunicorn calls listen(2) once more on the socket that it is handed, with its own `--backlog` (2048 by default). The queue has the size of gunicorn's backlog from then on; the number in the unit is in force only until the service has started.",
    fix: "Give gunicorn the same number with `--backlog`, or leave `Backlog=` out of the unit.",
  }),
  examples: () => [
    {
      title: "A unit that asks for more than gunicorn",
      files: {
        "etc/systemd/system/app.socket":
          "[Socket]\nListenStream=/run/app.sock\n«Backlog=4096»\n\n[Install]\nWantedBy=sockets.target\n",
        "etc/systemd/system/app.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/srv/app/venv/bin/gunicorn ⟦--backlog 512⟧ app:app\n",
      },
      facts: { gunicorn: "23.0.0" },
      findings: ["Backlog= of app.socket is 4096, but gunicorn (app.service) calls listen again with 512"],
    },
    {
      title: "Quiet: the same number on both sides",
      files: {
        "etc/systemd/system/app.socket": "[Socket]\nListenStream=/run/app.sock\nBacklog=2048\n",
        "etc/systemd/system/app.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/srv/app/venv/bin/gunicorn app:app\n",
      },
      facts: { gunicorn: "23.0.0" },
    },
    {
      title: "Quiet: the unit of gunicorn's own documentation sets no Backlog=",
      files: {
        "etc/systemd/system/gunicorn.socket":
          "[Socket]\nListenStream=/run/gunicorn.sock\nSocketUser=www-data\n",
        "etc/systemd/system/gunicorn.service":
          "[Service]\nType=notify\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn applicationname.wsgi\n",
      },
      facts: { gunicorn: "23.0.0" },
    },
  ],
  *check(host, ask) {
    for (const gunicorn of host.gunicorn)
      for (const socket of gunicorn.activatedBy) {
        const { backlog } = gunicorn.configuration;
        if (!isWritten(socket.backlog)) continue;
        if (!ask.certain([socket.backlog, backlog], (unit, own) => unit !== own)) continue;
        yield {
          at: placeOf(socket.backlog) ?? socket.file,
          message: `Backlog= of ${socket.name} is ${valueText(socket.backlog)}, but ${gunicorn.name} calls listen again with ${valueText(backlog)}`,
          why: "listen(2) on a socket that already listens replaces its queue size, so the unit's number is gone once the service runs.",
          because: [socket.backlog, backlog],
          help: `start ${gunicorn.program} with --backlog ${valueText(socket.backlog)}, or leave Backlog= out of the unit`,
        };
      }
  },
});
