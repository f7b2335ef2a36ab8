import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "A path cannot be read",
    since: "0.1.0",
    sources: ["open(2)", "readdir(2)"],
  },
  docs: () => ({
    what: "Reports a path of the command line, or a file that belongs to a host, that cannot be read: it does not exist, permission is missing, it is no regular file, or it is larger than hostlint reads.",
    why: "What is not read is not checked. The run goes on with the rest, but its exit code is never 0.",
    fix: "Correct the path or the permissions, or leave the file out.",
  }),
  examples: () => [
    {
      title: "A path that does not exist",
      files: { "etc/sysctl.d/60-net.conf": "net.core.somaxconn = 4096\n" },
      paths: [".", "nginx.conf"],
      findings: ["nginx.conf cannot be read: there is no such file or folder"],
    },
    {
      title: "Quiet: a folder that can be read",
      files: { "etc/sysctl.d/60-net.conf": "net.core.somaxconn = 4096\n" },
    },
  ],
});
