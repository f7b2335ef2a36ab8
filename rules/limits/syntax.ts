import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "A line that pam_limits does not take",
    since: "0.1.0",
    sources: ["limits.conf(5)", "Linux-PAM modules/pam_limits/pam_limits.c"],
  },
  docs: {
    what: "Reports a line of limits.conf or limits.d that pam_limits ignores or reads as something else than it looks like.",
    why: "The limit that it was meant to set is not set.",
    fix: "Write four fields: domain, type, item, value.",
  },
  examples: [
    {
      title: "A thousands separator",
      files: {
        "etc/security/limits.conf": "deploy soft nofile «65,536»\n",
      },
      findings: ["pam_limits stops at the first character that is no digit: `65,536` means 65"],
    },
    {
      title: "Quiet: the usual two lines",
      files: {
        "etc/security/limits.conf": "deploy soft nofile 65536\ndeploy hard nofile 65536 # raised\n",
      },
    },
  ],
});
