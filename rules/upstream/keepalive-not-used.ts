import { groupBy } from "../../src/lint/group.ts";
import { defineRule } from "../../src/lint/rule.ts";
import type { NginxProxy } from "../../src/model/nginx.ts";
import { isWritten, type Value } from "../../src/model/value.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "An upstream keeps connections that its requests never reuse",
    since: "0.1.0",
    sources: [
      "nginx ngx_http_upstream_module, keepalive",
      "nginx ngx_http_proxy_module, proxy_http_version and proxy_set_header",
      "nginx CHANGES 1.29.7: HTTP/1.1 and no Connection header by default",
    ],
  },
  docs: () => ({
    what: "Reports a `proxy_pass` to an upstream with a written `keepalive` whose requests close the connection: HTTP/1.0, the default before nginx 1.29.7, or a Connection header that is not cleared.",
    why: "Every request opens a connection of its own and closes it: the `keepalive` line does nothing, each request pays a handshake, and the closed connections hold ephemeral ports for a minute.",
    fix: 'Beside `proxy_pass` write `proxy_http_version 1.1;` and `proxy_set_header Connection "";`. Remember that any proxy_set_header in a location replaces all inherited ones.',
    exceptions:
      "nginx 1.29.7 and later does both by default. Where the version is not known and nothing is written, it is reported as an info that names the assumption.",
  }),
  examples: () => [
    {
      title: "keepalive with the defaults of nginx 1.24",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  upstream app {\n    server 127.0.0.1:8000;\n    keepalive ⟦16⟧;\n  }\n  server {\n    listen 80;\n    location / {\n      «proxy_pass http://app;»\n    }\n  }\n}\n",
      },
      facts: { nginx: "1.24.0" },
      findings: ["requests to upstream app never reuse its kept connections: nginx speaks HTTP/1.0 to it"],
    },
    {
      title: "HTTP/1.1, but the Connection header is not cleared",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  upstream app {\n    server 127.0.0.1:8000;\n    keepalive ⟦16⟧;\n  }\n  server {\n    listen 80;\n    location / {\n      proxy_http_version 1.1;\n      «proxy_pass http://app;»\n    }\n  }\n}\n",
      },
      facts: { nginx: "1.24.0" },
      findings: ["requests to upstream app never reuse its kept connections: nginx sends Connection: close"],
    },
    {
      title: "Quiet: both are written",
      files: {
        "etc/nginx/nginx.conf":
          'events {\n  worker_connections 1024;\n}\nhttp {\n  upstream app {\n    server 127.0.0.1:8000;\n    keepalive 16;\n  }\n  server {\n    listen 80;\n    location / {\n      proxy_http_version 1.1;\n      proxy_set_header Connection "";\n      proxy_pass http://app;\n    }\n  }\n}\n',
      },
    },
    {
      title: "Quiet: the defaults of nginx 1.29.7",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  upstream app {\n    server 127.0.0.1:8000;\n    keepalive 16;\n  }\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://app;\n    }\n  }\n}\n",
      },
      facts: { nginx: "1.29.7" },
    },
  ],
  *check(host, ask) {
    const proxies = host.nginx.flatMap((nginx) => nginx.configuration.proxies);
    const wasted = proxies.flatMap((proxy) => {
      const { upstream } = proxy;
      if (upstream === undefined || !isWritten(upstream.keepalive)) return [];
      if (!ask.certain([upstream.keepalive], (idle) => idle > 0)) return [];
      const reason = closing(proxy);
      return reason === undefined ? [] : [{ proxy, upstream, reason }];
    });
    for (const [first, ...others] of groupBy(
      wasted,
      ({ upstream, reason }) => `${upstream.name}\0${reason.text}`,
    )) {
      if (first === undefined) continue;
      const { proxy, upstream, reason } = first;
      yield {
        at: proxy.at,
        severity: reason.assumed ? "info" : "warning",
        message: `requests to upstream ${upstream.name} never reuse its kept connections: ${reason.text}${reason.assumed ? " before 1.29.7, and the nginx version is not declared" : ""}`,
        why: "Each request opens and closes a connection of its own; the keepalive line does nothing.",
        because: [
          upstream.keepalive,
          reason.value,
          ...others.map((other) => ({ message: "the same holds here", at: other.proxy.at })),
        ],
        help: 'proxy_http_version 1.1; and proxy_set_header Connection ""; beside proxy_pass',
      };
    }
  },
});

interface Closing {
  readonly text: string;
  readonly value: NginxProxy["httpVersion"] | NginxProxy["connectionHeader"];
  /** Holds for the default of older versions only. */
  readonly assumed: boolean;
}

/** Why a connection is closed after the request; undefined where it is kept or cannot be known. */
function closing({ httpVersion, connectionHeader }: NginxProxy): Closing | undefined {
  const version = olderDefault(httpVersion);
  if (version?.value === "1.0")
    return { text: "nginx speaks HTTP/1.0 to it", value: httpVersion, assumed: version.assumed };
  const header = olderDefault(connectionHeader);
  if (header === undefined || header.value === undefined) return undefined;
  if (!/^close$/i.test(header.value)) return undefined;
  return {
    text: `nginx sends Connection: ${header.value}`,
    value: connectionHeader,
    assumed: header.assumed,
  };
}

/** The value, or where the version decides the older default, which programs keep the longest. */
function olderDefault<T>(value: Value<T>): { value: T; assumed: boolean } | undefined {
  if (value.known) return { value: value.value, assumed: false };
  const oldest = value.candidates?.[0];
  return oldest === undefined ? undefined : { value: oldest.value, assumed: true };
}
