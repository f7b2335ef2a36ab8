import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "A later directive silently replaces an earlier one",
    since: "0.1.0",
    sources: [
      "nginx src/http/ngx_http_core_module.c ngx_http_core_type",
      "nginx src/http/modules/ngx_http_geo_module.c",
      "nginx src/http/modules/ngx_http_upstream_hash_module.c",
      "nginx src/http/ngx_http.c ngx_http_add_addresses",
    ],
  },
  docs: () => ({
    what: "Reports what nginx accepts twice with different meaning, so that the last counts: methods of load balancing, content types of an extension, values of a network in geo; also `keepalive` in front of a method of load balancing (up to nginx 1.29.7), and listens of one address that differ in `ssl`, `http2` and `proxy_protocol`.",
    why: "nginx only warns. What the first one says has no effect; `keepalive` in front of `least_conn` keeps no connection to a backend.",
    fix: "Keep the one that is meant.",
  }),
  examples: () => [
    {
      title: "Two methods of load balancing",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  upstream app {\n    ⟦ip_hash;⟧\n    «least_conn»;\n    server 127.0.0.1:8000;\n    server 127.0.0.1:8001;\n  }\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://app;\n    }\n  }\n}\n",
      },
      findings: ["load balancing method redefined: least_conn replaces ip_hash"],
    },
    {
      title: "Quiet: keepalive after the method",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  upstream app {\n    least_conn;\n    server 127.0.0.1:8000;\n    server 127.0.0.1:8001;\n    keepalive 16;\n  }\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://app;\n    }\n  }\n}\n",
      },
    },
  ],
});
