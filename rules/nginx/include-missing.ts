import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "info",
    title: "An included file is not here",
    since: "0.1.0",
    sources: ["nginx ngx_core_module, include"],
  },
  docs: {
    what: "Reports an `include` of one literal file that is not part of the host's files.",
    why: "If it is missing on the machine too, nginx does not start. What it holds is not checked here.",
    fix: "Add the file, or ignore the finding where the file is created on the machine (certbot, a package).",
  },
  examples: [
    {
      title: "A literal file that is not here",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  include «/etc/nginx/tls.conf»;\n  server {\n    listen 80;\n  }\n}\n",
      },
      findings: ['open() "/etc/nginx/tls.conf" failed (2: No such file or directory)'],
    },
    {
      title: "Quiet: a glob without a match is no fault",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  include /etc/nginx/conf.d/*.conf;\n  server {\n    listen 80;\n  }\n}\n",
      },
    },
  ],
});
