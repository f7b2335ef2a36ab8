import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "info",
    title: "A directive or parameter that newer versions of nginx give up",
    since: "0.1.0",
    sources: [
      "nginx src/http/v2/ngx_http_v2_module.c ngx_http_v2_obsolete",
      "nginx src/core/ngx_conf_file.c ngx_conf_deprecated",
      "nginx CHANGES 1.15.0, 1.19.7, 1.25.1",
    ],
  },
  docs: () => ({
    what: "Reports directives and parameters that nginx warns of as deprecated or obsolete: `listen ... http2` from 1.25.1 on, `ssl on`, the `http2_...` limits and timeouts that moved to other directives, server push. `listen ... http2` is reported only where the version of nginx is known to be 1.25.1 or later, as older ones know nothing else.",
    why: "A deprecated one works until a later version refuses it, as `ssl on` since 1.25.1. An obsolete one has no effect already: the timeout or limit that it names is the default.",
    fix: "Write what the message names.",
  }),
  examples: () => [
    {
      title: "HTTP/2 as a parameter, with nginx 1.27",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 8443 «http2»;\n  }\n}\n",
      },
      facts: { nginx: "1.27.4" },
      findings: ['the "listen ... http2" directive is deprecated, use the "http2" directive instead'],
    },
    {
      title: "A timeout that nginx reads no more",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    «http2_idle_timeout 1m;»\n  }\n}\n",
      },
      findings: [
        'the "http2_idle_timeout" directive is obsolete from nginx 1.19.7 on, use the "keepalive_timeout" directive instead',
      ],
    },
    {
      title: "Quiet: HTTP/2 as a parameter, where the version is not known",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 8443 http2;\n  }\n}\n",
      },
    },
  ],
});
