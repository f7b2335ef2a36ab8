import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "A cache without a key",
    since: "0.1.0",
    sources: ["nginx src/http/modules/ngx_http_fastcgi_module.c ngx_http_fastcgi_merge_loc_conf"],
  },
  docs: () => ({
    what: "Reports `fastcgi_cache`, `uwsgi_cache` and `scgi_cache` with no `..._cache_key` at their level or around it. Unlike `proxy_cache_key`, these have no default.",
    why: "nginx only warns and takes an empty key, so that every request gets the first answer that was kept: the page of another address, or of another user.",
    fix: "Set the key in the http block.",
  }),
  examples: () => [
    {
      title: "One answer for all",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  fastcgi_cache_path /var/cache/nginx/app keys_zone=app:10m;\n  server {\n    listen 80;\n    location / {\n      «fastcgi_cache app;»\n      fastcgi_pass 127.0.0.1:9000;\n    }\n  }\n}\n",
      },
      findings: [
        'no "fastcgi_cache_key" for "fastcgi_cache": every request gets the same answer from the cache',
      ],
    },
    {
      title: "Quiet: a key in the http block",
      files: {
        "etc/nginx/nginx.conf":
          'events {\n  worker_connections 1024;\n}\nhttp {\n  fastcgi_cache_path /var/cache/nginx/app keys_zone=app:10m;\n  fastcgi_cache_key "$scheme$request_method$host$request_uri";\n  server {\n    listen 80;\n    location / {\n      fastcgi_cache app;\n      fastcgi_pass 127.0.0.1:9000;\n    }\n  }\n}\n',
      },
    },
  ],
});
