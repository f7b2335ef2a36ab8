import fc from "fast-check";

const word = fc.stringMatching(/^[a-z0-9-]{1,14}$/);
const labels = (least: number): fc.Arbitrary<string> =>
  fc.array(word, { minLength: least, maxLength: 4 }).map((parts) => parts.join("."));

const serverName = fc.oneof(
  { weight: 8, arbitrary: labels(1) },
  labels(2).map((name) => `*.${name}`),
  labels(2).map((name) => `.${name}`),
  labels(2).map((name) => `${name}.*`),
  fc.constantFrom(
    "a.example.org",
    "*.example.org",
    ".example.org",
    "example.*",
    "a/b",
    "~^(a)$",
    "A.Example.org",
  ),
);

const sizes = (name: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.option(fc.constantFrom(2, 8, 31, 100, 512, 1000, 4096, 20_000)),
      fc.option(fc.constantFrom(32, 64, 96, 128, 256)),
    )
    .map(([max, bucket]) =>
      [
        max === null ? "" : `${name}_max_size ${max};`,
        bucket === null ? "" : `${name}_bucket_size ${bucket};`,
      ].join("\n"),
    );

const many = <T>(name: fc.Arbitrary<T>, most: number): fc.Arbitrary<T[]> =>
  fc.array(name, { minLength: 1, maxLength: most, size: "max" });

const servers = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        "20080",
        "127.0.0.1:20080",
        "127.0.0.1:20081",
        "[::1]:20080",
        "127.0.0.1:20082 backlog=9",
        "127.0.0.1:20083 http2",
        "127.0.0.1:20083 proxy_protocol",
      ),
      many(serverName, 60),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((all) =>
    all.map(([listen, names]) => `server { listen ${listen}; server_name ${names.join(" ")}; }`).join("\n"),
  );

const map = fc
  .tuple(
    sizes("map_hash"),
    fc.boolean(),
    fc.uniqueArray(labels(1), { minLength: 1, maxLength: 300, size: "max" }),
  )
  .map(
    ([size, hostnames, keys]) =>
      `${size}\nmap $host $mapped {\n${hostnames ? "hostnames;\n" : ""}${keys
        .map((key, index) => `${hostnames && index % 3 === 0 ? "*." : ""}${key}.x 1;`)
        .join("\n")}\n}`,
  );

const types = fc
  .tuple(sizes("types_hash"), many(fc.tuple(labels(1), many(word, 6)), 60))
  .map(
    ([size, lines]) =>
      `${size}\ntypes {\n${lines.map(([type, all]) => `a/${type} ${all.join(" ")};`).join("\n")}\n}`,
  );

const list = fc
  .tuple(
    fc.constantFrom("gzip_types", "ssi_types", "charset_types", "sub_filter_types"),
    many(fc.constantFrom("text/html", "text/css", "TEXT/CSS", "a/b", "*", "text/xml", "x/y"), 5),
  )
  .map(([name, all]) => `${name} ${all.join(" ")};`);

const address = fc
  .tuple(fc.nat(3), fc.nat(3), fc.constantFrom(0, 1, 8, 128))
  .map(([a, b, c]) => `10.${a}.${b}.${c}`);
const network = fc.oneof(
  fc
    .tuple(address, fc.constantFrom("/8", "/16", "/24", "/30", "/32", ""))
    .map(([host, bits]) => `${host}${bits}`),
  fc.constantFrom("2001:db8::/32", "2001:db8::1/64", "::1", "::ffff:10.0.0.1/120", "255.255.255.255/8"),
);

const geo = many(
  fc.oneof(
    { weight: 5, arbitrary: fc.tuple(network, fc.nat(3)).map(([net, value]) => `${net} ${value};`) },
    network.map((net) => `delete ${net};`),
    network.map((net) => `proxy ${net};`),
    fc.nat(3).map((value) => `default ${value};`),
  ),
  20,
).map((lines) => `geo $where {\n${lines.join("\n")}\n}`);

const ranges = many(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(fc.nat(3), fc.nat(2)).map(([at, value]) => `10.0.${at}.0-10.0.${at}.9 ${value};`),
    },
    fc.nat(3).map((value) => `default ${value};`),
  ),
  8,
).map((lines) => `geo $ranged {\nranges;\n${lines.join("\n")}\n}`);

const others = fc.constantFrom(
  "ssl_protocols TLSv1.2 tlsv1.2;",
  "proxy_next_upstream error timeout error; ",
  "fastcgi_ignore_headers Expires expires;",
  "gzip_proxied any any;",
  "send_lowat 12;",
  "http2_idle_timeout 1m;",
  "set_real_ip_from 10.1.0.0/8;",
  "index /a b;",
  "fastcgi_cache_path /tmp/hostlint-cache keys_zone=k:1m; fastcgi_cache k;",
  "upstream u { server 127.0.0.1:1; keepalive 2; least_conn; ip_hash; }",
  "server { listen 127.0.0.1:20099; location / { limit_except GET { allow 10.0.0.1/8; } } }",
);

/** Configurations of http for which nginx prints warnings. */
export function warnedOf(): fc.Arbitrary<string> {
  const parts = fc.tuple(
    fc.option(map),
    fc.option(types),
    fc.option(list),
    fc.option(geo),
    fc.option(ranges),
    fc.option(others),
    sizes("server_names_hash"),
    servers,
  );
  return parts.map((all) => `events {}\nhttp {\n${all.filter((part) => part !== null).join("\n")}\n}\n`);
}
