import { describe, expect, test } from "vitest";
import { memoryTree } from "../../../src/files/memory-tree.ts";
import { addressText } from "../../../src/model/address.ts";
import { Version } from "../../../src/model/facts.ts";
import type { NginxConfiguration } from "../../../src/model/nginx.ts";
import { assumptionsOf, fact, unknown, type Value } from "../../../src/model/value.ts";
import { type InterpretedNginx, interpretNginx } from "../../../src/programs/nginx/interpret-nginx.ts";
import { spanText } from "../../../src/text/span.ts";

const anyVersion = unknown<Version>("nginx version", "not declared", { fact: "nginx" });

function interpret(
  text: string,
  version?: string,
  path = "/etc/nginx/nginx.conf",
  globals?: string,
): InterpretedNginx {
  const value = version === undefined ? anyVersion : fact("nginx version", new Version(version), "--nginx");
  return interpretNginx(memoryTree({ [path]: text }), path, value, globals);
}

function http(text: string, version?: string): NginxConfiguration {
  return interpret(`events {}\nhttp {\n${text}\n}\n`, version).configuration;
}

function proxy(text: string, version?: string) {
  const [first] = http(text, version).proxies;
  if (first === undefined) throw new Error("no proxy");
  return first;
}

/** The value, or what it can be. */
function read(value: Value<unknown> | undefined): unknown {
  if (value === undefined || value.known) return value?.value;
  return value.candidates?.map((each) => each.value) ?? value.origin.why;
}

function sockets(text: string): string[] {
  return http(text).listens.map(
    ({ address, backlog, reuseport, udp }) =>
      `${addressText(address)} ${read(backlog)}${reuseport ? " reuseport" : ""}${udp ? " udp" : ""}`,
  );
}

describe("main level", () => {
  test("written values", () => {
    const { configuration, problems } = interpret(
      "user www-data;\nworker_processes auto;\nworker_rlimit_nofile 4096;\nevents { worker_connections 1024; }\n",
    );
    expect(problems).toEqual([]);
    expect(configuration.scope).toBe("main");
    expect(configuration.serves).toBe(false);
    expect(read(configuration.user)).toBe("www-data");
    expect(read(configuration.workerProcesses)).toBe("auto");
    expect(read(configuration.workerRlimitNofile)).toBe(4096);
    expect(read(configuration.workerConnections)).toBe(1024);
    expect(configuration.workerConnections.origin.kind).toBe("written");
  });

  test("defaults stand at the place where they take effect", () => {
    const { workerConnections, workerProcesses, workerRlimitNofile } =
      interpret("events {\n}\n").configuration;
    expect(read(workerConnections)).toBe(512);
    expect(workerConnections.origin.at && spanText(workerConnections.origin.at)).toBe("events {");
    expect(read(workerProcesses)).toBe(1);
    expect(workerRlimitNofile).toBeUndefined();
  });

  test("a fragment does not know them", () => {
    const { configuration } = interpret("server { listen 80; }", undefined, "/srv/site.conf");
    expect(configuration.scope).toBe("fragment");
    expect(configuration.serves).toBe(true);
    expect(configuration.workerConnections.known).toBe(false);
    expect(configuration.workerProcesses.known).toBe(false);
  });

  test.each([
    ["worker_connections 1k;", 'invalid number "1k"'],
    ["worker_connections -1;", 'invalid number "-1"'],
  ])("%s is refused", (text, message) => {
    const { configuration, problems } = interpret(`events { ${text} }`);
    expect(problems.map((problem) => [problem.rule, problem.message])).toEqual([["nginx/value", message]]);
    expect(configuration.workerConnections.known).toBe(false);
  });

  test("a hole is unknown with its text as reason", () => {
    const { configuration, problems } = interpret("events { worker_connections {{ connections }}; }");
    expect(problems).toEqual([]);
    expect(read(configuration.workerConnections)).toBe("a template fills in {{ connections }}");
  });

  test("of duplicates the first counts, and the second is told", () => {
    const { configuration, problems } = interpret("worker_processes 2;\nworker_processes 4;\nevents {}\n");
    expect(read(configuration.workerProcesses)).toBe(2);
    expect(problems.map((problem) => problem.message)).toEqual(['"worker_processes" directive is duplicate']);
  });

  test("what a template chooses between is one of several", () => {
    const text =
      "events {\n{% if big %}\nworker_connections 4096;\n{% else %}\nworker_connections 512;\n{% endif %}\n}\n";
    const { configuration, problems } = interpret(text);
    expect(problems).toEqual([]);
    expect(read(configuration.workerConnections)).toEqual([4096, 512]);
  });

  test("-g comes first", () => {
    const { configuration, problems } = interpret(
      "worker_processes 4;\nevents {}",
      undefined,
      undefined,
      "worker_processes 2;",
    );
    expect(read(configuration.workerProcesses)).toBe(2);
    expect(problems).toHaveLength(1);
  });

  test("a missing file gives an empty configuration and a problem", () => {
    const { configuration, problems, files } = interpretNginx(
      memoryTree({}),
      "/etc/nginx/nginx.conf",
      anyVersion,
    );
    expect(configuration.listens).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(files).toEqual([]);
  });
});

