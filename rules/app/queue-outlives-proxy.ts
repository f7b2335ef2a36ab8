import { groupBy } from "../../src/lint/group.ts";
import { defineRule } from "../../src/lint/rule.ts";
import type { Link } from "../../src/model/host.ts";
import { seconds } from "../../src/model/units.ts";
import { derive, placeOf } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "The end of gunicorn's accept queue waits longer than nginx does",
    since: "0.1.0",
    sources: [
      "gunicorn documentation, Settings, backlog",
      "nginx ngx_http_proxy_module, proxy_read_timeout",
      "Little's law: time in the queue = places x time of one request / requests at once",
    ],
  },
  docs: () => ({
    what: "With a declared time of one request (`--request-seconds`) computes how long the last request in a full accept queue waits for a worker, queue x time / concurrency, and compares it with `proxy_read_timeout`.",
    why: "Under overload the queue fills. A request that waits longer than proxy_read_timeout has been answered with 504 before a worker takes it, and the worker still does the work: the host is busy with answers that nobody reads, and does not recover while clients repeat.",
    fix: "A smaller `--backlog`, about concurrency x proxy_read_timeout / time of a request, lets nginx refuse at once what cannot be served in time. Or more workers.",
    exceptions:
      "Not judged without a declared time of a request, nor for worker classes without a limit on requests at once.",
  }),
  examples: () => [
    {
      title: "2,048 places before three workers and 0.5 s a request",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://127.0.0.1:8000;\n    }\n  }\n}\n",
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=«/usr/bin/gunicorn -w 3 -b 127.0.0.1:8000 app:app»\n",
      },
      facts: { "request-seconds": "0.5", kernel: "6.1", gunicorn: "23.0.0" },
      findings: [
        "the last of 2048 requests queued at gunicorn (app.service) waits 341.333 s for a worker, but nginx gives up after 60 s",
      ],
    },
    {
      title: "Quiet: a backlog that the workers can serve in time",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://127.0.0.1:8000;\n    }\n  }\n}\n",
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -w 3 --backlog 256 -b 127.0.0.1:8000 app:app\n",
      },
      facts: { "request-seconds": "0.5", kernel: "6.1", gunicorn: "23.0.0" },
    },
    {
      title: "Quiet: the time of a request is not declared",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://127.0.0.1:8000;\n    }\n  }\n}\n",
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -w 3 -b 127.0.0.1:8000 app:app\n",
      },
    },
  ],
  *check(host, ask) {
    const { requestSeconds } = host.facts;
    for (const [link] of groupBy(host.links, cause)) {
      if (link === undefined) continue;
      // With --limit-concurrency uvicorn takes every connection and answers 503 where it is one too many.
      if (link.gunicorn.program === "uvicorn") continue;
      const { concurrency, backlog } = link.gunicorn.configuration;
      if (ask.value(requestSeconds) === undefined) continue;
      const wait = derive(
        "wait of the last queued request",
        "accept queue x time of a request / requests at once",
        [link.listener.acceptQueue, requestSeconds, concurrency],
        (queue, time, atOnce) => seconds((queue * time) / atOnce),
      );
      if (!ask.below(link.proxy.readTimeout, wait)) continue;
      yield {
        at: placeOf(backlog) ?? link.gunicorn.at,
        message: `the last of ${valueText(link.listener.acceptQueue)} requests queued at ${link.gunicorn.name} waits ${valueText(wait, "seconds")} for a worker, but nginx gives up after ${valueText(link.proxy.readTimeout, "seconds")}`,
        why: "Workers then spend their time on requests that nginx has already answered with 504.",
        because: [wait, link.proxy.readTimeout, { message: "nginx waits here", at: link.proxy.at }],
        help: "a smaller --backlog, about requests at once x proxy_read_timeout / time of a request, or more workers",
      };
    }
  },
});

function cause({ gunicorn, proxy }: Link): string {
  return `${gunicorn.name}\0${valueText(proxy.readTimeout)}`;
}
