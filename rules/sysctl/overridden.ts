import { groupBy } from "../../src/lint/group.ts";
import { defineRule } from "../../src/lint/rule.ts";
import { type Known, placeOf } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";
import type { Span } from "../../src/text/span.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "A key is set again later",
    since: "0.1.0",
    sources: ["sysctl.d(5)", "sysctl(8) --system"],
  },
  docs: () => ({
    what: "Reports a line whose key a later line of the same file sets to another value, and, as an info, one that a later file overrides or that says the same twice.",
    why: "The last line wins. Files are sorted by their base name over all directories, bytewise, so that `100-net.conf` comes before `99-net.conf`: an edit of the earlier line changes nothing.",
    fix: "Keep one line for each key.",
    exceptions:
      "A file of /usr/lib or /lib is there to be overridden by one in /etc, and so are the files that Ubuntu brings as /etc/sysctl.d/10-*.conf.",
  }),
  examples: () => [
    {
      title: "Two values in one file",
      files: {
        "etc/sysctl.d/60-net.conf":
          "net.core.somaxconn = «4096»\nvm.swappiness = 10\nnet.core.somaxconn = ⟦1024⟧\n",
      },
      findings: ["net.core.somaxconn = 4096 is overridden: a later line of the file sets 1024"],
    },
    {
      title: "A later file, and the same value again",
      files: {
        "etc/sysctl.d/60-net.conf":
          "net.core.somaxconn = «4096»\nvm.swappiness = «10»\nvm.swappiness = ⟦10⟧\n",
        "etc/sysctl.d/99-local.conf": "net.core.somaxconn = ⟦1024⟧\n",
      },
      findings: [
        "net.core.somaxconn = 4096 is overridden: 99-local.conf sets 1024",
        "vm.swappiness = 10 stands twice: a later line of the file says the same",
      ],
    },
    {
      title: "Quiet: a package's file, and other interfaces",
      files: {
        "usr/lib/sysctl.d/50-default.conf": "net.ipv4.conf.all.rp_filter = 2\n",
        "etc/sysctl.d/60-net.conf":
          "net.ipv4.conf.all.rp_filter = 1\nnet.ipv4.conf.default.rp_filter = 2\nnet.ipv4.conf.*.rp_filter = 0\n",
      },
    },
  ],
  *check(host) {
    const lost: Lost[] = [];
    for (const key of host.sysctl.keys) {
      const boot = host.sysctl.boot(key);
      const manual = host.sysctl.manual(key);
      const winner = boot?.known === true ? boot : manual;
      if (winner?.known !== true || winner.origin.kind !== "written") continue;
      const elsewhere = manual && placeOf(manual);
      for (const loser of winner.origin.overrode) {
        if (!loser.known || loser.origin.kind !== "written") continue;
        const { at } = loser.origin;
        if (at.file === elsewhere?.file && at.start === elsewhere.start) continue;
        if (at.file !== winner.origin.at.file && isStock(at)) continue;
        lost.push({ key, loser, at, winner, by: winner.origin.at });
      }
    }
    for (const [first, ...others] of groupBy(lost, causeOf)) {
      if (first === undefined) continue;
      const { key, loser, at, winner, by } = first;
      const same = isSame(first);
      const where = at.file === by.file ? "a later line of the file" : nameOf(by);
      yield {
        at,
        ...(same || at.file !== by.file ? { severity: "info" } : {}),
        message: `${key.replaceAll("/", ".")} = ${valueText(loser)} ${
          same ? `stands twice: ${where} says the same` : `is overridden: ${where} sets ${valueText(winner)}`
        }${others.length === 0 ? "" : ` (and ${others.length} more)`}`,
        because: [winner, ...others.map((other) => other.winner)].slice(0, 5),
      };
    }
  },
});

interface Lost {
  readonly key: string;
  readonly loser: Known<unknown>;
  readonly at: Span;
  readonly winner: Known<string>;
  readonly by: Span;
}

/** Lines of one file that lost with different values are told one by one; the rest once for each pair of files. */
function causeOf(lost: Lost): string {
  const { at, by } = lost;
  if (isSame(lost)) return `same\0${at.file.path}\0${by.file.path}`;
  return at.file === by.file
    ? `line\0${at.file.path}\0${at.start}`
    : `files\0${at.file.path}\0${by.file.path}`;
}

function isSame({ loser, winner }: Lost): boolean {
  return String(loser.value).replace(/\s+/g, " ") === winner.value.replace(/\s+/g, " ");
}

function isStock({ file }: Span): boolean {
  return /(?:^|\/)lib\/sysctl\.d\/|(?:^|\/)etc\/sysctl\.d\/10-[a-z0-9-]+\.conf$/.test(file.path);
}

function nameOf({ file: { path } }: Span): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
