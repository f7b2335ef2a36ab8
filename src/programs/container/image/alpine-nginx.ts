import type { ImageNginx, ImageReference } from "../../../model/container.ts";
import { hubName } from "./image-reference.ts";

/** Where Alpine's package takes the sites from, by the release of Alpine. */
interface Folders {
  /** Included outside of `http`. */
  readonly main: string;
  /** Included in it. */
  readonly http: string;
  /** The folder of the default site. */
  readonly sites: string;
}

type Release = readonly [major: number, minor: number];
/** Every release from 3.15 on is alike. */
const latest: Release = [3, Number.POSITIVE_INFINITY];

const confD = "include /etc/nginx/conf.d/*.conf;";
const httpD = "include /etc/nginx/http.d/*.conf;";

/**
 * The sites moved from conf.d to http.d with 1.18.0-r13; 3.13 still links the old folder to the new one, and since 3.15
 * the old one is read outside of `http` (nginx.conf and nginx.post-install of main/nginx).
 */
function foldersOf([major, sub]: Release): Folders {
  const minor = major > 3 ? Number.POSITIVE_INFINITY : sub;
  if (minor < 13) return { main: "", http: confD, sites: "/etc/nginx/conf.d" };
  if (minor < 15)
    return { main: "", http: minor === 13 ? `${httpD}\n    ${confD}` : httpD, sites: "/etc/nginx/http.d" };
  return { main: `${confD}\n`, http: httpD, sites: "/etc/nginx/http.d" };
}

/** The release of Alpine that an image stands on; undefined where its tag does not tell. */
function releaseOf(reference: ImageReference): Release | undefined {
  const { tag } = reference;
  if (tag === undefined) return undefined;
  const name = hubName(reference);
  const named = name === "alpine" ? /^(\d+)\.(\d+)/.exec(tag) : /alpine-?(\d+)\.(\d+)/.exec(tag);
  if (named !== null) return [Number(named[1]), Number(named[2])];
  if (name === "alpine") return latest;
  return name === "python" ? releaseOfPython(tag) : undefined;
}

/**
 * A tag without the patch level moves to the latest Alpine for as long as that Python is maintained: 3.5 ended on 3.12,
 * 3.6 on 3.15 (docker-library/python). One with it stays where it was: 3.11.0 came when Alpine was at 3.16.
 */
function releaseOfPython(tag: string): Release | undefined {
  const [version, major, minor, patch] = /^(\d+)(?:\.(\d+))?(\.\d+)?(?=-)/.exec(tag) ?? [];
  if (version === undefined) return tag === "alpine" ? latest : undefined;
  const isRecent = (first: number): boolean => Number(major) >= 3 && Number(minor ?? first) >= first;
  if (patch !== undefined) return isRecent(11) ? latest : undefined;
  return isRecent(6) ? latest : [3, 12];
}

/** What nginx reads where `apk add nginx` has installed it; undefined where that differs by an unknown release. */
export function alpineNginx(reference: ImageReference): ImageNginx | undefined {
  const release = releaseOf(reference);
  if (release === undefined) return undefined;
  const { main, http, sites } = foldersOf(release);
  return {
    program: "nginx package of Alpine",
    source: "main/nginx of github.com/alpinelinux/aports",
    configuration: "/etc/nginx/nginx.conf",
    files: { "/etc/nginx/nginx.conf": mainFile(main, http), [`${sites}/default.conf`]: site },
    folders: ["/etc/nginx", "/etc/nginx/http.d", "/etc/nginx/conf.d", "/etc/nginx/modules", "/var/www"],
    workersAutoSince: undefined,
    templates: undefined,
    autotune: undefined,
  };
}

function mainFile(main: string, http: string): string {
  return `user nginx;
worker_processes auto;
pcre_jit on;
error_log /var/log/nginx/error.log warn;
include /etc/nginx/modules/*.conf;
${main}events {
    worker_connections 1024;
}
http {
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    server_tokens off;
    client_max_body_size 1m;
    sendfile on;
    tcp_nopush on;
    ssl_prefer_server_ciphers on;
    ssl_session_cache shared:SSL:2m;
    ssl_session_timeout 1h;
    ssl_session_tickets off;
    gzip_vary on;
    map $http_upgrade $connection_upgrade {
        default upgrade;
        '' close;
    }
    log_format main '$remote_addr - $remote_user [$time_local] "$request" '
                    '$status $body_bytes_sent "$http_referer" '
                    '"$http_user_agent" "$http_x_forwarded_for"';
    access_log /var/log/nginx/access.log main;
    ${http}
}
`;
}

const site = `server {
    listen 80 default_server;
    listen [::]:80 default_server;
    location / {
        return 404;
    }
}
`;
