import type { ImageNginx, ImageReference } from "../../../model/container.ts";
import { holds, type Known, type Value } from "../../../model/value.ts";
import { alpineNginx } from "./alpine-nginx.ts";
import { hubName, imageVersion } from "./image-reference.ts";
import { openrestyNginx } from "./openresty-nginx.ts";

const officialHttp = `http {
    include       /etc/nginx/mime.types;
    default_type  application/octet-stream;
    log_format  main  '$remote_addr - $remote_user [$time_local] "$request" '
                      '$status $body_bytes_sent "$http_referer" '
                      '"$http_user_agent" "$http_x_forwarded_for"';
    access_log  /var/log/nginx/access.log  main;
    sendfile        on;
    keepalive_timeout  65;
    include /etc/nginx/conf.d/*.conf;
}
`;

/** Of the packages of nginx.org, which the image installs (github.com/nginx/pkg-oss). */
function officialMain(workers: string): string {
  return `user  nginx;
worker_processes  ${workers};
error_log  /var/log/nginx/error.log notice;
pid        /run/nginx.pid;
events {
    worker_connections  1024;
}
${officialHttp}`;
}

function unprivilegedMain(workers: string): string {
  const paths = ["proxy", "client_body", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `    ${name}_temp_path /tmp/${name === "client_body" ? "client" : name}_temp;\n`)
    .join("");
  return `worker_processes  ${workers};
error_log  /var/log/nginx/error.log notice;
pid        /tmp/nginx.pid;
events {
    worker_connections  1024;
}
${officialHttp.replace("http {\n", `http {\n${paths}`)}`;
}

function welcome(port: number): string {
  return `server {
    listen       ${port};
    server_name  localhost;
    location / {
        root   /usr/share/nginx/html;
        index  index.html index.htm;
    }
    error_page   500 502 503 504  /50x.html;
    location = /50x.html {
        root   /usr/share/nginx/html;
    }
}
`;
}

const debianMain = `user www-data;
worker_processes auto;
pid /run/nginx.pid;
error_log /var/log/nginx/error.log;
include /etc/nginx/modules-enabled/*.conf;
events {
    worker_connections 768;
}
http {
    sendfile on;
    tcp_nopush on;
    types_hash_max_size 2048;
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    ssl_prefer_server_ciphers on;
    access_log /var/log/nginx/access.log;
    gzip on;
    include /etc/nginx/conf.d/*.conf;
    include /etc/nginx/sites-enabled/*;
}
`;

const debianSite = `server {
    listen 80 default_server;
    listen [::]:80 default_server;
    root /var/www/html;
    index index.html index.htm index.nginx-debian.html;
    server_name _;
    location / {
        try_files $uri $uri/ =404;
    }
}
`;

const officialFolders = ["/etc/nginx", "/etc/nginx/conf.d", "/usr/share/nginx/html", "/docker-entrypoint.d"];

/**
 * What the image of a FROM chain says to nginx by itself; undefined where it brings no nginx, or one whose
 * configuration is not known here.
 *
 * @param packages system packages that a RUN of the Dockerfile installs
 */
export function imageNginxDefaults(
  base: Value<ImageReference>,
  packages: readonly string[] = [],
): ImageNginx | undefined {
  if (!base.known) return undefined;
  const name = hubName(base.value);
  if (name === "nginx") return official(base);
  if (name === "nginxinc/nginx-unprivileged") return unprivileged(base);
  if (name === "openresty/openresty") return openrestyNginx;
  if (!packages.some((each) => each === "nginx" || /^nginx-(?:light|core|full|extras)$/.test(each)))
    return undefined;
  return distributionDefaults(base.value);
}

/**
 * The packages for Debian say auto since 1.19.10 (pkg-oss 8ae90b7), those for Alpine always have; nginx:alpine, built
 * from source with a file of its own before, installs them since 1.15.12 (docker-nginx).
 */
function autoSince(tag: string | undefined): string {
  return tag !== undefined && /alpine/.test(tag) ? "1.15.12" : "1.19.10";
}

/** worker_processes of the image's file; "varies" where the tag names releases with 1 and with auto. */
function workersOf(base: Known<ImageReference>): "1" | "auto" | "varies" {
  const { tag } = base.value;
  if (tag === undefined) return "varies";
  const version = imageVersion(base, "nginx");
  const answer = holds([version], (each) => each.atLeast(autoSince(tag)));
  if (answer !== "unknown") return answer === "yes" ? "auto" : "1";
  // A tag that names no version (latest, alpine, stable) moves on with the releases of nginx.
  return version.known || version.candidates !== undefined ? "varies" : "auto";
}

function official(base: Known<ImageReference>): ImageNginx {
  const workers = workersOf(base);
  return {
    program: "nginx image",
    source: "nginx.conf of the nginx.org packages; github.com/nginx/docker-nginx",
    configuration: "/etc/nginx/nginx.conf",
    files: {
      "/etc/nginx/nginx.conf": officialMain(workers === "1" ? "1" : "auto"),
      "/etc/nginx/conf.d/default.conf": welcome(80),
    },
    folders: officialFolders,
    workersAutoSince: workers === "varies" ? autoSince(base.value.tag) : undefined,
    templates: { from: "/etc/nginx/templates", to: "/etc/nginx/conf.d" },
    autotune: "NGINX_ENTRYPOINT_WORKER_PROCESSES_AUTOTUNE",
  };
}

function unprivileged(base: Known<ImageReference>): ImageNginx {
  const workers = workersOf(base);
  return {
    program: "nginx-unprivileged image",
    source:
      "github.com/nginx/docker-nginx-unprivileged (the Dockerfile changes the files of the nginx image)",
    configuration: "/etc/nginx/nginx.conf",
    files: {
      "/etc/nginx/nginx.conf": unprivilegedMain(workers === "1" ? "1" : "auto"),
      "/etc/nginx/conf.d/default.conf": welcome(8080),
    },
    folders: officialFolders,
    workersAutoSince: workers === "varies" ? autoSince(base.value.tag) : undefined,
    templates: { from: "/etc/nginx/templates", to: "/etc/nginx/conf.d" },
    autotune: "NGINX_ENTRYPOINT_WORKER_PROCESSES_AUTOTUNE",
  };
}

function distributionDefaults(reference: ImageReference): ImageNginx | undefined {
  const family = distributionOf(reference);
  if (family === "alpine") return alpineNginx(reference);
  if (family === "debian")
    return {
      program: "nginx package of Debian",
      source: "/etc/nginx/nginx.conf of nginx-common 1.22.1 (Debian 12)",
      configuration: "/etc/nginx/nginx.conf",
      files: {
        "/etc/nginx/nginx.conf": debianMain,
        "/etc/nginx/sites-available/default": debianSite,
        "/etc/nginx/sites-enabled/default": debianSite,
      },
      folders: [
        "/etc/nginx",
        "/etc/nginx/conf.d",
        "/etc/nginx/modules-enabled",
        "/etc/nginx/sites-available",
        "/etc/nginx/sites-enabled",
        "/var/www/html",
      ],
      workersAutoSince: undefined,
      templates: undefined,
      autotune: undefined,
    };
  return undefined;
}

/** Images that are built on Debian unless their tag says Alpine. */
const onDebian = new Set(["debian", "ubuntu", "python", "node", "ruby", "golang", "php", "buildpack-deps"]);

/** Which distribution's packages a RUN installs. */
function distributionOf(reference: ImageReference): "debian" | "alpine" | undefined {
  const name = hubName(reference);
  const tag = reference.tag ?? "";
  if (name === "alpine" || (onDebian.has(name) && /alpine/.test(tag))) return "alpine";
  if (onDebian.has(name) && !/windows|nanoserver/.test(tag)) return "debian";
  if (name.startsWith("tiangolo/")) return /alpine/.test(tag) ? "alpine" : "debian";
  return undefined;
}
