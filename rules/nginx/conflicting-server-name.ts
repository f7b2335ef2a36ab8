import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "Two servers of one address have the same name",
    since: "0.1.0",
    sources: ["nginx src/http/ngx_http.c ngx_http_server_names"],
  },
  docs: () => ({
    what: "Reports a `server_name` that an earlier server block of the same address and port has. A server without a name has the empty one.",
    why: "nginx warns and ignores the name: requests for it go to the first server block, and this one may never get any.",
    fix: "Remove the leftover server block, or give it its own name or address.",
  }),
  examples: () => [
    {
      title: "The same site twice",
      files: {
        "etc/nginx/nginx.conf":
          "events {}\nhttp {\n  server {\n    listen 80;\n    ⟦server_name example.org;⟧\n  }\n  server {\n    listen 80;\n    server_name www.example.org «example.org»;\n  }\n}\n",
      },
      findings: ['conflicting server name "example.org" on 0.0.0.0:80, ignored'],
    },
    {
      title: "Quiet: the same name on two ports",
      files: {
        "etc/nginx/nginx.conf":
          "events {}\nhttp {\n  server {\n    listen 80;\n    server_name example.org;\n    return 301 https://example.org$request_uri;\n  }\n  server {\n    listen 8080;\n    server_name example.org;\n  }\n}\n",
      },
    },
  ],
});