describe("listening sockets", () => {
  test.each([
    ["server { }", ["*:80 511"]],
    ["server { listen 80; } server { listen *:80; } server { listen 0.0.0.0:80; }", ["*:80 511"]],
    ["server { listen 80; listen [::]:80; }", ["*:80 511", "[::]:80 511"]],
    [
      "server { listen 80; } server { listen 80 default_server backlog=1024 reuseport; }",
      ["*:80 1024 reuseport"],
    ],
    ["server { listen 80 backlog=1 backlog=2; }", ["*:80 2"]],
    ["server { listen 127.0.0.1:81; } server { listen localhost:81; }", ["127.0.0.1:81 511"]],
    ["server { listen 80; } server { listen 10.0.0.1:80; }", ["*:80 511"]],
    ["server { listen 80; } server { listen 10.0.0.1:80 bind; }", ["*:80 511", "10.0.0.1:80 511"]],
    ["server { listen [::]:80; } server { listen [::1]:80; listen 80; }", ["[::]:80 511", "*:80 511"]],
    ["server { listen [0:0::0]:80; } server { listen [::]:80; }", ["[::]:80 511"]],
    ["server { listen 8000-8002; }", ["*:8000 511", "*:8001 511", "*:8002 511"]],
    ["server { listen unix:/run/n.sock backlog=5; }", ["unix:/run/n.sock 5"]],
    ["server { listen 443 quic; listen 443 ssl; }", ["*:443 511 udp", "*:443 511"]],
    ["server { listen example.org; }", ["example.org:80 511"]],
    ["server { listen 80 backlog=3000000000; }", ["*:80 Infinity"]],
    ["server { listen $port; }", []],
    ["server { listen {{ port }}; }", []],
    ["server { listen 80 backlog={{ backlog }}; }", ["*:80 a template fills in {{ backlog }}"]],
  ])("%s", (text, expected) => {
    expect(sockets(text)).toEqual(expected);
  });

  test("options in two listens are told, the first ones count", () => {
    const { configuration, problems } = interpret(
      "events {} http { server { listen 80 backlog=5; } server { listen 80 backlog=6; } }",
    );
    expect(problems.map((problem) => problem.message)).toContain("duplicate listen options for 0.0.0.0:80");
    expect(read(configuration.listens[0]?.backlog)).toBe(5);
  });

  test("stream and mail listen, too", () => {
    const { configuration } = interpret(
      "events {}\nstream { server { listen 53 udp; } }\nmail { server { listen 25; } }",
    );
    expect(configuration.listens.map((listen) => [listen.module, listen.udp])).toEqual([
      ["stream", true],
      ["mail", false],
    ]);
  });

  test("a fragment whose server passes by itself is of the stream module", () => {
    const { configuration } = interpret(
      "server { listen 5432; proxy_pass db:5432; }",
      undefined,
      "/srv/db.conf",
    );
    expect(configuration.listens[0]?.module).toBe("stream");
    expect(configuration.proxies).toEqual([]);
  });
});

