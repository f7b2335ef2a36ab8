import { groupBy } from "../../src/lint/group.ts";
import { defineRule } from "../../src/lint/rule.ts";
import type { Environment } from "../../src/model/environment.ts";
import type { Host } from "../../src/model/host.ts";
import { placeOf, type Value } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "A limit in limits.conf is meant for a service that never reads it",
    since: "0.1.0",
    sources: ["limits.conf(5)", "pam_limits(8)", "systemd.exec(5), PAMName= and LimitNOFILE="],
  },
  docs: () => ({
    what: "Reports a nofile line in limits.conf or limits.d for the account of a service (`User=` of the unit, `user` of nginx) whose unit has no `PAMName=`.",
    why: "limits.conf is read by pam_limits when a PAM session opens: login, ssh, su, cron. systemd starts a service without a session, with LimitNOFILE= or 1024:524288, so the line changes nothing for it.",
    fix: "Put `LimitNOFILE=` into a drop-in of the service (`systemctl edit NAME`), or `worker_rlimit_nofile` into nginx.conf. Keep the line only for interactive logins of that account.",
    exceptions:
      "A line for `*`, a group or root is not reported: it may well be meant for logins. Neither is a line whose soft value the service has anyway.",
  }),
  examples: () => [
    {
      title: "A limit for www-data, the account of nginx",
      files: {
        "etc/security/limits.conf": "www-data soft nofile «256000»\nwww-data hard nofile 260000\n",
        "etc/nginx/nginx.conf":
          "user ⟦www-data⟧;\nevents {\n  worker_connections 768;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
        "etc/systemd/system/nginx.service": "[Service]\nType=forking\nExecStart=/usr/sbin/nginx\n",
      },
      findings: [
        "the nofile limit of 256000 for www-data never reaches nginx.service, which starts with 1024",
      ],
    },
    {
      title: "Quiet: a unit that opens a PAM session",
      files: {
        "etc/security/limits.conf": "app soft nofile 65536\n",
        "etc/systemd/system/app.service": "[Service]\nUser=app\nPAMName=su\nExecStart=/usr/bin/app\n",
      },
    },
    {
      title: "Quiet: a wildcard for logins",
      files: {
        "etc/security/limits.conf": "* soft nofile 65536\n",
        "etc/systemd/system/app.service": "[Service]\nUser=app\nExecStart=/usr/bin/app\n",
      },
    },
  ],
  *check(host, ask) {
    const lines = host.limits.entries.filter((entry) => entry.item === "nofile" && entry.type !== "hard");
    const unreached = accounts(host).flatMap(({ environment, account }) => {
      if (environment.pamSession || environment.kind === "container") return [];
      const user = ask.value(account);
      const line = lines.findLast((entry) => entry.domain === user);
      if (line === undefined || user === "root") return [];
      const { soft } = environment.nofile;
      return ask.certain([line.value, soft], (limit, own) => limit !== own)
        ? [{ line, environment, account, soft }]
        : [];
    });
    for (const [first, ...others] of groupBy(
      unreached,
      ({ line }) => `${line.at.file.path}:${line.at.start}`,
    )) {
      if (first === undefined) continue;
      const { line, environment, account, soft } = first;
      const more = others.length === 0 ? "" : ` and ${others.length} more`;
      yield {
        at: placeOf(line.value) ?? line.at,
        message: `the nofile limit of ${valueText(line.value)} for ${line.domain} never reaches ${environment.name}${more}, which ${others.length === 0 ? "starts" : "start"} with ${valueText(soft)}`,
        why: "pam_limits acts when a login session opens; systemd starts services without one.",
        because: [line.value, account, soft, ...others.map((other) => other.account)],
        help: `LimitNOFILE=${valueText(line.value)} in a drop-in of ${environment.name}`,
      };
    }
  },
});

interface ServiceAccount {
  readonly environment: Environment;
  readonly account: Value<string>;
}

/** Each service once, with the account that its work runs under; nginx's workers change to the account of `user`. */
function accounts(host: Host): ServiceAccount[] {
  const byService = new Map<Environment, Value<string>>();
  for (const environment of host.environments)
    if (environment.kind !== "unknown") byService.set(environment, environment.user);
  for (const { environment, configuration } of host.nginx)
    if (configuration.user !== undefined) byService.set(environment, configuration.user);
  return [...byService].map(([environment, account]) => ({ environment, account }));
}
