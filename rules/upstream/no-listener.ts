import { groupBy } from "../../src/lint/group.ts";
import { defineRule } from "../../src/lint/rule.ts";
import { type Address, addressText, isLoopback, reaches } from "../../src/model/address.ts";
import type { Host } from "../../src/model/host.ts";
import { proxyTargets } from "../../src/model/nginx.ts";
import type { Span } from "../../src/text/span.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "nginx hands requests to an address on which nothing of the host listens",
    since: "0.1.0",
    sources: [
      "nginx ngx_http_proxy_module, proxy_pass",
      "gunicorn documentation, Settings, bind",
      "connect(2)",
    ],
  },
  docs: {
    what: "Reports a local upstream address (a unix socket or a loopback port) that no process of the host listens on, while a gunicorn of the same host listens on an address that nginx never uses: the two were meant to meet.",
    why: "nginx answers every such request with 502: connection refused, or no such file.",
    fix: "Write the same address on both sides. Mind that `unix:/run/app.sock` is an absolute path and `unix://run/app.sock` a relative one for gunicorn, and that under socket activation the socket unit decides and `--bind` is ignored.",
    exceptions:
      "An address of another machine, or a local one while every gunicorn of the host is reached by nginx, is taken for a program that hostlint does not know.",
  },
  examples: [
    {
      title: "Two ports that do not match",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  upstream app {\n    «server 127.0.0.1:8001;»\n  }\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://app;\n    }\n  }\n}\n",
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn ⟦-b 127.0.0.1:8000⟧ app:app\n",
      },
      findings: [
        "nginx hands requests to 127.0.0.1:8001, but gunicorn (app.service) listens on 127.0.0.1:8000",
      ],
    },
    {
      title: "Quiet: localhost and 127.0.0.1 meet",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://localhost:8000;\n    }\n  }\n}\n",
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -b 127.0.0.1:8000 app:app\n",
      },
    },
    {
      title: "Quiet: another program serves the second address",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://127.0.0.1:8000;\n    }\n    location /ws/ {\n      proxy_pass http://127.0.0.1:3000;\n    }\n  }\n}\n",
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -b 127.0.0.1:8000 app:app\n",
      },
    },
  ],
  *check(host, ask) {
    const reached = new Set(host.links.map((link) => link.gunicorn));
    const idle = host.gunicorn.filter((gunicorn) => !reached.has(gunicorn));
    if (
      idle.length === 0 ||
      host.gunicorn.some(
        ({ activatedBy, configuration }) =>
          activatedBy.length === 0 && ask.value(configuration.binds) === undefined,
      )
    )
      return;
    const heard = idle.flatMap((gunicorn) => gunicorn.listeners);
    if (heard.length === 0) return;
    for (const [target] of groupBy(unheard(host), ({ address }) => addressText(address))) {
      if (target === undefined) continue;
      const rivals = heard.filter((listener) => listener.address.kind === target.address.kind);
      const [rival = heard[0]] = rivals;
      if (rival === undefined) continue;
      yield {
        at: target.at,
        message: `nginx hands requests to ${addressText(target.address)}, but ${rival.owner} listens on ${addressText(rival.address)}`,
        why: "Nothing of this host listens on the first address, and nginx never uses the second: every such request ends in a 502.",
        because: heard.map((listener) => ({
          message: `${listener.owner} listens on ${addressText(listener.address)}`,
          at: listener.at,
        })),
        help: "the same address on both sides",
      };
    }
  },
});

/** Local addresses that nginx connects to and on which no known process listens. */
function unheard(host: Host): { address: Address; at: Span }[] {
  const targets = host.nginx.flatMap((nginx) => nginx.configuration.proxies.flatMap(proxyTargets));
  return targets.filter(
    ({ address }) =>
      (address.kind === "unix" || (address.kind === "tcp" && isLoopback(address.host))) &&
      !host.listeners.some((listener) => reaches(address, listener.address)),
  );
}
