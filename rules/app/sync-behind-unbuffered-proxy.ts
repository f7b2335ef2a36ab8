import { groupBy } from "../../src/lint/group.ts";
import { defineRule } from "../../src/lint/rule.ts";
import type { Link } from "../../src/model/host.ts";
import { placeOf, type Value } from "../../src/model/value.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "Slow clients reach sync workers through an unbuffered proxy",
    since: "0.1.0",
    sources: [
      "gunicorn documentation, Deploying Gunicorn: proxy_buffering off only with async workers",
      "nginx ngx_http_proxy_module, proxy_buffering and proxy_request_buffering",
    ],
  },
  docs: () => ({
    what: "Reports `proxy_buffering off` and `proxy_request_buffering off` where nginx hands requests to a gunicorn with sync workers.",
    why: "A sync worker serves one request at once. Unbuffered, it reads a body as slowly as the client sends it, or writes a response as slowly as the client takes it: as many slow clients as there are workers stop the application, and a worker that is held longer than `timeout` is killed.",
    fix: "Leave the buffering on, or switch it off only in the location that streams and serve that one with gthread or asynchronous workers.",
    exceptions: "Worker classes that serve other requests meanwhile are not judged.",
  }),
  examples: () => [
    {
      title: "proxy_buffering off in front of three sync workers",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      proxy_buffering ⟦«off»⟧;\n      proxy_pass http://127.0.0.1:8000;\n    }\n  }\n}\n",
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -w 3 -b 127.0.0.1:8000 app:app\n",
      },
      findings: ["proxy_buffering is off in front of the sync workers of gunicorn (app.service)"],
    },
    {
      title: "Uploads go unbuffered to sync workers, from two locations",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  proxy_request_buffering ⟦«off»⟧;\n  server {\n    listen 80;\n    location / {\n      ⟦proxy_pass http://127.0.0.1:8000;⟧\n    }\n    location /upload/ {\n      ⟦proxy_pass http://127.0.0.1:8000;⟧\n    }\n  }\n}\n",
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -w 3 -b 127.0.0.1:8000 app:app\n",
      },
      findings: ["proxy_request_buffering is off in front of the sync workers of gunicorn (app.service)"],
    },
    {
      title: "Quiet: the same in front of threads",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      proxy_buffering off;\n      proxy_pass http://127.0.0.1:8000;\n    }\n  }\n}\n",
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -w 3 --threads 8 -b 127.0.0.1:8000 app:app\n",
      },
    },
    {
      title: "Quiet: only the location of another server is not buffered",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://127.0.0.1:8000;\n    }\n    location /ws/ {\n      proxy_buffering off;\n      proxy_pass http://127.0.0.1:3000;\n    }\n  }\n}\n",
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -w 3 -b 127.0.0.1:8000 app:app\n",
      },
    },
  ],
  *check(host, ask) {
    const unbuffered = host.links.flatMap((link) =>
      settings(link).flatMap(({ setting, why }) =>
        ask.certain([setting], (on) => !on) &&
        ask.certain([link.gunicorn.configuration.workerKind], (kind) => kind === "sync")
          ? [{ link, setting, why }]
          : [],
      ),
    );
    for (const [first, ...others] of groupBy(unbuffered, cause)) {
      if (first === undefined) continue;
      const { link, setting, why } = first;
      const { gunicorn, proxy } = link;
      yield {
        at: placeOf(setting) ?? proxy.at,
        message: `${setting.label} is off in front of the sync workers of ${gunicorn.name}`,
        why,
        because: [
          setting,
          gunicorn.configuration.workerKind,
          { message: "requests go to it from here", at: proxy.at },
          ...others.map((other) => ({ message: "and from here", at: other.link.proxy.at })),
        ],
        help: `leave ${setting.label} on here, or serve it with gthread or asynchronous workers`,
      };
    }
  },
});

interface Unbuffered {
  readonly link: Link;
  readonly setting: Value<boolean>;
  readonly why: string;
}

function settings({ proxy }: Link): Omit<Unbuffered, "link">[] {
  return [
    {
      setting: proxy.buffering,
      why: "A client that takes a long response slowly holds a worker, which serves nobody else meanwhile.",
    },
    {
      setting: proxy.requestBuffering,
      why: "A client that sends a body slowly holds a worker, which serves nobody else meanwhile.",
    },
  ];
}

function cause({ link, setting }: Unbuffered): string {
  const place = placeOf(setting);
  return `${setting.label}\0${place?.file.path}\0${place?.start}\0${link.gunicorn.name}`;
}
