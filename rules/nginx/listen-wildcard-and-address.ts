import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "A wildcard and an address of its port cannot both be bound",
    since: "0.1.0",
    sources: ["bind(2) EADDRINUSE; seen with nginx 1.22.1 and 1.31.4, which nginx -t lets pass"],
  },
  docs: () => ({
    what: "Reports a `listen` of one address with options of its own (`bind`, backlog, ...) beside a `listen` of all addresses of the same port.",
    why: "With options nginx opens a socket for the address and one for the wildcard, and the second bind fails. `nginx -t` ignores EADDRINUSE and succeeds; the start or the restart fails.",
    fix: "Give the options to the wildcard and leave them out at the address, or use `reuseport` at both.",
  }),
  examples: () => [
    {
      title: "An address with a backlog of its own",
      files: {
        "etc/nginx/nginx.conf":
          "events {}\nhttp {\n  server {\n    ⟦listen 80;⟧\n    server_name a.example.org;\n  }\n  server {\n    «listen 192.0.2.7:80 backlog=4096;»\n    server_name b.example.org;\n  }\n}\n",
      },
      findings: [
        "nginx -t accepts this, but the start fails: bind() to 0.0.0.0:80 failed (98: Address already in use)",
      ],
    },
    {
      title: "Quiet: no options, so that the wildcard serves both",
      files: {
        "etc/nginx/nginx.conf":
          "events {}\nhttp {\n  server {\n    listen 80 backlog=4096;\n    server_name a.example.org;\n  }\n  server {\n    listen 192.0.2.7:80;\n    server_name b.example.org;\n  }\n}\n",
      },
    },
  ],
});
