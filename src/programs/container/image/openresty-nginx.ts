import type { ImageNginx } from "../../../model/container.ts";

/** What the images of openresty say to nginx by themselves: worker_processes stands in a comment, so that it is 1. */
export const openrestyNginx: ImageNginx = {
  program: "openresty image",
  source: "nginx.conf of github.com/openresty/docker-openresty",
  configuration: "/usr/local/openresty/nginx/conf/nginx.conf",
  files: {
    "/usr/local/openresty/nginx/conf/nginx.conf": `pcre_jit on;
events {
    worker_connections  1024;
}
http {
    include       mime.types;
    default_type  application/octet-stream;
    client_body_temp_path /var/run/openresty/nginx-client-body;
    proxy_temp_path       /var/run/openresty/nginx-proxy;
    fastcgi_temp_path     /var/run/openresty/nginx-fastcgi;
    uwsgi_temp_path       /var/run/openresty/nginx-uwsgi;
    scgi_temp_path        /var/run/openresty/nginx-scgi;
    sendfile        on;
    keepalive_timeout  65;
    include /etc/nginx/conf.d/*.conf;
}
`,
    "/etc/nginx/conf.d/default.conf": `server {
    listen       80;
    server_name  localhost;
    location / {
        root   /usr/local/openresty/nginx/html;
        index  index.html index.htm;
    }
    error_page   500 502 503 504  /50x.html;
    location = /50x.html {
        root   /usr/local/openresty/nginx/html;
    }
}
`,
  },
  folders: [
    "/usr/local/openresty/nginx/conf",
    "/usr/local/openresty/nginx/html",
    "/etc/nginx/conf.d",
    "/var/run/openresty",
  ],
  workersAutoSince: undefined,
  templates: undefined,
  autotune: undefined,
};
