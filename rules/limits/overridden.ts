import { groupBy } from "../../src/lint/group.ts";
import { defineRule } from "../../src/lint/rule.ts";
import type { PamLimit } from "../../src/model/limits.ts";
import { placeOf } from "../../src/model/value.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "A limit is set again later",
    since: "0.1.0",
    sources: ["limits.conf(5)", "Linux-PAM modules/pam_limits/pam_limits.c, process_limit"],
  },
  docs: () => ({
    what: "Reports a line whose domain, type and item a later line of the same file sets to another value, and, as an info, one that a file read later overrides or that says the same twice.",
    why: "Among lines of one domain the last one wins; limits.d is read after limits.conf, its files in the order of their names. An edit of the earlier line changes nothing.",
    fix: "Keep one line for each domain, type and item.",
    exceptions:
      "A line for an account beats one for its group, and that one a line for `*`, wherever they stand: such pairs are not reported. Neither is a line of which one side is still in force.",
  }),
  examples: () => [
    {
      title: "Two values in one file",
      files: {
        "etc/security/limits.conf": "* soft nofile «65536»\n* soft nofile ⟦4096⟧\n",
      },
      findings: ["soft nofile 65536 of * is overridden: a later line of the file sets 4096"],
    },
    {
      title: "A file of limits.d",
      files: {
        "etc/security/limits.conf": "deploy - nofile «65536»\n",
        "etc/security/limits.d/90-deploy.conf": "deploy soft nofile ⟦4096⟧\ndeploy hard nofile 8192\n",
      },
      findings: ["nofile 65536 of deploy is overridden: 90-deploy.conf sets 4096"],
    },
    {
      title: "Quiet: an account, a group, everybody, and one side of a pair",
      files: {
        "etc/security/limits.conf":
          "* soft nofile 4096\n@dev soft nofile 8192\ndeploy - nofile 16384\ndeploy soft nofile 8192\n",
      },
    },
  ],
  *check(host) {
    const entries = host.limits.entries.filter((entry) => !entry.conditional);
    const lost = groupBy(entries, ({ domain, item }) => `${domain} ${item}`).flatMap((group) => {
      const softAt = group.findLastIndex(({ type }) => type !== "hard");
      const hardAt = group.findLastIndex(({ type }) => type !== "soft");
      return group.flatMap((entry, index): Lost[] => {
        const by = group[entry.type === "hard" ? hardAt : softAt];
        const lostSoft = entry.type === "hard" || softAt > index;
        const lostHard = entry.type === "soft" || hardAt > index;
        return by !== undefined && lostSoft && lostHard ? [{ entry, by }] : [];
      });
    });
    for (const [first, ...others] of groupBy(lost, causeOf)) {
      if (first === undefined) continue;
      const { entry, by } = first;
      const inFile = entry.at.file === by.at.file;
      const { path } = by.at.file;
      const where = inFile ? "a later line of the file" : path.slice(path.lastIndexOf("/") + 1);
      const type = entry.type === "both" ? "" : `${entry.type} `;
      yield {
        at: placeOf(entry.value) ?? entry.at,
        ...(inFile && !isSame(first) ? {} : { severity: "info" }),
        message: `${type}${entry.item} ${entry.text} of ${entry.domain} ${
          isSame(first) ? `stands twice: ${where} says the same` : `is overridden: ${where} sets ${by.text}`
        }${others.length === 0 ? "" : ` (and ${others.length} more)`}`,
        because: [by.value, ...others.map((other) => other.by.value)].slice(0, 5),
      };
    }
  },
});

interface Lost {
  readonly entry: PamLimit;
  readonly by: PamLimit;
}

/** Lines of one file that lost with different values are told one by one; the rest once for each pair of files. */
function causeOf(lost: Lost): string {
  const { at } = lost.entry;
  const files = `${at.file.path}\0${lost.by.at.file.path}`;
  if (isSame(lost)) return `same\0${files}`;
  return at.file === lost.by.at.file ? `line\0${at.file.path}\0${at.start}` : `files\0${files}`;
}

function isSame({ entry, by }: Lost): boolean {
  return entry.text === by.text;
}
