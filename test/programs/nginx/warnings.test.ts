import { describe, expect, test } from "vitest";
import { memoryTree } from "../../../src/files/memory-tree.ts";
import { Version } from "../../../src/model/facts.ts";
import { checkNginx, nginxWarnings } from "../../../src/programs/nginx/check-nginx.ts";
import { networkText, parseNetwork } from "../../../src/programs/nginx/cidr.ts";
import { isOptimal, wildcardHashes } from "../../../src/programs/nginx/hash-size.ts";
import { placeNginx } from "../../../src/programs/nginx/place-nginx.ts";

function placed(http: string, version: string | undefined) {
  const known = version === undefined ? undefined : new Version(version);
  const tree = memoryTree({ "/nginx.conf": `events {}\nhttp {\n${http}\n}\n` });
  const options = { version: known, top: "M", complete: true } as const;
  return { placement: placeNginx(tree, "/nginx.conf", undefined, known), options };
}

function warnings(http: string, version = "1.22.1"): string[] {
  const { placement, options } = placed(http, version);
  return nginxWarnings(placement, options).map(({ message }) => message);
}

function told(http: string, version?: string): string[] {
  const { placement, options } = placed(http, version);
  return checkNginx(placement, options).map(
    ({ problem }) => `${problem.severity ?? "-"} ${problem.rule}: ${problem.message}`,
  );
}

const notOptimal = (name: string, size: number, bucket = 64): string =>
  `could not build optimal ${name}, you should increase either ${name}_max_size: ${size} or ${name}_bucket_size: ${bucket}; ignoring ${name}_bucket_size`;

const servers = (count: number): string =>
  Array.from(
    { length: count },
    (_, index) => `server { listen 8080; server_name ${"abcdefgh".repeat(2)}${index * index}.example.org; }`,
  ).join("\n");

/** Each answer was given by nginx 1.22.1. */
describe("what nginx 1.22.1 warns of", () => {
  test.each([
    [
      "server { listen 8080; gzip_types text/html text/css TEXT/css; }",
      ['duplicate MIME type "text/html"', 'duplicate MIME type "text/css"'],
    ],
    ["server { listen 8080; sub_filter_types * a/b a/b; }", []],
    ["server { listen 8080; ssl_protocols TLSv1.2 tlsv1.2; }", ['duplicate value "tlsv1.2"']],
    ["server { listen 8080; send_lowat 12; }", ['"send_lowat" is not supported, ignored']],
    [
      "geo $x { default 1; default 2; 10.0.0.0/8 a; 10.0.0.0/9 c; 10.0.0.0/8 d; proxy 10.1.1.1/8; }",
      [
        'duplicate network "default", value: "2", old value: "1"',
        'duplicate network "default", value: "2", old value: "1"',
        'duplicate network "10.0.0.0/8", value: "d", old value: "c"',
        "low address bits of 10.1.1.1/8 are meaningless",
      ],
    ],
    ["server { listen 8080; server_name x x; }", []],
    [
      "server { listen 8080; server_name ~^(a)$ x x; }",
      ['conflicting server name "x" on 0.0.0.0:8080, ignored'],
    ],
    [
      "types_hash_max_size 1; server { listen 8080; types { a/b a b c d e f g h i j; } location / { types { a/b a b c d e f g h i j k; } } }",
      [notOptimal("types_hash", 1), notOptimal("types_hash", 1)],
    ],
    [servers(600), [notOptimal("server_names_hash", 512)]],
    [servers(8), []],
    // What stands after the refused directive is not read.
    [
      "server { listen 8080; index /a b; index ''; gzip_types text/html; }",
      ['only the last index in "index" directive should be absolute'],
    ],
  ])("%#", (http, expected) => {
    expect(warnings(http)).toEqual(expected);
  });
});

test("a type too long for the hash of a list, whose size cannot be set", () => {
  const type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
  expect(told(`server { listen 8080; gzip_types ${type}; }`)).toEqual([
    `- nginx/value: could not build test_types_hash: "${type}" is too long for a bucket of 64 bytes`,
  ]);
  // Built only for a server that takes the list from http.
  expect(told(`gzip_types ${type}; server { listen 8080; gzip_types text/css; }`)).toEqual([]);
});

describe("what depends on the version", () => {
  test("listen ... http2 is reported where there is something else to write", () => {
    const http = "server { listen 8080 http2; }";
    const said = 'the "listen ... http2" directive is deprecated, use the "http2" directive instead';
    expect(told(http)).toEqual([]);
    expect(told(http, "1.22.1")).toEqual([]);
    expect(told(http, "1.25.1")).toEqual([`- nginx/deprecated: ${said}`]);
  });

  test("an obsolete timeout has no effect where the version is known to ignore it", () => {
    const http = "server { listen 8080; http2_recv_timeout 1m; }";
    const end = 'use the "client_header_timeout" directive instead';
    expect(told(http, "1.18.0")).toEqual([]);
    expect(told(http, "1.22.1")).toEqual([
      `warning nginx/deprecated: the "http2_recv_timeout" directive is obsolete, ${end}`,
    ]);
    expect(told(http)).toEqual([
      `- nginx/deprecated: the "http2_recv_timeout" directive is obsolete from nginx 1.19.7 on, ${end}`,
    ]);
  });

  test("keepalive before the method of load balancing", () => {
    const http = "upstream u { server 127.0.0.1:1; keepalive 2; least_conn; }";
    expect(warnings(http, "1.26.3")).toEqual(["load balancing method redefined"]);
    expect(warnings(http, "1.30.4")).toEqual([]);
    expect(told(http)).toEqual([
      "info nginx/replaced-value: least_conn after keepalive switches keepalive off up to nginx 1.29.7",
    ]);
  });

  test("protocols of an address that differ", () => {
    const http = "server { listen 8080 http2; }\nserver { listen 8080 proxy_protocol; server_name a; }";
    expect(warnings(http, "1.22.1")).toEqual([]);
    expect(warnings(http, "1.24.0")).toEqual(["protocol options redefined for 0.0.0.0:8080"]);
  });
});

describe("networks", () => {
  test.each([
    ["192.0.2.1/24", "192.0.2.0/24"],
    ["10.0.0.0/8", "10.0.0.0/8"],
    ["192.0.2.1", "192.0.2.1/32"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["2001:DB8::1/64", "2001:db8::/64"],
    ["::ffff:192.0.2.1/120", "::ffff:c000:200/120"],
  ])("%s", (text, expected) => {
    const network = parseNetwork(text);
    expect(network === undefined ? "" : networkText(network)).toBe(expected);
  });

  test.each([
    "192.0.2.1/33",
    "192.0.2/24",
    "::1/129",
    "example.org",
    "",
    "1.2.3.4/",
    "::1::",
    "255.255.255.255",
  ])("%s is none", (text) => {
    expect(parseNetwork(text)).toBeUndefined();
  });
});

describe("hashes", () => {
  test("one for the labels after each label, the inner ones first", () => {
    expect(wildcardHashes(["org.example.", "org.example.a", "com."])).toEqual([
      ["a"],
      ["example"],
      ["com", "org"],
    ]);
  });

  test("the answer is given up where it takes long", () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `name-${index}.example.org`);
    expect(isOptimal(names, { name: "x", maxSize: 2 ** 40, bucketSize: 64 })).toBeUndefined();
  });
});
