import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "A line that sysctl does not take",
    since: "0.1.0",
    sources: ["sysctl.d(5)", "sysctl.conf(5)", "procps src/sysctl.c"],
  },
  docs: () => ({
    what: "Reports a line of a sysctl file that is no assignment.",
    why: "The line is skipped; what it was meant to set keeps its old value.",
    fix: "Write `key = value`.",
  }),
  examples: () => [
    {
      title: "A colon instead of `=`",
      files: {
        "etc/sysctl.d/60-net.conf": "«net.core.somaxconn: 4096»\n",
      },
      findings: ["`net.core.somaxconn: 4096` has no `=`, so the line is skipped"],
    },
    {
      title: "Quiet: comments, a key with slashes and one that may fail",
      files: {
        "etc/sysctl.d/60-net.conf": "# queues\nnet/core/somaxconn = 4096\n-net.ipv4.tcp_tw_reuse = 1\n",
      },
    },
  ],
});
