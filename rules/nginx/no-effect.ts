import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "nginx reads it and cannot use it",
    since: "0.1.0",
    sources: [
      "nginx src/http/modules/ngx_http_index_module.c",
      "nginx src/http/ngx_http_core_module.c",
      "nginx src/core/nginx.c ngx_core_module_init_conf",
    ],
  },
  docs: () => ({
    what: "Reports what nginx only warns of and then cannot use: a server name with a path, files after an absolute one in `index`, more or fewer masks of `worker_cpu_affinity` than workers, `send_lowat` on Linux, a network that `geo` shall delete and does not have.",
    why: "The configuration passes `nginx -t`, and the line does nothing: a server name with a path or a scheme is never asked for, so another server answers.",
    fix: "Write what the message says, or remove the line.",
  }),
  examples: () => [
    {
      title: "A URL for a name",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    server_name «https://example.org»;\n  }\n}\n",
      },
      findings: ['server name "https://example.org" has suspicious symbols'],
    },
    {
      title: "Quiet: an absolute index that stands last",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    server_name example.org;\n    location / {\n      index index.html /index.php;\n    }\n  }\n}\n",
      },
    },
  ],
});
