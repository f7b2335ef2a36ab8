import { groupBy } from "../../src/lint/group.ts";
import { defineRule } from "../../src/lint/rule.ts";
import { addressText } from "../../src/model/address.ts";
import { isWritten, placeOf } from "../../src/model/value.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "A socket below /tmp that the other service does not see",
    since: "0.1.0",
    sources: [
      "systemd.exec(5), PrivateTmp=",
      "systemd.unit(5), JoinsNamespaceOf=",
      "systemd.socket(5): the socket is made by systemd, in the /tmp of the machine",
    ],
  },
  docs: () => ({
    what: "Reports a unix socket below /tmp or /var/tmp by which nginx reaches a gunicorn, where one of the two services has `PrivateTmp=true`.",
    why: "The service has a /tmp of its own: the same path is another file for the other one, and connect(2) fails with `No such file or directory`. nginx answers every request with 502.",
    fix: "Put the socket below /run: `RuntimeDirectory=app` in the unit of gunicorn and `--bind unix:/run/app/app.sock`.",
    exceptions:
      "`JoinsNamespaceOf=` may let both share one /tmp; then it is not judged. Under socket activation systemd makes the socket, and only PrivateTmp= of nginx counts.",
  }),
  examples: () => [
    {
      title: "gunicorn makes its socket in a /tmp of its own",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  upstream app {\n    ⟦server unix:/tmp/app.sock;⟧\n  }\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://app;\n    }\n  }\n}\n",
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\n«⟦PrivateTmp=true⟧»\nExecStart=/usr/bin/gunicorn -b unix:/tmp/app.sock app:app\n",
      },
      findings: [
        "nginx does not find unix:/tmp/app.sock of gunicorn (app.service): app.service has a /tmp of its own",
      ],
    },
    {
      title: "Quiet: both services share one private /tmp",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://unix:/tmp/app.sock;\n    }\n  }\n}\n",
        "etc/systemd/system/nginx.service":
          "[Unit]\nJoinsNamespaceOf=app.service\n[Service]\nPrivateTmp=true\nExecStart=/usr/sbin/nginx\n",
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nPrivateTmp=true\nExecStart=/usr/bin/gunicorn -b unix:/tmp/app.sock app:app\n",
      },
    },
    {
      title: "nginx has a /tmp of its own",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      ⟦proxy_pass http://unix:/var/tmp/app.sock;⟧\n    }\n  }\n}\n",
        "etc/systemd/system/nginx.service":
          "[Service]\nType=forking\n«⟦PrivateTmp=yes⟧»\nExecStart=/usr/sbin/nginx\n",
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -b unix:/var/tmp/app.sock app:app\n",
      },
      findings: [
        "nginx does not find unix:/var/tmp/app.sock of gunicorn (app.service): nginx.service has a /var/tmp of its own",
      ],
    },
    {
      title: "Quiet: the socket is below /run",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://unix:/run/app/app.sock;\n    }\n  }\n}\n",
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nRuntimeDirectory=app\nPrivateTmp=true\nExecStart=/usr/bin/gunicorn -b unix:/run/app/app.sock app:app\n",
      },
    },
    {
      title: "Quiet: neither service has a /tmp of its own",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://unix:/tmp/app.sock;\n    }\n  }\n}\n",
        "etc/systemd/system/nginx.service": "[Service]\nType=forking\nExecStart=/usr/sbin/nginx\n",
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -b unix:/tmp/app.sock app:app\n",
      },
    },
    {
      title: "Quiet: systemd makes the socket, in the /tmp of the machine",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://unix:/tmp/app.sock;\n    }\n  }\n}\n",
        "etc/systemd/system/nginx.service": "[Service]\nType=forking\nExecStart=/usr/sbin/nginx\n",
        "etc/systemd/system/app.socket": "[Socket]\nListenStream=/tmp/app.sock\n",
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nPrivateTmp=true\nExecStart=/usr/bin/gunicorn app:app\n",
      },
    },
  ],
  *check(host, ask) {
    const temporary = host.links.filter(
      ({ listener: { address } }) => address.kind === "unix" && /^\/(?:var\/)?tmp\//.test(address.path),
    );
    for (const [link] of groupBy(
      temporary,
      ({ at, gunicorn }) => `${at.file.path}\0${at.start}\0${gunicorn.name}`,
    )) {
      if (link === undefined) continue;
      const { nginx, gunicorn, listener } = link;
      const { address } = listener;
      const sides = gunicorn.activatedBy.length > 0 ? [nginx] : [gunicorn, nginx];
      const owner = sides.find(
        ({ environment }) => environment.privateTmp.known && environment.privateTmp.value,
      );
      if (
        !ask.certain(
          sides.map((side) => side.environment.privateTmp),
          (...own) => own.some(Boolean),
        )
      )
        continue;
      const side = owner ?? gunicorn;
      const own = side.environment.privateTmp;
      yield {
        at: (isWritten(own) ? placeOf(own) : undefined) ?? listener.at,
        message: `nginx does not find ${addressText(address)} of ${gunicorn.name}: ${side.environment.name} has a ${/\/(?:var\/)?tmp/.exec(addressText(address))?.[0]} of its own`,
        why: "The same path is another file for each of them: every request ends in a 502.",
        because: [own, { message: "the path that nginx connects to", at: link.at }],
        help: `put the socket below /run, with RuntimeDirectory= in the unit of ${gunicorn.program}`,
      };
    }
  },
});
