import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "A limit that is another number than it looks",
    since: "0.1.0",
    sources: [
      "limits.conf(5)",
      "Linux-PAM modules/pam_limits/pam_limits.c, process_limit (strtoul in base 10)",
    ],
  },
  docs: () => ({
    what: "Reports a value of limits.conf in which something other than a blank follows the digits: `64k`, `65,536`, `1e6`, `0x10000`.",
    why: "pam_limits reads digits up to the first other character and takes what it has: `64k` is 64, `65,536` is 65, `0x10000` is 0. Nothing is logged, and logins run under a tiny limit.",
    fix: "Write the whole number in digits.",
  }),
  examples: () => [
    {
      title: "A thousands separator and a suffix",
      files: {
        "etc/security/limits.conf": "deploy soft nofile «65,536»\ndeploy hard nofile «64k»\n",
      },
      findings: [
        "pam_limits stops at the first character that is no digit: `65,536` means 65",
        "pam_limits stops at the first character that is no digit: `64k` means 64",
      ],
    },
    {
      title: "Quiet: digits, and a comment",
      files: {
        "etc/security/limits.conf": "deploy soft nofile 65536\ndeploy hard nofile 65536 # raised\n",
      },
    },
  ],
});
