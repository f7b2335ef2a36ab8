import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "An ignore comment names no rule that there is",
    since: "0.1.0",
    sources: ["hostlint docs/ignoring.md"],
  },
  docs: () => ({
    what: "Reports a name in a `hostlint-ignore` comment that is no rule and no layer, a comment that names nothing or everything, and a comment word that does not exist, such as `hostlint-ignore-next-line`.",
    why: "The comment ignores nothing, and the finding that it was written for is reported again.",
    fix: "Correct the name: `hostlint --list-rules` prints all of them. A whole layer is `queue/*`. To turn a rule off everywhere, write it into `hostlint.yaml`.",
  }),
  examples: () => [
    {
      title: "A misspelt rule",
      files: {
        "etc/nginx/nginx.conf":
          "events {}\nhttp {\n  server {\n    # hostlint-ignore «queue/somaxcon-below-backlog» -- the load balancer queues\n    listen 80;\n  }\n}\n",
      },
      findings: ["unknown rule queue/somaxcon-below-backlog, did you mean queue/somaxconn-below-backlog?"],
    },
    {
      title: "No rule, and all rules",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\n«# hostlint-ignore -- all fine»\nLimitNOFILE=4096\n; hostlint-ignore «*» -- all fine\nExecStart=/usr/bin/app\n",
      },
      findings: [
        "hostlint-ignore names no rule",
        "* would ignore everything: name the rules, or a layer such as queue/*",
      ],
    },
    {
      title: "Quiet: a layer",
      files: {
        "etc/nginx/nginx.conf":
          "events {}\nhttp {\n  server {\n    # hostlint-ignore queue/* -- the load balancer queues\n    listen 80 backlog=4096;\n  }\n}\n",
        "etc/sysctl.d/60-net.conf": "net.core.somaxconn = 1024\n",
      },
    },
  ],
});
