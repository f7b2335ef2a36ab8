import fc from "fast-check";
import { Version } from "../../src/model/facts.ts";
import {
  type Context,
  directiveNames,
  directivesNamed,
  formsIn,
  type KnownDirective,
} from "../../src/programs/nginx/directives.ts";

/** Statements as people write them, by context; a few of them wrong. */
const usual: Readonly<Record<string, readonly string[]>> = {
  M: [
    "worker_processes auto;",
    "worker_processes 4;",
    "worker_rlimit_nofile 65535;",
    "pcre_jit on;",
    "timer_resolution 100ms;",
    "worker_shutdown_timeout 10s;",
    "thread_pool a threads=4;",
    "env A=b;",
    "worker_priority -5;",
    "worker_cpu_affinity auto;",
    "worker_cpu_affinity 01 10;",
  ],
  E: [
    "worker_connections 1024;",
    "worker_connections 2;",
    "multi_accept on;",
    "use epoll;",
    "accept_mutex off;",
    "accept_mutex_delay 100ms;",
    "debug_connection 192.0.2.1;",
  ],
  H: [
    "sendfile on;",
    "tcp_nopush on;",
    "keepalive_timeout 65 60;",
    "types { text/html html htm; image/png png; }",
    "default_type application/octet-stream;",
    "log_format main '$remote_addr - $request';",
    "access_log off;",
    "map $http_upgrade $connection_upgrade { default upgrade; '' close; }",
    "map $host $backend { hostnames; default a; *.example.org b; }",
    "geo $office { default 0; 192.0.2.0/24 1; }",
    "split_clients $remote_addr $variant { 50% a; * b; }",
    "limit_req_zone $binary_remote_addr zone=req:10m rate=5r/s;",
    "limit_conn_zone $binary_remote_addr zone=conn:10m;",
    "upstream app { server 127.0.0.1:20091 weight=2 max_fails=3; server 127.0.0.1:20092 backup; keepalive 16; }",
    "upstream other { ip_hash; server 127.0.0.1:20093; server unix:/run/app.sock; }",
    "upstream named { zone named 64k; least_conn; server 127.0.0.1:20094 max_conns=5; }",
    "gzip on; gzip_types text/css application/json;",
    "client_max_body_size 20m;",
    "large_client_header_buffers 4 16k;",
    "server_names_hash_bucket_size 64;",
    "proxy_buffer_size 16k;",
    "proxy_buffers 8 16k;",
    "proxy_busy_buffers_size 32k;",
    "charset utf-8;",
    "resolver 127.0.0.53 valid=30s;",
    "open_file_cache max=1000 inactive=20s;",
    "variables_hash_max_size 2048;",
    "map_hash_bucket_size 128;",
  ],
  S: [
    "server_name example.org www.example.org;",
    "server_name _;",
    "server_name ~^(?<sub>[a-z]+)\\.example\\.org$;",
    "listen 127.0.0.1:20080 default_server;",
    "listen 127.0.0.1:20081 backlog=4096;",
    "listen 20082 reuseport;",
    "listen [::1]:20083;",
    "listen 20084;",
    "root /srv/www;",
    "index index.html index.php;",
    "error_page 404 /404.html;",
    "error_page 500 502 503 =200 /50x.html;",
    "return 301 https://$host$request_uri;",
    "rewrite ^/old/(.*)$ /new/$1 permanent;",
    "set $a b;",
    "if ($host = example.net) { return 404; }",
    "if ($request_method !~ ^(GET|POST)$) { return 405; }",
    "if (-f $request_filename) { break; }",
    "add_header X-A b always;",
    "client_max_body_size 0;",
    "access_log /dev/null combined;",
    "error_log /dev/null warn;",
    "location / { try_files $uri $uri/ =404; }",
    "location = /health { return 200 ok; }",
    "location ^~ /static/ { alias /srv/static/; expires 30d; }",
    "location ~ \\.php$ { fastcgi_pass 127.0.0.1:20095; fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name; }",
    "location /api/ { proxy_pass http://127.0.0.1:20096/; proxy_set_header Host $host; }",
    "location @named { proxy_pass http://127.0.0.1:20097; }",
    "location ~* \\.(png|jpg)$ { expires max; access_log off; }",
  ],
  L: [
    "proxy_pass http://127.0.0.1:20096;",
    "proxy_pass http://app;",
    "proxy_pass http://app/;",
    "proxy_pass http://$backend;",
    "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
    "proxy_read_timeout 60s;",
    "proxy_http_version 1.1;",
    "proxy_redirect off;",
    "proxy_redirect default;",
    "proxy_next_upstream error timeout http_502;",
    "root /srv;",
    "alias /srv/a/;",
    "try_files $uri @named;",
    "limit_req zone=req burst=10 nodelay;",
    "limit_conn conn 10;",
    "allow 192.0.2.0/24;",
    "deny all;",
    "auth_basic closed;",
    "internal;",
    "stub_status;",
    "autoindex on;",
    "expires -1;",
    "return 204;",
    "rewrite ^ /index.php last;",
    "if ($a) { set $b 1; }",
    'if ($arg_x ~ "^[0-9]{2}$") { return 403; }',
    "limit_except GET { deny all; }",
    "location /inner { return 200; }",
    "fastcgi_pass unix:/run/php.sock;",
    "uwsgi_pass 127.0.0.1:20098;",
    "grpc_pass grpc://127.0.0.1:20099;",
    "client_body_buffer_size 128k;",
    "gzip off;",
    'add_header Cache-Control "no-store, max-age=0";',
  ],
  U: [
    "server 127.0.0.1:20091;",
    "server 127.0.0.1:20092 backup;",
    "server 127.0.0.1 down;",
    "server unix:/run/a.sock fail_timeout=0;",
    "server 127.0.0.1:20093 weight=0;",
    "keepalive 32;",
    "keepalive_timeout 60s;",
    "least_conn;",
    "ip_hash;",
    "hash $uri consistent;",
    "random two least_conn;",
    "zone z 64k;",
  ],
  J: [
    "return 403;",
    "break;",
    "set $c 1;",
    "rewrite ^ /x;",
    "proxy_pass http://127.0.0.1:20096;",
    "expires 1d;",
  ],
  I: ["return 403;", "break;", "set $c 1;", "rewrite ^ /x last;"],
  K: ["deny all;", "allow 127.0.0.1;"],
};

