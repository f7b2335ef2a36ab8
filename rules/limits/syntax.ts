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
  examples: [],
});
