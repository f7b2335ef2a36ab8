import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "A line that systemd does not take",
    since: "0.1.0",
    sources: ["systemd.syntax(7)", "systemd src/shared/conf-parser.c"],
  },
  docs: {
    what: "Reports a line of a unit file or drop-in that systemd ignores, and a file that it refuses as a whole.",
    why: "systemd logs it and goes on without the line; a drop-in without a section header does nothing at all.",
    fix: "Put the assignment under the section that it belongs to, as `Key=value` on one line.",
  },
  examples: [],
});
