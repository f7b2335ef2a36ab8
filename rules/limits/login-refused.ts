import { defineRule, type Finding } from "../../src/lint/rule.ts";
import type { PamLimit } from "../../src/model/limits.ts";
import { placeOf } from "../../src/model/value.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "A limit that no login survives",
    since: "0.1.0",
    sources: [
      "Linux-PAM modules/pam_limits/pam_limits.c, setup_limits",
      "Linux-PAM 1.5.2: unlimited nofile is fs.nr_open",
      "setrlimit(2)",
    ],
  },
  docs: {
    what: "Reports a nofile of 0 or 1, and `nofile unlimited` where pam_limits is older than 1.5.2 and not Debian's.",
    why: "With no descriptor left the session cannot even open its log, so that su, ssh, login and cron fail for the account. Before Linux-PAM 1.5.2 `unlimited` is infinity, which the kernel refuses for nofile: pam_limits then refuses the session. Who is not logged in as root by then is locked out.",
    fix: "Write a number of at least 1024.",
    exceptions:
      "A number above fs.nr_open has the same effect: descriptors/above-nr-open reports it. Debian's and Ubuntu's module ignores a limit that the kernel refuses.",
  },
  examples: [
    {
      title: "No descriptors at all",
      files: { "etc/security/limits.conf": "deploy hard nofile «0»\n" },
      findings: ["a hard nofile of 0 for deploy: no session of it can open a file, so every login fails"],
    },
    {
      title: "unlimited on Red Hat 8",
      files: { "etc/security/limits.conf": "app - nofile «unlimited»\n" },
      facts: { distribution: "rhel-8" },
      findings: [
        "nofile unlimited for app: this pam_limits asks for more than fs.nr_open and refuses the login",
      ],
    },
    {
      title: "Quiet: unlimited where the distribution is not known, and 0 for another item",
      files: { "etc/security/limits.conf": "* - nofile unlimited\n* hard core 0\n" },
    },
  ],
  *check(host) {
    for (const entry of host.limits.entries) {
      if (entry.item !== "nofile" || entry.conditional || !entry.value.known) continue;
      if (entry.value.value <= 1 && /^\d+$/.test(entry.text))
        yield finding(
          entry,
          `a ${entry.type === "both" ? "" : `${entry.type} `}nofile of ${entry.text} for ${entry.domain}: no session of it can open a file, so every login fails`,
        );
      else if (entry.value.value === Number.POSITIVE_INFINITY && entry.type !== "soft" && isName(entry)) {
        const { refused } = host.limits.session({ name: accountOf(entry) }, "nofile");
        if (refused.known && refused.value)
          yield finding(
            entry,
            `nofile ${entry.text} for ${entry.domain}: this pam_limits asks for more than fs.nr_open and refuses the login`,
          );
      }
    }
  },
});

function finding(entry: PamLimit, message: string): Finding {
  return {
    at: placeOf(entry.value) ?? entry.at,
    message,
    why: "su, ssh, login and cron stop working for the account.",
    because: [entry.value],
    help: "a number of at least 1024",
  };
}

function isName({ domain }: PamLimit): boolean {
  return domain === "*" || /^[a-z_][a-z0-9_-]*$/.test(domain);
}

/** For `*` an account that has no line of its own. */
function accountOf({ domain }: PamLimit): string {
  return domain === "*" ? "any account" : domain;
}
