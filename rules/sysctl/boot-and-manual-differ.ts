import { groupBy } from "../../src/lint/group.ts";
import { defineRule } from "../../src/lint/rule.ts";
import { placeOf, type Value } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";
import type { Span } from "../../src/text/span.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "The boot and `sysctl --system` leave different values",
    since: "0.1.0",
    sources: ["systemd-sysctl.service(8), sysctl.d(5)", "sysctl(8) --system, procps src/sysctl.c"],
  },
  docs: () => ({
    what: "Compares, for each key that a sysctl file sets, what systemd-sysctl leaves in the kernel at boot with what `sysctl --system` of procps leaves when a person runs it.",
    why: "The two do not read the same files in the same order: procps reads /etc/sysctl.conf last, so that it wins; systemd-sysctl does not read it at all unless a link in /etc/sysctl.d names it, and then at that link's place in the order. A value that was tried by hand is gone after the next reboot, or the other way round.",
    fix: "Set the key in one file of /etc/sysctl.d with a late name such as 99-local.conf, and take it out of /etc/sysctl.conf.",
    exceptions:
      "Debian 11 and 12, Ubuntu and Red Hat link 99-sysctl.conf to ../sysctl.conf, so that both agree unless a later name sets the key too. The link is a package's and often not in a repository: where neither it nor the distribution is known, what only it decides is not judged.",
  }),
  examples: () => [
    {
      title: "A later name wins at boot, /etc/sysctl.conf by hand",
      files: {
        "etc/sysctl.conf": "net.core.somaxconn = «4096»\n",
        "etc/sysctl.d/99-zz-local.conf": "net.core.somaxconn = ⟦1024⟧\n",
      },
      findings: ["net.core.somaxconn is 1024 after boot, but 4096 after sysctl --system"],
    },
    {
      title: "Keys that only /etc/sysctl.conf sets, on a Debian that does not read it at boot",
      files: { "etc/sysctl.conf": "net.core.somaxconn = «4096»\nvm.swappiness = ⟦10⟧\n" },
      facts: { distribution: "debian-13" },
      findings: ["net.core.somaxconn and 1 more of this file are not set at boot, only by sysctl --system"],
    },
    {
      title: "Quiet: whether the distribution links /etc/sysctl.conf into sysctl.d is not known",
      files: { "etc/sysctl.conf": "net.core.somaxconn = 4096\n" },
    },
    {
      title: "Quiet: one file in sysctl.d",
      files: { "etc/sysctl.d/60-net.conf": "net.core.somaxconn = 1024\n" },
    },
  ],
  *check(host, ask) {
    const notAtBoot: { readonly name: string; readonly manual: Value<string>; readonly at: Span }[] = [];
    for (const key of host.sysctl.keys) {
      const boot = host.sysctl.boot(key);
      const manual = host.sysctl.manual(key);
      const name = key.replaceAll("/", ".");
      const at = (manual && placeOf(manual)) ?? (boot && placeOf(boot));
      if (at === undefined || manual === undefined) continue;
      if (boot === undefined) notAtBoot.push({ name, manual, at });
      else if (ask.certain([boot, manual], (first, second) => first !== second))
        yield {
          at,
          message: `${name} is ${valueText(boot)} after boot, but ${valueText(manual)} after sysctl --system`,
          why: "What was tried by hand is not what the machine runs with after a reboot.",
          because: [boot, manual],
          help: "set the key in one file of /etc/sysctl.d with a late name, such as 99-local.conf",
        };
    }
    for (const [first, ...others] of groupBy(notAtBoot, ({ at }) => at.file.path)) {
      if (first === undefined) continue;
      const more = others.length === 0 ? "" : ` and ${others.length} more of this file`;
      yield {
        at: first.at,
        message: `${first.name}${more} ${others.length === 0 ? "is" : "are"} not set at boot, only by sysctl --system`,
        why: "The values are gone after the next reboot.",
        because: [first, ...others].slice(0, 4).map(({ manual }) => manual),
        help: "move the lines to a file in /etc/sysctl.d",
      };
    }
  },
});
