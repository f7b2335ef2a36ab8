import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "Something stands twice that nginx takes once",
    since: "0.1.0",
    sources: ["nginx src/core/ngx_conf_file.c: is duplicate"],
  },
  docs: () => ({
    what: "Reports a directive that stands twice at one level though nginx takes it once; also two upstreams, locations, log formats or default servers of the same name, and an address that one server listens on twice.",
    why: "`nginx -t` fails and nginx does not start.",
    fix: "Keep one of the two. The second often comes from an included file, or from `-g` on the command line.",
  }),
  examples: () => [
    {
      title: "worker_processes twice",
      files: {
        "etc/nginx/nginx.conf":
          "⟦worker_processes 2;⟧\n«worker_processes 4;»\nevents {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
      },
      findings: ['"worker_processes" directive is duplicate'],
    },
    {
      title: "daemon off in the file, and on the command line of the nginx image",
      files: {
        Dockerfile: "FROM nginx:1.27\nCOPY nginx.conf /etc/nginx/nginx.conf\n",
        "nginx.conf":
          "«daemon off;»\nevents {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
      },
      findings: ['"daemon" directive is duplicate'],
    },
    {
      title: "A user on the command line of the service, and another one in the file",
      files: {
        "etc/systemd/system/nginx.service":
          "[Service]\nExecStart=/usr/sbin/nginx -g 'daemon off; user www-data;'\n",
        "etc/nginx/nginx.conf":
          "«user nginx;»\nevents {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
      },
      findings: ['"user" directive is duplicate'],
    },
    {
      title: "Quiet: server_name may stand twice",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    server_name a.example.org;\n    server_name b.example.org;\n  }\n}\n",
      },
    },
  ],
});
