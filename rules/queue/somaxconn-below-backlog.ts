import { groupBy } from "../../src/lint/group.ts";
import { defineRule } from "../../src/lint/rule.ts";
import { addressText } from "../../src/model/address.ts";
import type { Listener } from "../../src/model/host.ts";
import { isWritten, placeOf } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "The kernel cuts the accept queue below the backlog that a program asks for",
    since: "0.1.0",
    sources: [
      "listen(2)",
      "Linux Documentation/networking/ip-sysctl.rst, somaxconn",
      "nginx ngx_http_core_module, listen",
    ],
  },
  docs: () => ({
    what: "Compares the backlog of every listening socket (nginx `listen`, gunicorn `--backlog`, `Backlog=` of a socket unit) with `net.core.somaxconn` of the network namespace that it listens in. A backlog that somebody wrote is an error; the program's own default (511 for nginx, 2048 for gunicorn) is a warning.",
    why: "The kernel silently takes the smaller of the two. When that many connections wait to be accepted, further ones are dropped; clients hang and try again after one, two, four seconds.",
    fix: "Raise `net.core.somaxconn` in a file of `/etc/sysctl.d` and restart the program: a running listener keeps its old queue until it calls listen(2) again, and for nginx a reload is not enough. Or write the smaller backlog, so that the file says what happens.",
    exceptions:
      "Since Linux 5.4 the default of somaxconn is 4096, before it was 128. Where the kernel is not known and nothing sets the key, backlogs between the two are not judged.",
  }),
  examples: () => [
    {
      title: "A written backlog above a written somaxconn",
      files: {
        "etc/nginx/nginx.conf": "events {}\nhttp {\n  server {\n    listen 80 ⟦«backlog=4096»⟧;\n  }\n}\n",
        "etc/sysctl.d/60-net.conf": "net.core.somaxconn = ⟦1024⟧\n",
      },
      findings: [
        "nginx asks for a backlog of 4096 on *:80, but net.core.somaxconn is 1024: the queue holds 1024",
      ],
    },
    {
      title: "nginx's default of 511 on a kernel before 5.4",
      files: { "etc/nginx/nginx.conf": "events {}\nhttp {\n  server {\n    «listen 80;»\n  }\n}\n" },
      facts: { kernel: "4.19" },
      findings: [
        "nginx asks for a backlog of 511 (its default) on *:80, but net.core.somaxconn is 128: the queue holds 128",
      ],
    },
    {
      title: "uvicorn's default of 2048",
      files: {
        "etc/sysctl.d/60-net.conf": "net.core.somaxconn = ⟦1024⟧\n",
        "etc/systemd/system/api.service":
          "[Service]\nWorkingDirectory=/srv/api\nExecStart=«⟦/srv/api/venv/bin/uvicorn app:app --port 9000⟧»\n",
      },
      findings: [
        "uvicorn (api.service) asks for a backlog of 2048 (its default) on 127.0.0.1:9000, but net.core.somaxconn is 1024: the queue holds 1024",
      ],
    },
    {
      title: "Quiet: the default of 511 on a kernel since 5.4",
      files: { "etc/nginx/nginx.conf": "events {}\nhttp {\n  server {\n    listen 80;\n  }\n}\n" },
      facts: { kernel: "5.15" },
    },
    {
      title: "Quiet: a socket unit without Backlog= takes what the kernel gives",
      files: {
        "etc/systemd/system/app.socket": "[Socket]\nListenStream=127.0.0.1:7000\n",
        "etc/systemd/system/app.service": "[Service]\nExecStart=/usr/bin/app\n",
      },
      facts: { kernel: "6.1", systemd: "257" },
    },
    {
      title: "Quiet: the kernel is not known and nothing sets the key",
      files: { "etc/nginx/nginx.conf": "events {}\nhttp {\n  server {\n    listen 80;\n  }\n}\n" },
    },
  ],
  *check(host, ask) {
    const cut = host.listeners.filter(
      (listener) => asksForIt(listener) && ask.below(somaxconn(listener), listener.backlog),
    );
    for (const same of groupBy(cut, cause)) {
      const [listener, ...others] = same;
      if (listener === undefined) continue;
      const wasWritten = isWritten(listener.backlog);
      const asked = `${valueText(listener.backlog)}${wasWritten ? "" : " (its default)"}`;
      const places =
        same.length === 1
          ? addressText(listener.address)
          : `${addressText(listener.address)} and ${others.length} more`;
      yield {
        at: placeOf(listener.backlog) ?? listener.at,
        severity: wasWritten ? "error" : "warning",
        message: `${listener.owner} asks for a backlog of ${asked} on ${places}, but net.core.somaxconn is ${valueText(somaxconn(listener))}: the queue holds ${valueText(listener.acceptQueue)}`,
        why: "The kernel takes the smaller of the two without a word; connections beyond it are dropped and clients wait for retries.",
        because: [
          listener.backlog,
          somaxconn(listener),
          ...others.map((other) => ({ message: `the same on ${addressText(other.address)}`, at: other.at })),
        ],
        help: `${listener.environment.remedies.sysctl("net.core.somaxconn", valueText(listener.backlog))} and restart ${listener.owner}, or ask for a backlog of ${valueText(somaxconn(listener))}`,
      };
    }
  },
});

/** Since systemd 254 a socket unit without Backlog= asks for as much as the kernel gives. */
function asksForIt({ program, backlog }: Listener): boolean {
  return program !== "systemd" || backlog.origin.kind === "written";
}

function somaxconn(listener: Listener) {
  return listener.environment.sysctl("net.core.somaxconn");
}

function cause(listener: Listener): string {
  return [
    listener.owner,
    valueText(listener.backlog),
    isWritten(listener.backlog),
    valueText(somaxconn(listener)),
  ].join("\0");
}
