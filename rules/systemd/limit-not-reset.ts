import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "An empty Limit*= does not take the limit back",
    since: "0.1.0",
    sources: ["systemd src/core/load-fragment.c, config_parse_rlimit (247 to 262)"],
  },
  docs: () => ({
    what: "Reports an empty `LimitNOFILE=` (or another Limit*=) that no other assignment follows.",
    why: "Most settings go back to their default with an empty assignment; limits do not. systemd logs a parse error and keeps the earlier value.",
    fix: "Write the limit that is wanted. The default of LimitNOFILE= is `1024:524288`.",
    exceptions: "An empty line before another one of the same limit does no harm and is not reported.",
  }),
  examples: () => [
    {
      title: "A drop-in that means to go back to the default",
      files: {
        "etc/systemd/system/app.service": "[Service]\n⟦LimitNOFILE=65536⟧\nExecStart=/usr/bin/app\n",
        "etc/systemd/system/app.service.d/override.conf": "[Service]\n«LimitNOFILE»=\n",
      },
      findings: ["an empty LimitNOFILE= does not reset the limit: 65536 stays in force"],
    },
    {
      title: "Quiet: the next line sets it",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nLimitNOFILE=\nLimitNOFILE=65536\nExecStart=/usr/bin/app\n",
      },
    },
  ],
});
