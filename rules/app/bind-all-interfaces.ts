import { groupBy } from "../../src/lint/group.ts";
import { defineRule } from "../../src/lint/rule.ts";
import { isEveryAddress, isLoopback, reaches } from "../../src/model/address.ts";
import type { Link } from "../../src/model/host.ts";
import { proxyTargets } from "../../src/model/nginx.ts";
import type { Span } from "../../src/text/span.ts";

export default defineRule({
  meta: {
    severity: "info",
    title: "gunicorn listens on every interface, though its nginx uses the loopback",
    since: "0.1.0",
    sources: [
      "gunicorn documentation, Settings, bind",
      "gunicorn documentation, Deploying Gunicorn: put it behind a proxy server",
      "systemd.socket(5), ListenStream=: a bare port is every address",
    ],
  },
  docs: () => ({
    what: "Reports a gunicorn that listens on every address of the machine (`0.0.0.0`, `[::]`, an empty host such as `:8000`) while an nginx of the same machine hands requests to it over 127.0.0.1.",
    why: "Whoever can reach the port goes around nginx: without TLS, limits, buffering and access rules, and with headers of their own making.",
    fix: "Bind to 127.0.0.1 or to a unix socket.",
    exceptions:
      "In a container network every address is right, since nginx comes from another container. A firewall in front of the machine is not seen, so this is an info.",
  }),
  examples: () => [
    {
      title: "0.0.0.0 behind proxy_pass to 127.0.0.1",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      ⟦proxy_pass http://127.0.0.1:8000;⟧\n    }\n  }\n}\n",
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn «-b 0.0.0.0:8000» app:app\n",
      },
      findings: [
        "gunicorn (app.service) listens on port 8000 of every interface, but nginx reaches it over 127.0.0.1",
      ],
    },
    {
      title: "Quiet: the loopback on both sides",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://127.0.0.1:8000;\n    }\n  }\n}\n",
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -b 127.0.0.1:8000 app:app\n",
      },
    },
    {
      title: "Quiet: no nginx of this machine uses it, so others are meant to",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -b 0.0.0.0:8000 app:app\n",
      },
    },
  ],
  *check(host, ask) {
    const open = host.links.flatMap((link) => {
      const { address, environment } = link.listener;
      if (address.kind !== "tcp" || !isEveryAddress(address.host)) return [];
      const target = loopbackTarget(link);
      if (target === undefined || !ask.certain([environment.ownNetwork], (own) => !own)) return [];
      return [{ link, target, port: address.port }];
    });
    for (const [first] of groupBy(open, ({ link, port }) => `${link.gunicorn.name}\0${port}`)) {
      if (first === undefined) continue;
      const { link, target, port } = first;
      yield {
        at: link.listener.at,
        message: `${link.gunicorn.name} listens on port ${port} of every interface, but nginx reaches it over ${target.host}`,
        why: "Unless a firewall closes the port, clients can go around nginx and what it enforces.",
        because: [{ message: `nginx uses ${target.host}:${port}`, at: target.at }],
        help: `bind to 127.0.0.1:${port} or to a unix socket`,
      };
    }
  },
});

function loopbackTarget({ proxy, listener, at }: Link): { host: string; at: Span } | undefined {
  for (const target of proxyTargets(proxy))
    if (
      target.at === at &&
      target.address.kind === "tcp" &&
      isLoopback(target.address.host) &&
      reaches(target.address, listener.address)
    )
      return { host: target.address.host, at };
  return undefined;
}
