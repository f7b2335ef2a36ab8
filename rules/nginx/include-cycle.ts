import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "Files include each other in a circle",
    since: "0.1.0",
    sources: ["nginx src/core/ngx_conf_file.c, ngx_conf_include: no depth check"],
  },
  docs: () => ({
    what: "Reports an `include` that leads back to a file that is being read.",
    why: "nginx follows the circle until it has no descriptors left and does not start.",
    fix: "Take one of the includes out. A glob such as `*.conf` in the folder of the including file often includes that file itself.",
  }),
  examples: () => [
    {
      title: "A glob that matches the file itself",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  include «/etc/nginx/*.conf»;\n  server {\n    listen 80;\n  }\n}\n",
      },
      findings: [
        "/etc/nginx/nginx.conf is included while it is being read; nginx follows such a circle until it fails",
      ],
    },
    {
      title: "Quiet: the same file in two places",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location /a/ {\n      include headers.inc;\n    }\n    location /b/ {\n      include headers.inc;\n    }\n  }\n}\n",
        "etc/nginx/headers.inc": "add_header X-Frame-Options DENY;\n",
      },
    },
  ],
});
