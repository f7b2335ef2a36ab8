import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "An nginx.conf without an events block",
    since: "0.1.0",
    sources: ["nginx src/event/ngx_event.c ngx_event_init_conf"],
  },
  docs: () => ({
    what: "Reports an nginx.conf with an http, stream or mail block but no `events` block.",
    why: '`nginx -t` fails with `no "events" section in configuration` and nginx does not start.',
    fix: "Add `events {}`; an empty one takes the defaults.",
  }),
  examples: () => [
    {
      title: "Only http",
      files: {
        "etc/nginx/nginx.conf": "«http {»\n  server {\n    listen 80;\n  }\n}\n",
      },
      findings: ['no "events" section in configuration'],
    },
    {
      title: "Quiet: a file that is a part of another one",
      files: {
        "etc/nginx/conf.d/site.conf": "server {\n  listen 80;\n}\n",
      },
    },
  ],
});
