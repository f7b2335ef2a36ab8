import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "An ignore comment gives no reason",
    since: "0.1.0",
    sources: ["hostlint docs/ignoring.md"],
  },
  docs: () => ({
    what: "Reports a `hostlint-ignore` or `hostlint-ignore-file` comment without ` -- ` and a reason behind it.",
    why: "Such a comment ignores nothing. Whoever meets it in a year must be able to tell whether it still holds.",
    fix: "Write why the finding is right here: `# hostlint-ignore queue/somaxconn-below-backlog -- the load balancer queues`.",
  }),
  examples: () => [
    {
      title: "A rule and no reason",
      files: {
        "etc/nginx/nginx.conf":
          "events {}\nhttp {\n  server {\n    listen 80 backlog=4096; «# hostlint-ignore queue/somaxconn-below-backlog»\n  }\n}\n",
        "etc/sysctl.d/60-net.conf": "net.core.somaxconn = 1024\n",
      },
      findings: ["hostlint-ignore queue/somaxconn-below-backlog gives no reason and ignores nothing"],
    },
    {
      title: "Nothing behind the dashes",
      files: {
        "etc/sysctl.d/60-net.conf":
          "«# hostlint-ignore-file sysctl/boot-and-manual-differ --»\nnet.core.somaxconn = 1024\n",
      },
      findings: ["hostlint-ignore-file sysctl/boot-and-manual-differ gives no reason and ignores nothing"],
    },
    {
      title: "Quiet: a reason",
      files: {
        "etc/nginx/nginx.conf":
          "events {}\nhttp {\n  server {\n    listen 80 backlog=4096; # hostlint-ignore queue/somaxconn-below-backlog -- the load balancer queues\n  }\n}\n",
        "etc/sysctl.d/60-net.conf": "net.core.somaxconn = 1024\n",
      },
    },
  ],
});
