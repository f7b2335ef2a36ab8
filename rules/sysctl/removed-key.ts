import { defineRule } from "../../src/lint/rule.ts";
import { spanText } from "../../src/text/span.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "A key that Linux has no longer",
    since: "0.1.0",
    sources: [
      "Linux 4.12: tcp: remove tcp_tw_recycle",
      "Linux 5.13: sched: Move SCHED_DEBUG sysctl to debugfs",
    ],
  },
  docs: () => ({
    what: "Reports `net.ipv4.tcp_tw_recycle` (gone in Linux 4.12) and the scheduler's keys `kernel.sched_*_ns` (5.13).",
    why: "The line sets nothing, and no program says so loudly. The value that was tuned in the past is not in force.",
    fix: "Remove the line, and use what the message names.",
    exceptions:
      "Quiet where the kernel of the host is known and old enough. The scheduler's keys are an info where it is not known: Red Hat 8 (4.18) still has them.",
  }),
  examples: () => [
    {
      title: "tcp_tw_recycle",
      files: {
        "etc/sysctl.d/60-net.conf": "net.ipv4.tcp_tw_reuse = 1\n«net.ipv4.tcp_tw_recycle» = 1\n",
      },
      findings: ["net.ipv4.tcp_tw_recycle does not exist since Linux 4.12, so the line sets nothing"],
    },
    {
      title: "Quiet: a kernel that still has it",
      files: { "etc/sysctl.d/60-net.conf": "net.ipv4.tcp_tw_recycle = 0\n" },
      facts: { kernel: "3.10" },
    },
  ],
  *check(host) {
    for (const doubt of host.sysctl.doubts) {
      if (doubt.kind !== "removed") continue;
      const { line, since, instead, certain } = doubt;
      yield {
        at: line.keyAt,
        ...(!certain && since.startsWith("5.") ? { severity: "info" } : {}),
        message: `${spanText(line.keyAt)} does not exist since Linux ${since}, so the line sets nothing`,
        because: [{ message: `ignored by Linux ${since} and later`, at: line.at }],
        help: `remove the line: ${instead}`,
      };
    }
  },
});
