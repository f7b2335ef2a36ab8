import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "A file whose syntax nginx refuses",
    since: "0.1.0",
    sources: ["nginx src/core/ngx_conf_file.c, ngx_conf_read_token"],
  },
  docs: () => ({
    what: "Reports what nginx's own parser refuses: a missing `;`, an unclosed brace or quote, an unexpected character, a parameter that is too long. The message is nginx's own. A NUL byte in a value, which nginx accepts, is a warning.",
    why: "`nginx -t` fails, nginx does not start, and a reload keeps the old configuration.",
    fix: "Correct the file at the place shown; for a missing `;` or quote that is often the line above.",
  }),
  examples: () => [
    {
      title: "A missing semicolon",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024\n«}»\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
      },
      findings: ['unexpected "}"'],
    },
    {
      title: "Quiet: a template with holes",
      files: {
        "deploy/nginx.conf.j2":
          "server {\n  listen {{ port }};\n  {% if tls %}\n  listen 443 ssl;\n  {% endif %}\n  server_name {{ name }};\n}\n",
      },
    },
  ],
});
