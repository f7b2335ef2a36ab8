import fc from "fast-check";
import { Version } from "../../src/model/facts.ts";
import {
  type Context,
  directiveNames,
  directivesNamed,
  formsIn,
  type KnownDirective,
} from "../../src/programs/nginx/directives.ts";

/** Modules that a build may lack. */
export interface Modules {
  readonly stream: boolean;
  readonly mail: boolean;
}

/** Words that are right in some place and wrong in most. */
const oddWords = [
  "0",
  "-1",
  "08",
  "1.5",
  "10k",
  "4K",
  "1g",
  "2h30m",
  "30m2h",
  "'10 s'",
  "1000ms",
  "70000",
  "99999999999999999999",
  "on",
  "OFF",
  "auto",
  "none",
  "all",
  "default",
  "always",
  '""',
  "'a b'",
  "a=b",
  "$",
  "$$",
  "${",
  "${host",
  "x$",
  "$host",
  "$HOST",
  "$1",
  "$nosuch",
  "$host-x",
  "'$host '",
  "/x",
  "@back",
  "=404",
  "200",
  "404",
  "50%",
  ".5%",
  "*",
  "*.",
  ".example.org",
  "*.example.org",
  "a*b.org",
  "~^x",
  "~(",
  "(",
  "[a-",
  "[z-a]",
  "a{2,1}",
  "(?<part>.)",
  "(?<host>.)",
  "127.0.0.1",
  "127.0.0.1:20090",
  "127.0.0.1:",
  "127.0.0.1:99999",
  "10.0.0.0/8",
  "10.0.0.1/33",
  "[::1]:20091",
  "[::1",
  "unix:/run/a.sock",
  "unix:",
  "http://127.0.0.1:20092",
  "http://",
  "https://127.0.0.1:20093/a",
  "zone=a:1m",
  "zone=a",
  "rate=1r/s",
  "burst=2",
  "nodelay",
  "max=10",
  "max=0",
  "inactive=1d",
  "valid=1x",
  "keys_zone=a:1m",
  "levels=1:2",
  "shared:a:1m",
  "shared:a",
  "builtin:1000",
  "weight=2",
  "weight=0",
  "max_fails=x",
  "backup",
  "resolve",
  "service=http",
  "route=a",
  "ssl",
  "http2",
  "udp",
  "quic",
  "reuseport",
  "default_server",
  "backlog=1",
  "so_keepalive=on",
  "proxy_protocol",
  "consistent",
  "two",
  "transparent",
  "threads",
  "threads=none",
  "threads=2",
  "user:rw",
  "group:x",
  "escape=json",
  "buffer=1k",
  "if=$",
  "smtp",
  "IMAP",
  "plain",
  "last",
  "epoch",
  "modified",
  "GET",
  "TLSv1.3",
];

/** Statements that nginx refuses late, in another module's way, or in one version only. */
const known: Readonly<Record<string, readonly string[]>> = {
  H: [
    "map $host $made { hostnames; default a; *.b.org c; .b.org d; }",
    "map $host $scheme { default a; }",
    "map $host $made { A b; a c; }",
    "map $host $made { default $; }",
    "geo host $made { }",
    "geo $made { default 1; ranges; }",
    "split_clients $host $made { * a; 5% b; }",
    "split_clients $host $made { 50.555% a; }",
    "charset_map koi8-r utf-8 { A3 E2; }",
    "upstream spare { server 127.0.0.1:20090 backup; }",
    "variables_hash_bucket_size 65536;",
    "types_hash_max_size 0;",
    "log_format own 'a$';",
  ],
  U: [
    "server 127.0.0.1 resolve service=http;",
    "server 127.0.0.1:20090 route=a;",
    "sticky cookie id expires=1h;",
    "sticky learn zone=s:1m;",
    "least_time last_byte;",
    "random two least_conn;",
  ],
  S: [
    "ssl_session_cache builtin:1000 x;",
    "set $scheme https;",
    "set $Host a;",
    "server_name ~^(?<host>.+)$;",
    "rewrite ( /x nosuch;",
    "ssl_certificate_key $;",
    "listen 127.0.0.1:20079 ssl;",
  ],
  L: [
    "proxy_set_header A $;",
    "fastcgi_param A ${b-};",
    "proxy_cache nosuch;",
    "index index.php '' x;",
    "mirror off; mirror /m;",
    "valid_referers none blocked;",
    "secure_link $arg_a; secure_link_secret b;",
    "source_charset koi8-r; charset utf-8;",
    "fastcgi_split_path_info *.;",
    "location ~ [z-a] { }",
    "aio threads=none;",
    "client_body_temp_path /tmp/hostlint 1.5;",
    "proxy_buffers 2 4k; proxy_busy_buffers_size 64k;",
  ],
  V: ["set none a;", "set $remote_addr a;", "pass localhost:20090;", "proxy_protocol v2;", "server_name *;"],
  B: ["protocol nntp;", "starttls maybe;", "auth_http https://127.0.0.1/;", "proxy_protocol yes;"],
};

