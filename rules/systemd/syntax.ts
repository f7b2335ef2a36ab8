import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "A line that systemd does not take",
    since: "0.1.0",
    sources: ["systemd.syntax(7)", "systemd src/shared/conf-parser.c"],
  },
  docs: () => ({
    what: "Reports a line of a unit file or drop-in that systemd ignores, and a file that it refuses as a whole.",
    why: "systemd logs it and goes on without the line; a drop-in without a section header does nothing at all.",
    fix: "Put the assignment under the section that it belongs to, as `Key=value` on one line.",
  }),
  examples: () => [
    {
      title: "A drop-in without a section header",
      files: {
        "etc/systemd/system/nginx.service.d/limits.conf": "«LimitNOFILE=65536»\n",
      },
      findings: ["`LimitNOFILE=65536` stands before any [Section] header, so systemd ignores it"],
    },
    {
      title: "Quiet: the same with its header",
      files: {
        "etc/systemd/system/nginx.service.d/limits.conf": "[Service]\nLimitNOFILE=65536\n",
      },
    },
  ],
});
