import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "A value that systemd rejects",
    since: "0.1.0",
    sources: ["systemd.exec(5)", "systemd.resource-control(5)", "systemd src/basic/rlimit-util.c"],
  },
  docs: () => ({
    what: "Reports a value that systemd cannot read, for the settings along the capacity chain. The earlier valid value, or the default, stays in force.",
    why: "systemd logs a line and starts the unit without the setting: `LimitNOFILE=64K` leaves the limit at 1024.",
    fix: "Write the value in the form that the message names.",
  }),
  examples: () => [
    {
      title: "A suffix that limits do not take",
      files: {
        "etc/systemd/system/nginx.service.d/limits.conf": "[Service]\nLimitNOFILE=«64K»\n",
      },
      findings: ["LimitNOFILE=64K is no limit, so systemd ignores it and the default stays in force"],
    },
    {
      title: "Quiet: soft and hard",
      files: {
        "etc/systemd/system/nginx.service.d/limits.conf": "[Service]\nLimitNOFILE=1024:65536\n",
      },
    },
  ],
});
