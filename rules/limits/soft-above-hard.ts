import { groupBy } from "../../src/lint/group.ts";
import { defineRule } from "../../src/lint/rule.ts";
import { placeOf } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "A soft limit stands above the hard one",
    since: "0.1.0",
    sources: ["limits.conf(5)", "Linux-PAM modules/pam_limits/pam_limits.c, setup_limits", "setrlimit(2)"],
  },
  docs: () => ({
    what: "Compares, for each domain and item, the soft limit of the last line that sets one with the hard limit of the last line that sets one.",
    why: "pam_limits cuts the soft limit to the hard one without a word: sessions get less than the file seems to give.",
    fix: "Raise the hard limit, or write one line with `-` for both.",
  }),
  examples: () => [
    {
      title: "The hard limit was left behind",
      files: {
        "etc/security/limits.conf": "deploy hard nofile ⟦8192⟧\ndeploy soft nofile «65536»\n",
      },
      findings: ["soft nofile 65536 of deploy is above its hard limit of 8192, to which it is cut"],
    },
    {
      title: "Quiet: a later line raises the hard limit",
      files: {
        "etc/security/limits.conf": "* hard nofile 8192\n* soft nofile 65536\n",
        "etc/security/limits.d/90-nofile.conf": "* - nofile 65536\n",
      },
    },
  ],
  *check(host, ask) {
    const entries = host.limits.entries.filter((entry) => !entry.conditional);
    for (const group of groupBy(entries, ({ domain, item }) => `${domain} ${item}`)) {
      const soft = group.findLast(({ type }) => type !== "hard");
      const hard = group.findLast(({ type }) => type !== "soft");
      if (soft === undefined || hard === undefined || !ask.below(hard.value, soft.value)) continue;
      yield {
        at: placeOf(soft.value) ?? soft.at,
        message: `soft ${soft.item} ${soft.text} of ${soft.domain} is above its hard limit of ${hard.text}, to which it is cut`,
        because: [soft.value, hard.value],
        help: `${soft.domain} - ${soft.item} ${valueText(soft.value) === "no limit" ? "unlimited" : soft.text}, for both`,
      };
    }
  },
});
