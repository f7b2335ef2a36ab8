import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "An ignore comment ignores nothing",
    since: "0.1.0",
    sources: ["hostlint docs/ignoring.md"],
  },
  docs: () => ({
    what: "Reports a name in a `hostlint-ignore` comment whose rule reports nothing there, and a comment that stands where it covers nothing: above an empty line, or a `hostlint-ignore-file` below the first statement.",
    why: "The fault is gone, or the comment never reached it. Left in place it will hide the next fault of that kind.",
    fix: "Remove the name or the comment, or move it directly above the statement that is meant.",
    exceptions:
      "Quiet where the rule is off, where it could not be checked in this run, such as for want of a fact, and where the run sees only single files or the output of `nginx -T` and not the whole host.",
  }),
  examples: () => [
    {
      title: "The fault is gone",
      files: {
        "etc/nginx/nginx.conf":
          "events {}\nhttp {\n  server {\n    listen 80 backlog=1024; # hostlint-ignore «queue/somaxconn-below-backlog» -- the load balancer queues\n  }\n}\n",
        "etc/sysctl.d/60-net.conf": "net.core.somaxconn = 4096\n",
      },
      findings: ["queue/somaxconn-below-backlog reports nothing here that could be ignored"],
    },
    {
      title: "An empty line between comment and statement",
      files: {
        "etc/nginx/nginx.conf":
          "events {}\nhttp {\n  server {\n    «# hostlint-ignore queue/somaxconn-below-backlog -- the load balancer queues»\n\n    listen 80 backlog=4096;\n  }\n}\n",
        "etc/sysctl.d/60-net.conf": "net.core.somaxconn = 1024\n",
      },
      findings: ["this comment ignores nothing: the line below it is empty"],
    },
    {
      title: "Quiet: whether the rule reports depends on the kernel, which is not known",
      files: {
        "etc/nginx/nginx.conf":
          "events {}\nhttp {\n  server {\n    # hostlint-ignore queue/somaxconn-below-backlog -- the load balancer queues\n    listen 80;\n  }\n}\n",
      },
    },
    {
      title: "Quiet: the comment stands at the evidence of the finding",
      files: {
        "etc/nginx/nginx.conf": "events {}\nhttp {\n  server {\n    listen 80 backlog=4096;\n  }\n}\n",
        "etc/sysctl.d/60-net.conf":
          "# hostlint-ignore queue/somaxconn-below-backlog -- the load balancer queues\nnet.core.somaxconn = 1024\n",
      },
    },
  ],
});
