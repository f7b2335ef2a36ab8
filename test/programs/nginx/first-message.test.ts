import { describe, expect, test } from "vitest";
import { memoryTree } from "../../../src/files/memory-tree.ts";
import { Version } from "../../../src/model/facts.ts";
import { checkNginx } from "../../../src/programs/nginx/check-nginx.ts";
import { regexFault } from "../../../src/programs/nginx/check-regex.ts";
import { placeNginx } from "../../../src/programs/nginx/place-nginx.ts";

function complaints(http: string, more: Readonly<Record<string, string>> = {}) {
  const placement = placeNginx(
    memoryTree({ "/etc/nginx/nginx.conf": `events {}\nhttp {\n${http}\n}\n`, ...more }),
    "/etc/nginx/nginx.conf",
  );
  return checkNginx(placement, { version: new Version("1.22.1"), top: "M", complete: true });
}

const first = (http: string): string | undefined => complaints(http).find(({ said }) => said)?.said?.message;
const server = (text: string): string => `server { listen 8080; ${text} }`;

/** Each answer was given by nginx 1.22.1. */
describe("what nginx 1.22.1 says first", () => {
  test.each([
    [server("return 200 $nope2; location / { proxy_set_header X $nope; }"), 'unknown "nope2" variable'],
    ["index $nope1 $nope2; error_page 404 $nope3;", 'unknown "nope1" variable'],
    ["proxy_set_header X $nope;", undefined],
    [server("location / { memcached_pass 127.0.0.1:11211; }"), 'unknown "memcached_key" variable'],
    [server("set $memcached_key x; location / { memcached_pass 127.0.0.1:11211; }"), undefined],
    [server("set $http_x y; set $args z; set $uri x;"), 'the duplicate "uri" variable'],
    [server("location ~ ^/(?<user>.+)$ { alias /home/$user; }"), undefined],
    ["map $host $x { a 1; } map_hash_max_size 4096;", '"map_hash_max_size" directive is duplicate'],
    ["map $host $x { hostnames; a.*.com 2; }", 'invalid hostname or wildcard "a.*.com"'],
    [
      "geo $x { ranges; 192.0.2.4-192.0.2.9 1; 192.0.2.0-192.0.2.15 2; }",
      'range "192.0.2.0-192.0.2.15" overlaps "192.0.2.4-192.0.2.9"',
    ],
    ["geo $x { ranges; default 0; 192.0.2.0-192.0.2.9 1; 192.0.2.4-192.0.2.5 2; }", undefined],
    [server("location / { fastcgi_pass php; }"), 'no port in upstream "php"'],
    [`upstream php { server 127.0.0.1:1; } ${server("location / { fastcgi_pass PHP; }")}`, undefined],
    [
      "ssl_session_cache shared:a:1m; limit_req_zone $host zone=a:1m rate=1r/s;",
      'the shared memory zone "a" is already declared for a different use',
    ],
    [
      "limit_conn_zone $host zone=a:1m; limit_conn_zone $uri zone=a:2m;",
      'the size 2097152 of shared memory zone "a" conflicts with already declared size 1048576',
    ],
    [server("location / { proxy_bind 192.0.2.1:99999; }"), 'invalid address "192.0.2.1:99999"'],
    [
      server("location / { expires @25h; }"),
      '"expires" directive daily time value must be less than 24 hours',
    ],
    ["resolver ipv6=off;", "no name servers defined"],
    [server("add_header X a never;"), 'invalid parameter "never"'],
    [server("location / { proxy_cookie_path /a; }"), 'invalid parameter "/a"'],
    [
      server("location / { proxy_cookie_path /a /b; proxy_cookie_path off; }"),
      '"proxy_cookie_path" directive is duplicate',
    ],
    [server("location / { try_files $uri =4040; }"), 'invalid code "=4040"'],
    ["proxy_ignore_headers X-Accel-Foo;", 'invalid value "X-Accel-Foo"'],
    ["proxy_cache_methods get PUT;", 'invalid value "PUT"'],
    ["proxy_limit_rate $rate;", '"proxy_limit_rate" directive invalid value'],
    ["map $host x { a 1; }", 'invalid variable name "x"'],
    ["map $ $x { a 1; }", "invalid variable name"],
    ["access_log off combined;", 'invalid parameter "combined"'],
    [server("allow 127.0.0.1:80;"), 'invalid parameter "127.0.0.1:80"'],
    ["upstream a { ip_hash; least_conn; server 127.0.0.1:1; server 127.0.0.1:2 backup; }", undefined],
    [
      "upstream a { least_conn; ip_hash; server 127.0.0.1:1; server 127.0.0.1:2 backup; }",
      'balancing method does not support parameter "backup"',
    ],
    ["upstream a { hash $uri nope; server 127.0.0.1:1; }", 'invalid parameter "nope"'],
    [server("location / { fastcgi_split_path_info ^(.+)$; }"), 'pattern "^(.+)$" must have 2 captures'],
    [server("ssl on;"), 'no "ssl_certificate" is defined for the "ssl" directive'],
    // The quote is open to the end, so that nothing after it is a directive.
    [server('server_name "a; nope 1;'), 'unexpected end of file, expecting ";" or "}"'],
    [
      server('location ~ "^/a{2}{3}" { }'),
      'pcre2_compile() failed: quantifier does not follow a repeatable item in "^/a{2}{3}" at "}"',
    ],
    [
      server('location ~ "a{3,2}" { }'),
      'pcre2_compile() failed: numbers out of order in {} quantifier in "a{3,2}" at "}"',
    ],
    [
      server('server_name "~^(?<a-b>x)$";'),
      'pcre2_compile() failed: syntax error in subpattern name (missing terminator?) in "^(?<a-b>x)$" at "-b>x)$"',
    ],
    [
      server("location ~ [a { }"),
      'pcre2_compile() failed: missing terminating ] for character class in "[a"',
    ],
  ])("%s", (http, message) => {
    expect(first(http)).toBe(message);
  });
});

test("what a pattern of an include may find on the machine is only mentioned", () => {
  const text = `include conf.d/*.conf; ${server("location / { fastcgi_pass php; }")}`;
  expect(complaints(text).map(({ problem }) => problem.severity)).toEqual(["info"]);
  const here = { "/etc/nginx/conf.d/a.conf": "server_tokens off;\n" };
  expect(complaints(text, here).map(({ problem }) => problem.severity)).toEqual([undefined]);
});

test("a refused cache path is not followed by complaints of what uses its zone", () => {
  const text = `proxy_cache_path /c keys_zone=z:1m max_size=much; ${server("proxy_cache z;")}`;
  expect(complaints(text).map(({ problem }) => problem.message)).toEqual([
    'invalid max_size value "max_size=much"',
  ]);
});

test.each(["[]a]", "[[:alpha:](]+(\\)\\()", "[^]x(]\\[", "\\Q(\\E", "(?x) ( # ) \n)", "a|b", ""])(
  "no certain fault in %s",
  (pattern) => {
    expect(regexFault(pattern)).toBeUndefined();
  },
);