/** Needs the machine, or a library of it, to be judged. */
const left =
  /^(?:user|pid|include|load_module|working_directory|lock_file|daemon|master_process|env|.*password_file|.*certificate|.*certificate_key|ssl_dhparam|.*ssl_crl|ssl_stapling.*|ssl_ech_file|.*ticket_key|ssl_engine|.*ssl_ciphers|.*ssl_conf_command|ssl_ecdh_curve|quic_host_key|quic_bpf|perl.*|xslt.*|xml.*|image_filter.*|geoip.*|auth_jwt.*|error_log|access_log|google_perftools.*|worker_rlimit.*|worker_connections|worker_aio_requests|debug_connection|set_real_ip_from|resolver|http2_push|.*_hash_max_size|auth_basic_user_file|memcached_pass|modern_browser|js_.*)$/;

const odd = fc.constantFrom(...oddWords);

function wordOf({ setter }: KnownDirective): fc.Arbitrary<string> {
  const own = setter.words?.map(({ word }) => word) ?? [];
  if (own.length === 0) return odd;
  return fc.oneof(
    odd,
    fc.constantFrom(...own, ...own.map((word) => word.toUpperCase()), ...own.map((word) => `${word}x`)),
  );
}

/** A directive of a context with odd words, seldom one too many. */
function ofTables(version: string): (context: Context) => fc.Arbitrary<string> {
  const entries = directiveNames()
    .filter((name) => !left.test(name))
    .flatMap((name) => directivesNamed(name))
    .filter(({ built }) => built)
    .map((entry) => ({ entry, forms: formsIn(entry, new Version(version)) }));
  return (context) => {
    const here = entries.filter(({ forms }) =>
      forms.some((form) => form.contexts.includes(context) && !form.block),
    );
    return fc.constantFrom(...here).chain(({ entry, forms }) => {
      const counts = forms[0]?.counts ?? "1";
      const least = Number.parseInt(counts, 10);
      const usual = counts.endsWith("+") ? [least, least + 1, least + 2] : [...counts].map(Number);
      return fc
        .constantFrom(...usual, ...usual, ...usual, least + 3)
        .chain((count) => fc.tuple(...Array.from({ length: count }, () => wordOf(entry))))
        .map((words) => `${[entry.name, ...words].join(" ")};`);
    });
  };
}

/** Configurations of every module with one to three statements that may be at fault. */
export function faults(version: string, modules: Modules): fc.Arbitrary<string> {
  const tables = ofTables(version);
  const places: Context[] = [
    ...([..."MEHHHUSSSSILLLLLJK"] as Context[]),
    ...(modules.stream ? ([..."TVVVW"] as Context[]) : []),
    ...(modules.mail ? ([..."AABB"] as Context[]) : []),
  ];
  const statement = fc
    .constantFrom(...places)
    .chain((context) =>
      fc
        .oneof(
          { weight: 5, arbitrary: tables(context) },
          { weight: 1, arbitrary: fc.constantFrom(...(known[context] ?? ["#"])) },
        )
        .map((text): [Context, string] => [context, text]),
    );
  return fc
    .tuple(fc.array(statement, { minLength: 1, maxLength: 3 }), fc.integer({ min: 21_000, max: 29_000 }))
    .map(([statements, port]) => {
      const at = (context: Context): string =>
        statements.flatMap(([each, text]) => (each === context ? [text] : [])).join("\n");
      const stream = `stream {\n${at("T")}\nupstream w {\n${at("W")}\nserver 127.0.0.1:20090;\n}\nserver {\nlisten 127.0.0.1:${port + 1};\n${at("V")}\nproxy_pass 127.0.0.1:20091;\n}\n}\n`;
      const mail = `mail {\n${at("A")}\nauth_http 127.0.0.1:20092/auth;\nserver {\nlisten 127.0.0.1:${port + 2};\nprotocol smtp;\n${at("B")}\n}\n}\n`;
      return `${at("M")}
events {
${at("E")}
}
http {
${at("H")}
upstream u {
${at("U")}
server 127.0.0.1:20090;
}
server {
listen 127.0.0.1:${port};
${at("S")}
if ($host) {
${at("I")}
}
location / {
${at("L")}
if ($host) {
${at("J")}
}
limit_except GET {
${at("K")}
}
}
}
}
${modules.stream ? stream : ""}${modules.mail ? mail : ""}`;
    });
}