/** Needs the machine, or a library of it, to be judged. */
const left =
  /^(?:user|pid|include|load_module|working_directory|lock_file|.*ssl.*|.*certificate.*|.*_temp_path|.*_cache_path|perl.*|xslt.*|image_filter.*|geoip.*|.*_store.*|.*_bind|google_perftools.*|error_log|access_log|http3.*|quic.*|auth_jwt.*|auth_http|daemon|master_process|worker_rlimit_core|.*_key.*|dav_access|env|debug_points|auth_basic_user_file|stream|mail|.*_engine|modern_browser|ancient_browser|.*_hash_.*|aio|image.*|secure_link.*|.*_cache|limit_req|limit_conn|.*_zone|.*_log|http2_push.*|http2_max_concurrent_pushes|auth_request|resolver|[a-z]+_pass|debug_connection|set_real_ip_from|server)$/;

const words: Readonly<Record<string, readonly string[]>> = {
  f: ["on", "off", "ON", "yes", "1"],
  n: ["0", "1", "8", "100", "65536", "-1", "1k", "x", "007"],
  s: ["1k", "4k", "8k", "64k", "1m", "512", "0", "1g", "k", "8kb"],
  z: ["1k", "4k", "0", "$limit", "1g"],
  o: ["1k", "1m", "2g", "0", "t", "1gb"],
  p: ["256", "512", "4k", "100", "0"],
  m: ["0", "1s", "30", "1m30s", "10ms", "1h", "30m1h", "1d", "1M", "1y", "x", "1.5s"],
  t: ["0", "1s", "30", "1d", "1y", "1M", "10ms", "1 d"],
  x: [
    "a",
    "/x",
    "$host",
    "off",
    "on",
    "127.0.0.1:20090",
    "1",
    "300",
    "'a b'",
    "$nope_here",
    '""',
    "a=b",
    "=404",
    "~",
    "*.org",
    "1m",
  ],
};

function wordOf({ setter }: KnownDirective, index: number): fc.Arbitrary<string> {
  if (setter.kind === "u")
    return fc.constantFrom(...(index === 0 ? ["4", "8", "2", "0", "x"] : ["4k", "8k", "16k", "0", "1"]));
  if (setter.words !== undefined)
    return fc.constantFrom(
      ...setter.words.map(({ word }) => word),
      ...setter.words.map(({ word }) => word.toUpperCase()).slice(0, 1),
      "nope",
    );
  return fc.constantFrom(...(words[setter.kind] ?? words.x ?? []));
}

/** A statement of nginx's own tables, with words of the kind that its setter takes; sometimes one too many. */
function ofTables(version: string): (context: Context) => fc.Arbitrary<string> {
  const here = directiveNames()
    .filter((name) => !left.test(name))
    .flatMap((name) => directivesNamed(name))
    .filter(({ built }) => built)
    .map((entry) => ({ entry, forms: formsIn(entry, new Version(version)) }))
    .filter(({ forms }) => forms.some(({ contexts }) => /[MEHSLU]/.test(contexts)));
  return (context) => {
    const fitting = here.filter(({ forms }) =>
      forms.some((form) => form.contexts.includes(context) && !form.block),
    );
    const any = fc.constantFrom(...fitting, ...here.filter((_, index) => index % 97 === 0));
    return any.chain(({ entry, forms }) => {
      const counts = forms[0]?.counts ?? "1";
      const usualCount = counts.endsWith("+") ? Number.parseInt(counts, 10) : Number(counts.charAt(0));
      return fc
        .integer({ min: 0, max: 12 })
        .chain((luck) => {
          const count = luck === 0 ? usualCount + 1 : luck === 1 ? Math.max(0, usualCount - 1) : usualCount;
          return fc.tuple(...Array.from({ length: count }, (_, index) => wordOf(entry, index)));
        })
        .map((args) => `${[entry.name, ...args].join(" ")};`);
    });
  };
}

