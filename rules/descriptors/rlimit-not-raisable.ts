import { defineRule } from "../../src/lint/rule.ts";
import { placeOf } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "nginx may not raise its limit to worker_rlimit_nofile",
    since: "0.1.0",
    sources: [
      "setrlimit(2), CAP_SYS_RESOURCE",
      "nginx src/os/unix/ngx_process_cycle.c, ngx_worker_process_init",
    ],
  },
  docs: () => ({
    what: "Reports a `worker_rlimit_nofile` above the hard nofile limit of an nginx that lacks CAP_SYS_RESOURCE: a unit with `User=`, or one whose `CapabilityBoundingSet=` leaves it out.",
    why: "setrlimit(2) fails with `Operation not permitted`, nginx logs an [alert] and the worker goes on with the soft limit that it inherited, usually 1024.",
    fix: "Set `LimitNOFILE=` of the unit to at least that number: the service manager may raise it, whatever the user of the service.",
    exceptions:
      "A master that runs as root with all capabilities may exceed the hard limit up to fs.nr_open.",
  }),
  examples: () => [
    {
      title: "An unprivileged nginx under LimitNOFILE=4096",
      files: {
        "etc/nginx/nginx.conf":
          "worker_rlimit_nofile «65536»;\nevents {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 8080;\n  }\n}\n",
        "etc/systemd/system/nginx.service":
          "[Service]\n⟦User=www-data⟧\n⟦LimitNOFILE=1024:4096⟧\nExecStart=/usr/sbin/nginx -g 'daemon off;'\n",
      },
      findings: [
        "worker_rlimit_nofile 65536 is above the hard limit of 4096, which this nginx may not raise: workers keep 1024",
      ],
    },
    {
      title: "Quiet: a master that is root",
      files: {
        "etc/nginx/nginx.conf":
          "worker_rlimit_nofile 65536;\nevents {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 8080;\n  }\n}\n",
        "etc/systemd/system/nginx.service":
          "[Service]\nLimitNOFILE=1024:4096\nExecStart=/usr/sbin/nginx -g 'daemon off;'\n",
      },
    },
    {
      title: "Quiet: the default hard limit of 524288 is enough",
      files: {
        "etc/nginx/nginx.conf":
          "worker_rlimit_nofile 65536;\nevents {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 8080;\n  }\n}\n",
        "etc/systemd/system/nginx.service":
          "[Service]\nUser=www-data\nExecStart=/usr/sbin/nginx -g 'daemon off;'\n",
      },
    },
  ],
  *check(host, ask) {
    for (const nginx of host.nginx) {
      const wanted = nginx.configuration.workerRlimitNofile;
      const { nofile, mayRaiseLimits } = nginx.environment;
      if (wanted === undefined || !ask.below(nofile.hard, wanted)) continue;
      if (!ask.certain([mayRaiseLimits], (may) => !may)) continue;
      yield {
        at: placeOf(wanted) ?? nginx.configuration.main,
        message: `worker_rlimit_nofile ${valueText(wanted)} is above the hard limit of ${valueText(nofile.hard)}, which this nginx may not raise: workers keep ${valueText(nofile.soft)}`,
        why: "setrlimit() fails with EPERM, nginx writes an alert into its log and goes on with the inherited limit.",
        because: [nofile.hard, nofile.soft, mayRaiseLimits],
        help: `LimitNOFILE=${valueText(wanted)} in ${nginx.environment.name}`,
      };
    }
  },
});
