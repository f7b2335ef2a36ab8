import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "A value that nginx refuses",
    since: "0.1.0",
    sources: ["nginx src/core/ngx_parse.c", "nginx src/core/ngx_conf_file.c"],
  },
  docs: () => ({
    what: "Reports a value that nginx cannot read or does not accept: numbers, sizes, times, switches, words of a fixed list, addresses, conditions of if, and what the directives of one configuration rule out together (buffers of a proxy, certificates, hashes).",
    why: "`nginx -t` fails and nginx does not start.",
    fix: "Write the value in the form that the message names.",
  }),
  examples: () => [
    {
      title: "A unit where nginx takes digits only",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections «1k»;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
      },
      findings: ['invalid number "1k"'],
    },
    {
      title: "Quiet: a time with units",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      proxy_read_timeout 1m30s;\n      proxy_pass http://127.0.0.1:8000;\n    }\n  }\n}\n",
      },
    },
  ],
});
