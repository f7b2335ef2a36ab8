import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "info",
    title: "A value that stands twice in a list",
    since: "0.1.0",
    sources: [
      "nginx src/http/ngx_http.c ngx_http_types_slot",
      "nginx src/core/ngx_conf_file.c ngx_conf_set_bitmask_slot",
    ],
  },
  docs: () => ({
    what: "Reports values that a list has already: types of `gzip_types` and its like, words such as those of `ssl_protocols` and `proxy_next_upstream`, extensions and networks with the same value.",
    why: "Nothing changes, but nginx prints a warning of it at every start and reload, among which the warnings that matter are overlooked. `text/html` is in `gzip_types` without being written.",
    fix: "Remove the second one.",
  }),
  examples: () => [
    {
      title: "text/html is always compressed",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  gzip on;\n  gzip_types «text/html» text/css;\n  server {\n    listen 80;\n  }\n}\n",
      },
      findings: ['duplicate MIME type "text/html": gzip_types always has it'],
    },
    {
      title: "Quiet: a server with a list of its own",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  gzip on;\n  gzip_types text/css;\n  server {\n    listen 80;\n    gzip_types text/css image/svg+xml;\n  }\n}\n",
      },
    },
  ],
});
