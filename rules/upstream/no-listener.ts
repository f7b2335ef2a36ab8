import { groupBy } from "../../src/lint/group.ts";
import { defineRule } from "../../src/lint/rule.ts";
import { addressText, isLoopback } from "../../src/model/address.ts";
import type { GunicornProcess, Listener, UnansweredTarget } from "../../src/model/host.ts";

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
  docs: () => ({
    what: "Reports a local upstream address (a unix socket, a loopback port, the name of a container of the same project) that no process of the host listens on, while a gunicorn of the same host listens on an address that nginx never uses: the two were meant to meet.",
    why: "nginx answers every such request with 502: connection refused, or no such file.",
    fix: "Write the same address on both sides. Mind that `unix:/run/app.sock` is an absolute path and `unix://run/app.sock` a relative one for gunicorn, and that under socket activation the socket unit decides and `--bind` is ignored. Between containers the name of the service is the address, and the application must listen on 0.0.0.0.",
    exceptions:
      "An address of another machine, or a local one while every gunicorn of the host is reached by nginx, is taken for a program that hostlint does not know. Which addresses such a program answers the option `served-elsewhere` says.",
  }),
  options: {
    "served-elsewhere": {
      kind: "texts",
      default: [],
      unit: "addresses",
      what: "Addresses, as the finding names them, that a program answers whose files are not here.",
    },
  },
  examples: () => [
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
      title: "gunicorn listens on the loopback address of its own container",
      files: {
        "docker-compose.yml":
          "services:\n  web:\n    image: python:3.12\n    command: gunicorn ⟦-b 127.0.0.1:8000⟧ app:app\n  proxy:\n    image: nginx:1.27\n    volumes:\n      - ./nginx.conf:/etc/nginx/nginx.conf:ro\n",
        "nginx.conf":
          "events {}\nhttp {\n  server {\n    listen 80;\n    location / {\n      «proxy_pass http://web:8000;»\n    }\n  }\n}\n",
      },
      findings: ["nginx (proxy) hands requests to web:8000, but gunicorn (web) listens on 127.0.0.1:8000"],
    },
    {
      title: "Quiet: the name of the service and its port",
      files: {
        "docker-compose.yml":
          "services:\n  web:\n    image: python:3.12\n    command: gunicorn -b 0.0.0.0:8000 app:app\n  proxy:\n    image: nginx:1.27\n    volumes:\n      - ./nginx.conf:/etc/nginx/nginx.conf:ro\n",
        "nginx.conf":
          "events {}\nhttp {\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://web:8000;\n    }\n  }\n}\n",
      },
    },
    {
      title: "Two networks that do not meet",
      files: {
        "docker-compose.yml":
          "services:\n  web:\n    image: python:3.12\n    command: gunicorn ⟦-b 0.0.0.0:8000⟧ app:app\n    networks: [back]\n  proxy:\n    image: nginx:1.27\n    networks: [front]\n    volumes:\n      - ./nginx.conf:/etc/nginx/nginx.conf:ro\nnetworks:\n  front:\n  back:\n",
        "nginx.conf":
          "events {}\nhttp {\n  server {\n    listen 80;\n    location / {\n      «proxy_pass http://web:8000;»\n    }\n  }\n}\n",
      },
      findings: ["nginx (proxy) hands requests to web:8000, but shares no network with web"],
    },
    {
      title: "Quiet: an nginx.conf that no container here reads may be that of another one",
      files: {
        "docker-compose.yml":
          "services:\n  web:\n    image: python:3.12\n    command: gunicorn -b 0.0.0.0:8000 app:app\n  proxy:\n    image: registry.example.org/proxy:1\n",
        "proxy/nginx.conf":
          "events {}\nhttp {\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://web:8000;\n    }\n    location /old/ {\n      proxy_pass http://127.0.0.1:9000;\n    }\n  }\n}\n",
      },
    },
    {
      title: "Quiet: one of two units that stand side by side listens there",
      files: {
        "deploy/nginx.conf":
          "server {\n  listen 80;\n  location / {\n    proxy_pass http://127.0.0.1:8001;\n  }\n}\n",
        "deploy/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -b unix:/run/app.sock app:app\n",
        "deploy/app_fixed.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -b 127.0.0.1:8001 app:app\n",
      },
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
    {
      title: "Quiet: a program on this port that is not in the repository",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location /live/ {\n      proxy_pass http://127.0.0.1:9000;\n    }\n  }\n}\n",
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -b 127.0.0.1:8000 app:app\n",
      },
      options: { "served-elsewhere": ["127.0.0.1:9000"] },
    },
  ],
  *check(host, ask, { "served-elsewhere": elsewhere }) {
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
    for (const [target] of groupBy(
      host.unanswered,
      (each) => `${each.nginx.name} ${addressText(each.address)}`,
    )) {
      if (target === undefined || elsewhere.value.includes(addressText(target.address))) continue;
      const meant = idle.filter(({ container }) => target.to === undefined || container === target.to);
      const heard = meant.flatMap((gunicorn) => gunicorn.listeners);
      const rival = heard.find(({ address }) => address.kind === target.address.kind) ?? heard[0];
      if (rival === undefined) continue;
      const because = heard.map((listener) => ({
        message: `${listener.owner} listens on ${addressText(listener.address)}`,
        at: listener.at,
      }));
      const apart = unreachable(target, rival);
      yield {
        at: target.at,
        message: `${target.nginx.name} hands requests to ${addressText(target.address)}, but ${apart?.but ?? `${rival.owner} listens on ${addressText(rival.address)}`}`,
        why: apart?.why ?? whyUnanswered(target, rival),
        because,
        help: apart?.help ?? advice(target, rival, meant[0]),
      };
    }
  },
});

