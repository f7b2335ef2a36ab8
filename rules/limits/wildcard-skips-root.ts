import { defineRule } from "../../src/lint/rule.ts";
import { placeOf } from "../../src/model/value.ts";

/** An account by its name or number, or a range that begins with it: these reach root everywhere. */
const reachesRoot = /^(?:root|0?:0?|0:\d*|:0)$/;

export default defineRule({
  meta: {
    severity: "info",
    title: "A limit for everybody leaves root out",
    since: "0.1.0",
    sources: ["limits.conf(5) of Debian, NOTES on root", "Debian's patches of Linux-PAM, pam_limits.c"],
  },
  docs: () => ({
    what: "Reports a number of open files that a line sets for `*` on Debian or Ubuntu where no line sets one for root.",
    why: "Debian's pam_limits applies `*` and groups to every account but root: a program that root starts from a login, such as nginx by hand, keeps the limit of the login. On other distributions the same line reaches root.",
    fix: "Add a line for root beside the one for `*`, if a program is started from root's login. A service takes its limit from its unit, whatever stands here.",
    exceptions: "Judged only where the distribution is known, and only for `nofile`.",
  }),
  examples: () => [
    {
      title: "Everybody, and not root",
      files: { "etc/security/limits.conf": "* soft nofile «65536»\n* hard nofile 65536\n" },
      facts: { distribution: "debian-12" },
      findings: ["soft nofile 65536 of * does not reach root"],
    },
    {
      title: "Quiet: a line for root",
      files: {
        "etc/security/limits.conf": "* - nofile 65536\n",
        "etc/security/limits.d/root.conf": "root - nofile 65536\n",
      },
      facts: { distribution: "ubuntu-22.04" },
    },
    {
      title: "Quiet: a distribution on which * is everybody",
      files: { "etc/security/limits.conf": "* - nofile 65536\n" },
      facts: { distribution: "fedora-40" },
    },
  ],
  *check(host) {
    const { distribution } = host.facts;
    if (!distribution.known || !/^(?:debian|ubuntu)$/.test(distribution.value.name)) return;
    const limits = host.limits.entries.filter(({ item }) => item === "nofile");
    const [first] = limits.filter(({ domain, conditional }) => domain === "*" && !conditional);
    if (first === undefined || limits.some(({ domain }) => reachesRoot.test(domain))) return;
    yield {
      at: placeOf(first.value) ?? first.at,
      message: `${first.type === "both" ? "" : `${first.type} `}nofile ${first.text} of * does not reach root`,
      because: [distribution],
      help: `root - nofile ${first.text} in a line of its own, if root starts programs from a login`,
    };
  },
});
