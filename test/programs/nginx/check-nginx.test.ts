import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryTree } from "../../../src/files/memory-tree.ts";
import { Version } from "../../../src/model/facts.ts";
import { fact, unknown } from "../../../src/model/value.ts";
import { interpretNginx } from "../../../src/programs/nginx/interpret-nginx.ts";

function told(text: string, version?: string, path = "/etc/nginx/nginx.conf", globals?: string): string[] {
  const known =
    version === undefined
      ? unknown<Version>("nginx", "not declared")
      : fact("nginx", new Version(version), "--nginx");
  return interpretNginx(memoryTree({ [path]: text }), path, known, globals).problems.map(
    ({ rule, message, at, severity }) =>
      `${rule}${severity === undefined ? "" : ` (${severity})`}:${at.file.position(at.start).line} ${message}`,
  );
}

describe("names", () => {
  test("a name near a known one is an error that names it", () => {
    expect(told("events {}\nhttp { sendfil on; }")).toEqual([
      'nginx/unknown-directive:2 unknown directive "sendfil", did you mean sendfile?',
    ]);
  });

  test("a name that is near no known one is a warning for a declared version, as a module may be built in", () => {
    expect(told("events {}\nzstd on;\n", "1.22.1")).toEqual([
      'nginx/unknown-directive (warning):2 unknown directive "zstd"',
    ]);
    expect(told("events {}\nzstd on;\n")).toEqual([
      'nginx/unknown-directive (info):2 unknown directive "zstd"',
    ]);
  });

  test("a name of a module or of another version is quiet while the version is not known", () => {
    expect(
      told("events {} http { brotli on; server { http2 on; ssl_certificate a; ssl_certificate_key b; } }"),
    ).toEqual([]);
  });

  test("with a version they are mentioned", () => {
    expect(told("events {} http { brotli on; server { http2 on; } }", "1.22.1")).toEqual([
      'nginx/unknown-directive (info):1 unknown directive "brotli": it is of ngx_http_brotli_filter_module, which has to be loaded',
      'nginx/unknown-directive (info):1 unknown directive "http2": nginx knows it from 1.26.3 on',
    ]);
  });

  test("between two versions that were read, both answers are possible", () => {
    expect(told("events {} http { server { http2 on; } }", "1.25.2")).toEqual([]);
  });
});

describe("fragments", () => {
  test("server blocks belong into http", () => {
    expect(told("server { worker_processes 2; }", undefined, "/etc/nginx/conf.d/a.conf")).toEqual([
      'nginx/context:1 "worker_processes" directive is not allowed here',
    ]);
  });

  test("nothing is said of a context that cannot be told", () => {
    expect(
      told("gzip on;\nlisten 80;\nproxy_read_timeout 60s;\n", undefined, "/etc/nginx/snippets/a.conf"),
    ).toEqual([]);
  });

  test("the text of -g is at the main level all the same", () => {
    expect(told("server { listen 80; }", undefined, "/etc/nginx/conf.d/a.conf", "daemon off;")).toEqual([]);
  });
});

test("all faults are told, the first of nginx first", () => {
  expect(
    told(
      "events {}\nhttp {\n sendfile yes;\n server { listen 80 bogus; }\n gzip on on;\n}\nbogus_name a;\n}\n",
    ),
  ).toEqual([
    'nginx/value:3 invalid value "yes" in "sendfile" directive, it must be "on" or "off"',
    'nginx/value:4 invalid parameter "bogus"',
    'nginx/arguments:5 invalid number of arguments in "gzip" directive',
    'nginx/unknown-directive (info):7 unknown directive "bogus_name"',
    'nginx/syntax:8 unexpected "}"',
  ]);
});

test("the end of http comes before what stands behind it", () => {
  expect(told("events {}\nhttp { server {\n location /a {}\n location /a {} } }\nsendfile on;\n")).toEqual([
    'nginx/duplicate:4 duplicate location "/a"',
    'nginx/context:5 "sendfile" directive is not allowed here',
  ]);
});

test("a template leaves counts and values open", () => {
  const text =
    "events {}\nhttp {\n sendfile {{ x }} {{ y }};\n {% if a %}\n gzip on;\n {% else %}\n gzip off;\n {% endif %}\n}\n";
  expect(told(text, undefined, "/srv/nginx.conf.j2")).toEqual([]);
});

test("never throws, and every place stands inside the text", () => {
  const word = fc.constantFrom(
    "events",
    "http",
    "server",
    "location",
    "if",
    "map",
    "listen",
    "80",
    "ssl",
    "server_name",
    "a.b",
    ".a.b",
    "*.a",
    "upstream",
    "proxy_pass",
    "http://x:1/",
    "{",
    "}",
    "{",
    "}",
    ";",
    ";",
    "\n",
    "$a",
    "${",
    "root",
    "alias",
    "~",
    "limit_req",
    "zone=a",
    "access_log",
    "off",
    "on",
    "include",
    "types",
    "geo",
    "stream",
    '"q"',
    "(",
    "return",
    "1",
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 60 }), (words) => {
      const text = words.join(" ");
      const { problems } = interpretNginx(
        memoryTree({ "/etc/nginx/nginx.conf": text }),
        "/etc/nginx/nginx.conf",
        unknown<Version>("nginx", "not declared"),
      );
      for (const { at } of problems) {
        expect(at.start).toBeGreaterThanOrEqual(0);
        expect(at.end).toBeLessThanOrEqual(text.length);
        expect(at.start).toBeLessThanOrEqual(at.end);
      }
    }),
    { numRuns: 500 },
  );
});
