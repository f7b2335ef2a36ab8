import { defineRule } from "../../src/lint/rule.ts";
import { placeOf } from "../../src/model/value.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "A limit that no login survives",
    since: "0.1.0",
    sources: ["Linux-PAM modules/pam_limits/pam_limits.c, setup_limits", "setrlimit(2)"],
  },
  docs: () => ({
    what: "Reports a nofile limit of 0 or 1 in limits.conf or limits.d.",
    why: "With no descriptor left the session cannot open a single file, so that su, ssh, login and cron fail for the account. Who has no other way to become root is locked out.",
    fix: "Write a number of at least 1024.",
    exceptions:
      "A number above fs.nr_open may refuse the login too: descriptors/above-nr-open reports it. A number that only becomes so small because something follows its digits is reported by limits/value.",
  }),
  examples: () => [
    {
      title: "No descriptors at all",
      files: { "etc/security/limits.conf": "deploy hard nofile «0»\n" },
      findings: ["a hard nofile of 0 for deploy: a session of it can open no file, so every login fails"],
    },
    {
      title: "Quiet: 0 for another item, and no limit",
      files: { "etc/security/limits.conf": "* hard core 0\n* - nofile unlimited\n" },
    },
  ],
  *check(host) {
    for (const { item, type, domain, text, value, at, conditional } of host.limits.entries) {
      if (item !== "nofile" || conditional || !value.known || value.value > 1 || !/^\d+$/.test(text))
        continue;
      const side = type === "both" ? "" : `${type} `;
      yield {
        at: placeOf(value) ?? at,
        message: `a ${side}nofile of ${text} for ${domain}: a session of it can open no file, so every login fails`,
        why: "su, ssh, login and cron stop working for the account.",
        because: [value],
        help: "a number of at least 1024",
      };
    }
  },
});
