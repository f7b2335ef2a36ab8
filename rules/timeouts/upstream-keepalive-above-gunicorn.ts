import { groupBy } from "../../src/lint/group.ts";
import { defineRule } from "../../src/lint/rule.ts";
import type { WorkerKind } from "../../src/model/gunicorn.ts";
import { placeOf, relabel } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

/** Classes that keep an idle connection open for `keepalive` seconds; sync always closes. */
const keepsAlive: readonly WorkerKind[] = ["gthread", "gevent", "eventlet", "uvicorn"];

export default defineRule({
  meta: {
    severity: "warning",
    title: "nginx keeps backend connections longer than gunicorn does",
    since: "0.1.0",
    sources: [
      "nginx ngx_http_upstream_module, keepalive and keepalive_timeout",
      "gunicorn documentation, Settings, keepalive",
      "nginx CHANGES 1.29.7: keepalive is on by default",
    ],
  },
  docs: () => ({
    what: "Where nginx reuses connections to a gunicorn (an upstream with `keepalive`, HTTP/1.1, no Connection header) compares the upstream's `keepalive_timeout` (60 s by default) with gunicorn's `keepalive` (2 s by default), or `--timeout-keep-alive` of a uvicorn that runs by itself (5 s).",
    why: "gunicorn closes the idle connection first. A request that nginx sends at that moment meets a closed connection: a GET is repeated on a fresh one, a POST is answered with 502.",
    fix: "Let nginx close first: gunicorn's `--keep-alive` above the upstream's `keepalive_timeout`, for example 75 and 60.",
    exceptions: "sync workers close after every response, so there is no idle connection to race for.",
  }),
  examples: () => [
    {
      title: "The defaults of both sides under keepalive 16",
      files: {
        "etc/nginx/nginx.conf":
          'events {\n  worker_connections 1024;\n}\nhttp {\n  upstream app {\n    server 127.0.0.1:8000;\n    keepalive «16»;\n  }\n  server {\n    listen 80;\n    location / {\n      proxy_http_version 1.1;\n      proxy_set_header Connection "";\n      proxy_pass http://app;\n    }\n  }\n}\n',
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn --threads 4 -b 127.0.0.1:8000 app:app\n",
      },
      facts: { nginx: "1.24.0", gunicorn: "23.0.0" },
      findings: [
        "nginx keeps idle connections to gunicorn (app.service) for 60 s, but gunicorn closes them after 2 s",
      ],
    },
    {
      title: "A uvicorn that runs by itself",
      files: {
        "etc/nginx/nginx.conf":
          'events {\n  worker_connections 1024;\n}\nhttp {\n  upstream app {\n    server 127.0.0.1:8000;\n    keepalive «16»;\n  }\n  server {\n    listen 80;\n    location / {\n      proxy_http_version 1.1;\n      proxy_set_header Connection "";\n      proxy_pass http://app;\n    }\n  }\n}\n',
        "etc/systemd/system/api.service":
          "[Service]\nWorkingDirectory=/srv/api\nExecStart=/srv/api/venv/bin/uvicorn app:app ⟦--timeout-keep-alive 30⟧\n",
      },
      facts: { nginx: "1.24.0" },
      findings: [
        "nginx keeps idle connections to uvicorn (api.service) for 60 s, but uvicorn closes them after 30 s",
      ],
    },
    {
      title: "Quiet: gunicorn keeps them longer",
      files: {
        "etc/nginx/nginx.conf":
          'events {\n  worker_connections 1024;\n}\nhttp {\n  upstream app {\n    server 127.0.0.1:8000;\n    keepalive 16;\n  }\n  server {\n    listen 80;\n    location / {\n      proxy_http_version 1.1;\n      proxy_set_header Connection "";\n      proxy_pass http://app;\n    }\n  }\n}\n',
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn --threads 4 --keep-alive 75 -b 127.0.0.1:8000 app:app\n",
      },
      facts: { nginx: "1.24.0", gunicorn: "23.0.0" },
    },
    {
      title: "Quiet: sync workers close after every response",
      files: {
        "etc/nginx/nginx.conf":
          'events {\n  worker_connections 1024;\n}\nhttp {\n  upstream app {\n    server 127.0.0.1:8000;\n    keepalive 16;\n  }\n  server {\n    listen 80;\n    location / {\n      proxy_http_version 1.1;\n      proxy_set_header Connection "";\n      proxy_pass http://app;\n    }\n  }\n}\n',
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -w 4 -b 127.0.0.1:8000 app:app\n",
      },
      facts: { nginx: "1.24.0", gunicorn: "23.0.0" },
    },
  ],
  *check(host, ask) {
    const racing = host.links.flatMap((link) => {
      const { upstream, httpVersion, connectionHeader } = link.proxy;
      const { workerKind, keepalive } = link.gunicorn.configuration;
      if (upstream === undefined) return [];
      const reused =
        ask.certain([workerKind], (kind) => keepsAlive.includes(kind)) &&
        ask.certain([upstream.keepalive], (idle) => idle > 0) &&
        ask.certain(
          [httpVersion, connectionHeader],
          (version, header) => version !== "1.0" && (header ?? "") === "",
        );
      const first =
        reused && ask.certain([keepalive, upstream.keepaliveTimeout], (app, proxy) => app <= proxy);
      return first ? [{ ...link, upstream }] : [];
    });
    for (const [link] of groupBy(racing, ({ upstream, gunicorn }) => `${upstream.name}\0${gunicorn.name}`)) {
      if (link === undefined) continue;
      const { upstream, gunicorn, proxy } = link;
      yield {
        at: placeOf(upstream.keepalive) ?? upstream.at,
        message: `nginx keeps idle connections to ${gunicorn.name} for ${valueText(upstream.keepaliveTimeout, "seconds")}, but ${gunicorn.program} closes them after ${valueText(gunicorn.configuration.keepalive, "seconds")}`,
        why: `A POST that nginx sends on a connection that ${gunicorn.program} is just closing is answered with 502.`,
        because: [
          upstream.keepalive,
          upstream.keepaliveTimeout,
          relabel(`keepalive timeout of ${gunicorn.program}`, gunicorn.configuration.keepalive),
          { message: "requests go to it from here", at: proxy.at },
        ],
        help: `start ${gunicorn.program} with ${gunicorn.program === "gunicorn" ? "--keep-alive" : "--timeout-keep-alive"} above ${valueText(upstream.keepaliveTimeout, "count")}, or lower keepalive_timeout of the upstream below ${valueText(gunicorn.configuration.keepalive, "seconds")}`,
      };
    }
  },
});
