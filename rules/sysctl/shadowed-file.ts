import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "A file of sysctl settings that nothing reads",
    since: "0.1.0",
    sources: ["sysctl.d(5)", "sysctl(8) --system"],
  },
  docs: () => ({
    what: "Reports a file with settings in sysctl.d whose name does not end in `.conf`, and, as an info, one that a file of the same name in a directory that comes first hides as a whole.",
    why: "systemd-sysctl and `sysctl --system` read only `*.conf`. Of two files with one name the first directory wins (/etc, /run, /usr/local/lib, /usr/lib), and nothing of the other is read.",
    fix: "Rename the file.",
    exceptions:
      "Names that show that a file is put aside (.bak, .disabled, .dpkg-old, ...), templates and READMEs are left alone.",
  }),
  examples: () => [
    {
      title: "No .conf at the end",
      files: {
        "etc/sysctl.d/50-vm.conf": "vm.swappiness = 10\n",
        "etc/sysctl.d/60-net": "# queues\n«net.core.somaxconn = 4096»\n",
      },
      findings: ["nothing reads 60-net: in sysctl.d only names that end in .conf count"],
    },
    {
      title: "The same name in two directories",
      files: {
        "etc/sysctl.d/60-net.conf": "⟦vm.swappiness = 10⟧\n",
        "usr/local/lib/sysctl.d/60-net.conf": "«net.core.somaxconn = 4096»\n",
      },
      findings: ["nothing of this file is read: /etc/sysctl.d/60-net.conf hides it"],
    },
    {
      title: "Quiet: put aside, and a text",
      files: {
        "etc/sysctl.d/60-net.conf.bak": "net.core.somaxconn = 4096\n",
        "etc/sysctl.d/README": "Files here set kernel keys such as\nnet.core.somaxconn = 4096\n",
        "etc/sysctl.d/99-old.disabled": "net.core.somaxconn = 128\n",
      },
    },
  ],
  *check(host) {
    for (const { path, at, hiddenBy } of host.sysctl.unread) {
      const name = path.slice(path.lastIndexOf("/") + 1);
      if (hiddenBy === undefined)
        yield {
          at,
          message: `nothing reads ${name}: in sysctl.d only names that end in .conf count`,
          because: [{ message: "a setting that is not applied", at }],
          help: `rename it to ${name.replace(/\.[a-z]+$/i, "")}.conf`,
        };
      else
        yield {
          at,
          severity: "info",
          message: `nothing of this file is read: ${hiddenBy.path} hides it`,
          because: [{ message: "the file that is read instead", at: hiddenBy.at ?? at }],
          help: "give one of the two another name",
        };
    }
  },
});
