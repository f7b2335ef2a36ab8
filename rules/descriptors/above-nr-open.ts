import { defineRule } from "../../src/lint/rule.ts";
import { isWritten, placeOf } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "A nofile limit stands above fs.nr_open",
    since: "0.1.0",
    sources: [
      "setrlimit(2), EPERM above /proc/sys/fs/nr_open",
      "systemd.exec(5), exit status 205/LIMITS",
      "Linux-PAM modules/pam_limits/pam_limits.c",
    ],
  },
  docs: () => ({
    what: "Reports an explicit `LimitNOFILE=` whose hard value is above an fs.nr_open that a sysctl file lowers, and a hard nofile in limits.conf above fs.nr_open.",
    why: "The kernel refuses such a limit even to root. The unit does not start (exit status 205/LIMITS). With upstream's pam_limits the login is refused: ssh, su and cron stop working for the account; Debian's patched module ignores the line instead.",
    fix: "Raise `fs.nr_open` in /etc/sysctl.d to at least the largest limit, or lower the limit.",
    exceptions:
      "`LimitNOFILE=infinity`, and a limit above the ceiling that the service manager got at boot, are cut silently and are not reported.",
  }),
  examples: () => [
    {
      title: "A unit that will not start",
      files: {
        "etc/sysctl.d/90-files.conf": "fs.nr_open = ⟦65536⟧\n",
        "etc/systemd/system/app.service": "[Service]\n«LimitNOFILE=100000»\nExecStart=/usr/bin/app\n",
      },
      findings: ["app.service asks for a nofile limit of 100000 above fs.nr_open 65536 and will not start"],
    },
    {
      title: "A login that is refused",
      files: {
        "etc/security/limits.conf": "deploy hard nofile «3000000000»\n",
      },
      facts: { distribution: "fedora-41" },
      findings: [
        "a hard nofile of 3000000000 for deploy is above fs.nr_open: pam_limits refuses the session",
      ],
    },
    {
      title: "Quiet: a limit below the kernel's default ceiling",
      files: {
        "etc/security/limits.conf": "deploy hard nofile 1048576\n",
        "etc/systemd/system/app.service": "[Service]\nLimitNOFILE=1048576\nExecStart=/usr/bin/app\n",
      },
    },
  ],
  *check(host, ask) {
    const ceiling = host.bare.sysctl("fs.nr_open");
    for (const service of host.systemd.services) {
      const hard = service.limitNofile?.hard;
      const at = hard && placeOf(hard);
      if (hard === undefined || at === undefined || !isWritten(ceiling)) continue;
      if (
        !ask.certain([hard, ceiling], (wanted, most) => wanted !== Number.POSITIVE_INFINITY && wanted > most)
      )
        continue;
      yield {
        at,
        message: `${service.name} asks for a nofile limit of ${valueText(hard)} above fs.nr_open ${valueText(ceiling)} and will not start`,
        why: "setrlimit() refuses it even to root; systemd gives up with status 205/LIMITS.",
        because: [hard, ceiling],
        help: `fs.nr_open = ${valueText(hard)} or more in /etc/sysctl.d, or a smaller LimitNOFILE=`,
      };
    }
    for (const entry of host.limits.entries) {
      if (entry.item !== "nofile" || entry.type === "soft") continue;
      if (
        !ask.certain(
          [entry.value, ceiling],
          (wanted, most) => wanted !== Number.POSITIVE_INFINITY && wanted > most,
        )
      )
        continue;
      const ignored = isDebian(host.facts.distribution);
      yield {
        at: placeOf(entry.value) ?? entry.at,
        severity: ignored === false ? "error" : "warning",
        message: `a hard nofile of ${valueText(entry.value)} for ${entry.domain} is above fs.nr_open: ${outcome(ignored)}`,
        why: "The kernel refuses such a limit even to root.",
        because: [entry.value, ceiling],
        help: `a hard nofile of at most ${valueText(ceiling)}, or a larger fs.nr_open in /etc/sysctl.d`,
      };
    }
  },
});

function isDebian(distribution: {
  readonly known: boolean;
  readonly value?: { readonly name: string };
}): boolean | undefined {
  if (!distribution.known) return undefined;
  return ["debian", "ubuntu", "raspbian", "linuxmint"].includes(distribution.value?.name ?? "");
}

function outcome(ignored: boolean | undefined): string {
  if (ignored === undefined) return "pam_limits refuses the session (Debian's ignores the line)";
  return ignored ? "Debian's pam_limits ignores the line" : "pam_limits refuses the session";
}
