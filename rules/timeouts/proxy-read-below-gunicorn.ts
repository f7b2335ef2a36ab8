import { groupBy } from "../../src/lint/group.ts";
import { defineRule } from "../../src/lint/rule.ts";
import type { Link } from "../../src/model/host.ts";
import { isWritten, placeOf } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "nginx gives up before gunicorn stops a sync worker",
    since: "0.1.0",
    sources: [
      "nginx ngx_http_proxy_module, proxy_read_timeout",
      "gunicorn documentation, Settings, timeout",
      "gunicorn gunicorn/arbiter.py, murder_workers",
    ],
  },
  docs: () => ({
    what: "For each place of nginx that hands requests to a gunicorn with sync workers compares `proxy_read_timeout` (60 s by default) with gunicorn's `timeout` (30 s by default).",
    why: "After proxy_read_timeout the client gets a 504, but the worker goes on with a request that nobody waits for and is not free for the next one. A few slow requests, sent again by impatient clients, keep all workers busy with abandoned work.",
    fix: "Let gunicorn cut first: `timeout` a little below `proxy_read_timeout`. Raise proxy_read_timeout for the locations that really take long, or lower gunicorn's timeout.",
    exceptions:
      "For gthread, gevent, eventlet and uvicorn workers the timeout is a heartbeat of the worker and says nothing about a request, so they are not judged. In a fragment without the http block proxy_read_timeout is taken for the default when it is not written; the finding says so.",
  }),
  examples: () => [
    {
      title: "gunicorn allows 120 s, nginx waits for its default of 60 s",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      «proxy_pass http://127.0.0.1:8000;»\n    }\n  }\n}\n",
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn ⟦--timeout 120⟧ -b 127.0.0.1:8000 app:app\n",
      },
      findings: ["nginx waits 60 s for gunicorn (app.service), which lets a sync worker run for 120 s"],
    },
    {
      title: "Quiet: the defaults of both (60 s and 30 s)",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://127.0.0.1:8000;\n    }\n  }\n}\n",
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -b 127.0.0.1:8000 app:app\n",
      },
    },
    {
      title: "Quiet: for gthread workers the timeout is a heartbeat",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://127.0.0.1:8000;\n    }\n  }\n}\n",
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn --threads 4 --timeout 120 -b 127.0.0.1:8000 app:app\n",
      },
    },
  ],
  *check(host, ask) {
    const late = host.links.filter(({ proxy, gunicorn }) => {
      const { workerKind, timeout } = gunicorn.configuration;
      return ask.certain([workerKind], (kind) => kind === "sync") && ask.below(proxy.readTimeout, timeout);
    });
    for (const [link, ...others] of groupBy(late, cause)) {
      if (link === undefined) continue;
      const { proxy, gunicorn } = link;
      yield {
        at: placeOf(proxy.readTimeout) ?? proxy.at,
        message: `nginx waits ${duration(proxy.readTimeout)} for ${gunicorn.name}, which lets a sync worker run for ${duration(gunicorn.configuration.timeout)}`,
        why: "The client gets a 504 while the worker goes on with the abandoned request and is not free for the next one.",
        because: [
          proxy.readTimeout,
          gunicorn.configuration.timeout,
          gunicorn.configuration.workerKind,
          { message: `the address that joins them, ${link.listener.owner}`, at: link.at },
          ...others.map((other) => ({ message: "the same timeout holds here", at: other.proxy.at })),
        ],
        help: "proxy_read_timeout a little above gunicorn's timeout, or a smaller timeout",
      };
    }
  },
});

function cause({ proxy, gunicorn }: Link): string {
  const place = placeOf(proxy.readTimeout);
  const written = isWritten(proxy.readTimeout) && place !== undefined;
  return `${written ? `${place.file.path}\0${place.start}` : "default"}\0${gunicorn.name}`;
}

function duration(value: Link["proxy"]["readTimeout"]): string {
  const text = valueText(value, "seconds");
  return text === "no limit" ? "any time" : text;
}
