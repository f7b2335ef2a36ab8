import { defineRule } from "../../src/lint/rule.ts";
import { placeOf } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "The boot and `sysctl --system` leave different values",
    since: "0.1.0",
    sources: ["systemd-sysctl.service(8), sysctl.d(5)", "sysctl(8) --system, procps src/sysctl.c"],
  },
  docs: {
    what: "Compares, for each key that a sysctl file sets, what systemd-sysctl leaves in the kernel at boot with what `sysctl --system` of procps leaves when a person runs it.",
    why: "The two do not read the same files in the same order: procps reads /etc/sysctl.conf last, so that it wins; systemd-sysctl does not read it at all unless a link in /etc/sysctl.d names it, and then at that link's place in the order. A value that was tried by hand is gone after the next reboot, or the other way round.",
    fix: "Set the key in one file of /etc/sysctl.d with a late name such as 99-local.conf, and take it out of /etc/sysctl.conf.",
    exceptions:
      "Debian 11 and 12 link 99-sysctl.conf to ../sysctl.conf, so that both agree unless a later name sets the key too.",
  },
  examples: [
    {
      title: "/etc/sysctl.conf is not read at boot",
      files: {
        "etc/sysctl.conf": "net.core.somaxconn = «4096»\n",
        "etc/sysctl.d/60-net.conf": "net.core.somaxconn = ⟦1024⟧\n",
      },
      findings: ["net.core.somaxconn is 1024 after boot, but 4096 after sysctl --system"],
    },
    {
      title: "Quiet: one file in sysctl.d",
      files: { "etc/sysctl.d/60-net.conf": "net.core.somaxconn = 1024\n" },
    },
  ],
  *check(host, ask) {
    for (const key of host.sysctl.keys) {
      const boot = host.sysctl.boot(key);
      const manual = host.sysctl.manual(key);
      const name = key.replaceAll("/", ".");
      const at = (manual && placeOf(manual)) ?? (boot && placeOf(boot));
      if (at === undefined) continue;
      if (boot === undefined && manual !== undefined) {
        yield {
          at,
          message: `${name} is not set at boot, but ${valueText(manual)} after sysctl --system`,
          why: "The value is gone after the next reboot.",
          because: [manual],
          help: "move the line to a file in /etc/sysctl.d",
        };
      }
      if (
        boot === undefined ||
        manual === undefined ||
        !ask.certain([boot, manual], (first, second) => first !== second)
      )
        continue;
      yield {
        at: at,
        message: `${name} is ${valueText(boot)} after boot, but ${valueText(manual)} after sysctl --system`,
        why: "What was tried by hand is not what the machine runs with after a reboot.",
        because: [boot, manual],
        help: "set the key in one file of /etc/sysctl.d with a late name, such as 99-local.conf",
      };
    }
  },
});