/** Small changes that break things as people break them. */
const slips: readonly ((text: string, at: number) => string)[] = [
  (text, at) => removeAt(text, at, /;/g),
  (text, at) => removeAt(text, at, /[{}]/g),
  (text, at) => removeAt(text, at, /["']/g),
  (text, at) => removeAt(text, at, / /g),
  (text, at) => removeAt(text, at, /[a-z]/g),
  (text, at) => insertAt(text, at, /\n/g, "\n}"),
  (text, at) => insertAt(text, at, /[a-z]/g, '"'),
  (text, at) => insertAt(text, at, /;/g, ";"),
  (text, at) => insertAt(text, at, / /g, " {"),
  (text, at) => insertAt(text, at, / /g, " # "),
  (text, at) => insertAt(text, at, /[a-z]/g, "\\"),
  (text, at) => insertAt(text, at, / /g, " $"),
  (text, at) => removeAt(text, at, /\n[^\n]*/g),
  (text, at) => replaceAt(text, at, /\n[^\n]*/g, (line) => line + line),
  (text, at) => replaceAt(text, at, /\n/g, () => "\r\n"),
  (text, at) => replaceAt(text, at, /[a-z_]+/g, (word) => word.toUpperCase()),
  (text, at) => replaceAt(text, at, /\b[a-z_]+\b/g, (word) => `"${word}"`),
  (text, at) => replaceAt(text, at, /\b\d+\b/g, (word) => `${word}${at % 10}`),
  (text, at) => text.slice(0, at % (text.length + 1)),
];

function replaceAt(text: string, at: number, pattern: RegExp, by: (match: string) => string): string {
  const found = [...text.matchAll(pattern)];
  const one = found[at % Math.max(found.length, 1)];
  if (one === undefined) return text;
  return text.slice(0, one.index) + by(one[0]) + text.slice(one.index + one[0].length);
}

const removeAt = (text: string, at: number, pattern: RegExp): string =>
  replaceAt(text, at, pattern, () => "");
const insertAt = (text: string, at: number, pattern: RegExp, what: string): string =>
  replaceAt(text, at, pattern, () => what);

/** One or two slips, or none. */
export function slipped(text: string, most = 2): fc.Arbitrary<string> {
  const slip = fc.tuple(fc.constantFrom(...slips), fc.nat());
  return fc
    .array(slip, { maxLength: most })
    .map((chosen) => chosen.reduce((changed, [change, at]) => change(changed, at), text));
}

/** Whole configurations of http. */
export function configurations(version: string): fc.Arbitrary<string> {
  const tables = ofTables(version);
  const statement = (context: Context): fc.Arbitrary<string> =>
    fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...(usual[context] ?? [])) },
      { weight: 2, arbitrary: tables(context) },
    );
  const several = (context: Context, most: number): fc.Arbitrary<string> =>
    fc.array(statement(context), { maxLength: most }).map((lines) => lines.join("\n"));
  const location = fc
    .tuple(
      fc.constantFrom("/", "= /x", "~ \\.php$", "/a/", "^~ /b", "~* ^/(.*)$", "@back", "/"),
      several("L", 4),
    )
    .map(([name, text]) => `location ${name} {\n${text}\n}`);
  const server = fc
    .tuple(several("S", 4), fc.array(location, { maxLength: 2 }))
    .map(([text, locations]) => `server {\nlisten 127.0.0.1:20080;\n${text}\n${locations.join("\n")}\n}`);
  const upstream = fc
    .tuple(fc.constantFrom("app", "backend", "127.0.0.1"), several("U", 3))
    .map(([name, text]) => `upstream ${name} {\nserver 127.0.0.1:20090;\n${text}\n}`);
  return fc
    .tuple(
      several("M", 2),
      several("E", 2),
      several("H", 4),
      fc.array(upstream, { maxLength: 1 }),
      fc.array(server, { maxLength: 2 }),
    )
    .map(
      ([main, events, http, upstreams, servers]) =>
        `${main}\nevents {\n${events}\n}\nhttp {\n${http}\n${upstreams.join("\n")}\n${servers.join("\n")}\n}\n`,
    );
}
