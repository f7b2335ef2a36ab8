import { defineRule } from "../../src/lint/rule.ts";
import { isWritten, placeOf } from "../../src/model/value.ts";

/** ngx_event.c, DEFAULT_CONNECTIONS */
const builtIn = 512;

export default defineRule({
  meta: {
    severity: "warning",
    title: "nginx runs with the built-in 512 connections per worker",
    since: "0.1.0",
    sources: [
      "nginx ngx_core_module, worker_connections",
      "nginx src/event/ngx_event.c, DEFAULT_CONNECTIONS",
    ],
  },
  docs: () => ({
    what: "Reports a main configuration that serves (it has an http, stream or mail block that is not empty) with `worker_connections` unset or 512.",
    why: "Each client, each connection to a backend and each idle upstream connection takes one of these slots. Behind a proxy 512 slots serve about 255 clients per worker; the next ones are accepted and closed at once, without an HTTP answer.",
    fix: "Write `worker_connections` in the `events` block: 1024 or more, and a file descriptor limit of at least twice that.",
    exceptions:
      "A fragment without an events or http block says nothing about worker_connections and is not judged. Debian's shipped file says 768 and nginx.org's 1024.",
  }),
  examples: () => [
    {
      title: "An empty events block",
      files: { "etc/nginx/nginx.conf": "«events {»}\nhttp {\n  server {\n    listen 80;\n  }\n}\n" },
      findings: ["nginx serves with 512 connections per worker, from the built-in default"],
    },
    {
      title: "512 written down",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections «512»;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
      },
      findings: ["nginx serves with 512 connections per worker, as the built-in default"],
    },
    {
      title: "Quiet: Debian's shipped number",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 768;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
      },
    },
    {
      title: "Quiet: an http block without anything in it, which is replaced before nginx serves",
      files: { "etc/nginx/nginx.conf": "events {}\nhttp {}\n" },
    },
    {
      title: "Quiet: a fragment says nothing about the events block",
      files: { "deploy/nginx.conf": "server {\n  listen 80;\n  server_name example.org;\n}\n" },
    },
  ],
  *check(host, ask) {
    for (const { configuration } of host.nginx) {
      const { workerConnections } = configuration;
      if (configuration.scope !== "main" || !configuration.serves) continue;
      if (!ask.certain([workerConnections], (slots) => slots === builtIn)) continue;
      yield {
        at: placeOf(workerConnections) ?? configuration.main,
        message: `nginx serves with 512 connections per worker, ${isWritten(workerConnections) ? "as" : "from"} the built-in default`,
        why: "A proxied client takes two of them; beyond that clients are accepted and closed without an answer.",
        because: [workerConnections],
        help: "write worker_connections 1024; (or more) in the events block, with a nofile limit of at least twice that",
      };
    }
  },
});