/** The right name and port, to which no way leads; undefined where the addresses themselves differ. */
function unreachable(
  { address, to }: UnansweredTarget,
  { address: heard }: Listener,
): { but: string; why: string; help: string } | undefined {
  if (to === undefined || address.kind !== "tcp" || heard.kind !== "tcp") return undefined;
  if (address.port !== heard.port || isLoopback(heard.host)) return undefined;
  const [service] = to.services ?? [];
  if (service === undefined)
    return {
      but: `shares no network with ${to.name}`,
      why: "The name is not known there, and nginx ends with: host not found in upstream.",
      help: `put it on a network of ${to.name}`,
    };
  const port = service.ports.find(({ target }) => target.known && target.value === heard.port)?.port;
  return {
    but: `the Service ${service.name} has no port ${address.port}`,
    why: "A Service only takes connections to its own ports: every such request ends in a 504.",
    help: `hand them to ${service.name}:${port ?? "PORT"}, a port of the Service`,
  };
}

function whyUnanswered({ nginx, address, to }: UnansweredTarget, { address: heard }: Listener): string {
  if (to !== undefined && heard.kind === "tcp" && isLoopback(heard.host))
    return "Other containers do not reach an address that is bound to loopback: every such request ends in a 502.";
  if (nginx.container !== undefined && address.kind === "tcp" && isLoopback(address.host))
    return "In a container that is the container itself, where nothing listens on it: every such request ends in a 502.";
  if (nginx.container !== undefined && address.kind === "unix")
    return "The socket is not a file that both containers mount: every such request ends in a 502.";
  return "Nothing of this host listens on the first address, and nginx never uses the second: every such request ends in a 502.";
}

function advice({ nginx, to }: UnansweredTarget, { address }: Listener, app?: GunicornProcess): string {
  const [name] = app?.container?.hostNames ?? [];
  if (address.kind !== "tcp") return "the same address on both sides";
  if (to !== undefined && isLoopback(address.host))
    return `let it listen on 0.0.0.0:${address.port}, which only the networks of the container reach`;
  if (name !== undefined && nginx.container !== app?.container) return `hand them to ${name}:${address.port}`;
  return "the same address on both sides";
}