describe("upstreams", () => {
  test("addresses, backup and down", () => {
    const [upstream] = http(
      "upstream app { server 10.0.0.1; server a.example:8000 backup; server unix:/run/a.sock down; }",
    ).upstreams;
    expect(
      upstream?.servers.map(({ address, backup, down }) => [
        address.known && addressText(address.value),
        backup,
        down,
      ]),
    ).toEqual([
      ["10.0.0.1:80", false, false],
      ["a.example:8000", true, false],
      ["unix:/run/a.sock", false, true],
    ]);
  });

  test("keepalive by version", () => {
    const keepalive = (text: string, version?: string) =>
      read(http(`upstream a { server b; ${text} }`, version).upstreams[0]?.keepalive);
    expect(keepalive("keepalive 16;")).toBe(16);
    expect(keepalive("", "1.28")).toBe(0);
    expect(keepalive("", "1.30.4")).toBe(32);
    expect(keepalive("")).toEqual([0, 32]);
    expect(keepalive("keepalive 0;", "1.30.4")).toBe(0);
    expect(keepalive("keepalive 0;", "1.28")).toBe('nginx refuses "0"');
  });

  test("keepalive_timeout", () => {
    const timeout = (text: string) =>
      read(http(`upstream a { server b; ${text} }`).upstreams[0]?.keepaliveTimeout);
    expect(timeout("")).toBe(60);
    expect(timeout("keepalive_timeout 1m30;")).toBe(90);
  });
});

describe("proxies", () => {
  test.each([
    ["http://127.0.0.1:8000", "127.0.0.1:8000"],
    ["http://app", "app:80"],
    ["https://app/path", "app:443"],
    ["http://unix:/run/app.sock:/x", "unix:/run/app.sock"],
    ["http://unix:/run/app.sock", "unix:/run/app.sock"],
    ["http://[::1]:8000/", "[::1]:8000"],
    ["http://app:8000$request_uri", "app:8000"],
    ["http://$host", "http://$host depends on the request"],
    ["http://{{ app }}/x", "a template fills in {{ app }}"],
    ["http://app:8000/{{ path }}", "app:8000"],
  ])("%s", (target, expected) => {
    const { address } = proxy(`server { location / { proxy_pass ${target}; } }`);
    expect(address?.known ? addressText(address.value) : address?.origin.why).toBe(expected);
  });

  test("a named upstream, in any case and order", () => {
    const { upstream, address } = proxy(
      "server { location / { proxy_pass http://APP/x; } } upstream app { server a; }",
    );
    expect(upstream?.name).toBe("app");
    expect(address).toBeUndefined();
  });

  test("settings come from the innermost level and name what they override", () => {
    const { readTimeout, sendTimeout } = proxy(
      "proxy_read_timeout 10; server { proxy_read_timeout 20s; location / { location /a { proxy_read_timeout 1m; proxy_pass http://a; } } }",
    );
    expect(read(readTimeout)).toBe(60);
    expect(readTimeout.origin.kind === "written" && readTimeout.origin.overrode.map(read)).toEqual([20, 10]);
    expect(sendTimeout.origin.kind).toBe("default");
  });

  test("in a fragment a default assumes that the missing blocks are silent", () => {
    const { configuration } = interpret(
      "server { location / { proxy_pass http://a; } }",
      undefined,
      "/srv/a.conf",
    );
    expect(configuration.proxies.flatMap((each) => assumptionsOf(each.readTimeout))).toEqual([
      "the http block, which is not here, does not set it",
    ]);
    expect(assumptionsOf(proxy("server { location / { proxy_pass http://a; } }").readTimeout)).toEqual([]);
  });

  test("nested locations do not inherit proxy_pass", () => {
    const { proxies } = http("server { location / { proxy_pass http://a; location /b { } if ($c) { } } }");
    expect(proxies.map((each) => each.location)).toEqual(["/"]);
  });

  test("HTTP version and Connection header by version", () => {
    const text = "server { location / { proxy_pass http://a; } }";
    expect(read(proxy(text, "1.22.1").httpVersion)).toBe("1.0");
    expect(read(proxy(text, "1.31.4").httpVersion)).toBe("1.1");
    expect(read(proxy(text).httpVersion)).toEqual(["1.0", "1.1"]);
    expect(read(proxy(text, "1.22.1").connectionHeader)).toBe("close");
    expect(read(proxy(text, "1.31.4").connectionHeader)).toBeUndefined();
    expect(proxy(text, "1.31.4").connectionHeader.known).toBe(true);
  });

  test("proxy_set_header is replaced as a whole by an inner level", () => {
    const header = (location: string) =>
      proxy(
        `proxy_set_header Connection ""; server { location / { proxy_pass http://a; ${location} } }`,
        "1.22.1",
      ).connectionHeader;
    expect(header("")).toMatchObject({ known: true, value: undefined });
    expect(read(header("proxy_set_header Host $host;"))).toBe("close");
    expect(read(header("proxy_set_header connection keep-alive;"))).toBe("keep-alive");
    expect(read(header("proxy_set_header Connection $connection_upgrade;"))).toBe(
      "$connection_upgrade depends on the request",
    );
  });

  test("proxy_request_buffering is a flag of its own, inherited", () => {
    const both = "proxy_request_buffering off; server { location / { proxy_pass http://a; } }";
    expect(read(proxy(both).requestBuffering)).toBe(false);
    expect(read(proxy(both).buffering)).toBe(true);
    expect(read(proxy("server { location / { proxy_pass http://a; } }").requestBuffering)).toBe(true);
  });

  test.each([
    ["proxy_bind 10.0.0.1; server { location / { proxy_pass http://a; } }", true],
    ["proxy_bind 10.0.0.1; server { location / { proxy_bind off; proxy_pass http://a; } }", false],
    ["server { location / { proxy_pass http://a; } }", false],
  ])("%s chooses its source address: %s", (text, expected) => {
    expect(proxy(text).bound).toBe(expected);
  });

  test("buffering is a flag", () => {
    expect(read(proxy("server { location / { proxy_pass http://a; proxy_buffering OFF; } }").buffering)).toBe(
      false,
    );
  });

  test("a server is multiplexed by any listen of its address, or by http2 on", () => {
    const multiplexed = (text: string) => proxy(text).multiplexed;
    const location = "location / { proxy_pass http://a; }";
    expect(multiplexed(`server { listen 443; ${location} }`)).toBe(false);
    expect(multiplexed(`server { listen 443; ${location} } server { listen 443 http2; }`)).toBe(true);
    expect(multiplexed(`http2 on; server { listen 443; ${location} }`)).toBe(true);
    expect(multiplexed(`http2 on; server { listen 443; http2 off; ${location} }`)).toBe(false);
  });

  test("a refused value is told wherever it stands", () => {
    const { problems } = interpret("events {} http { proxy_read_timeout 60min; proxy_http_version 3; }");
    expect(problems.map((problem) => problem.message)).toEqual([
      '"proxy_read_timeout" directive invalid value',
      'invalid value "3"',
    ]);
  });
});

