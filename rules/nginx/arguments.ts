import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "A directive has too few or too many arguments",
    since: "0.1.0",
    sources: [
      "nginx src/core/ngx_conf_file.c ngx_conf_handler",
      "the command tables of nginx 1.10.3 to 1.31.4; the same counts seen with 1.22.1 and 1.31.4",
    ],
  },
  docs: () => ({
    what: "Reports a directive with a number of arguments that it does not take, a block without `{`, and a `{` after a directive that is no block.",
    why: "`nginx -t` fails and nginx does not start. A missing `;` at the end of the line above is the usual cause, as the next line then counts as arguments.",
    fix: "Add the missing `;`, or correct the arguments.",
  }),
  examples: () => [
    {
      title: "The line above lacks its semicolon",
      files: {
        "etc/nginx/nginx.conf":
          "events {}\nhttp {\n  «sendfile on\n  tcp_nopush on;»\n  server {\n    listen 80;\n  }\n}\n",
      },
      findings: ['invalid number of arguments in "sendfile" directive'],
    },
    {
      title: "Quiet: a template fills in arguments",
      files: {
        "deploy/nginx.conf.j2":
          "server {\n  listen {{ port }} {{ options }};\n  server_name {{ names | join(' ') }};\n  keepalive_timeout {{ timeouts }};\n}\n",
      },
    },
  ],
});
