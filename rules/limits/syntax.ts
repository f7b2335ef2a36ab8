import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "A line that pam_limits does not take",
    since: "0.1.0",
    sources: ["limits.conf(5)", "Linux-PAM modules/pam_limits/pam_limits.c"],
  },
  docs: () => ({
    what: "Reports a line of limits.conf or limits.d that pam_limits ignores.",
    why: "The limit that it was meant to set is not set.",
    fix: "Write four fields: domain, type, item, value.",
  }),
  examples: () => [
    {
      title: "A misspelt item",
      files: {
        "etc/security/limits.conf": "deploy soft «nofiles» 65536\n",
      },
      findings: ["`nofiles` is no item that pam_limits knows, so the line is ignored"],
    },
    {
      title: "Quiet: the usual two lines",
      files: {
        "etc/security/limits.conf": "deploy soft nofile 65536\ndeploy hard nofile 65536 # raised\n",
      },
    },
  ],
});