describe("descriptors", () => {
  test("each log file counts once, variables and syslog do not", () => {
    const logs =
      "error_log /e; http { access_log /a; server { access_log /a; access_log /b; location / { access_log off; error_log /e; access_log /$host; access_log syslog:server=l; } } }";
    expect(interpret(`events {} ${logs}`).configuration.logFiles).toBe(3);
    expect(interpret("events {} http { server { } }").configuration.logFiles).toBe(2);
    expect(interpret("events {}").configuration.logFiles).toBe(1);
  });

  test("the largest open_file_cache counts", () => {
    const cache = (text: string) => read(http(text).openFileCache);
    expect(cache("")).toBeUndefined();
    expect(cache("open_file_cache off;")).toBeUndefined();
    expect(cache("open_file_cache max=10; server { open_file_cache max=200 inactive=5s; }")).toBe(200);
  });
});

describe("a proxy_pass whose address a set makes", () => {
  const address = (text: string): unknown => read(proxy(`server { ${text} }`).address);

  test.each([
    ["in the location", "location / { set $up web:8000; proxy_pass http://$up; }"],
    ["in the server", "set $up web:8000; location / { proxy_pass http://${up}; }"],
    ["with its scheme", "location / { set $up http://web:8000; proxy_pass $up; }"],
    ["before a path", "location / { set $up web; proxy_pass http://$up:8000/api; }"],
  ])("%s is known", (_, text) => {
    expect(address(text)).toEqual({ kind: "tcp", host: "web", port: 8000 });
  });

  test.each([
    ["two values", "set $up web:8000; if ($arg_b) { set $up b:8000; } location / { proxy_pass http://$up; }"],
    ["a variable in it", "set $up $arg_host; location / { proxy_pass http://$up; }"],
    ["a set of another location", "location /a { set $up a:1; } location / { proxy_pass http://$up; }"],
    ["a map", "location / { proxy_pass http://$backend; }"],
  ])("is not known with %s", (_, text) => {
    expect(address(text)).toMatch(/depends on the request/);
  });
});
