import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "Two listen directives set options of one socket",
    since: "0.1.0",
    sources: ["nginx src/http/ngx_http.c ngx_http_add_addresses; seen with 1.22.1 and 1.31.4"],
  },
  docs: () => ({
    what: "Reports a second `listen` of an address that sets options of the socket: backlog, reuseport, deferred, fastopen, rcvbuf, sndbuf, ipv6only, so_keepalive, bind.",
    why: "There is one socket for all server blocks of an address. nginx refuses a second set of options, even an equal one, and does not start.",
    fix: "Give the options in one `listen` only, of whichever server block; they hold for all.",
  }),
  examples: () => [
    {
      title: "The same backlog in two server blocks",
      files: {
        "etc/nginx/nginx.conf":
          "events {}\nhttp {\n  server {\n    ⟦listen 80 backlog=4096;⟧\n    server_name a.example.org;\n  }\n  server {\n    «listen 80 backlog=4096;»\n    server_name b.example.org;\n  }\n}\n",
      },
      findings: ["duplicate listen options for 0.0.0.0:80"],
    },
    {
      title: "Quiet: parameters that are no options of the socket",
      files: {
        "etc/nginx/nginx.conf":
          "events {}\nhttp {\n  server {\n    listen 80 reuseport default_server;\n    server_name a.example.org;\n  }\n  server {\n    listen 80 proxy_protocol;\n    server_name b.example.org;\n  }\n}\n",
      },
    },
  ],
});
