import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "info",
    title: "Nothing of a drop-in is in force",
    since: "0.1.0",
    sources: ["systemd.unit(5), drop-in files", "systemd src/shared/dropin.c"],
  },
  docs: () => ({
    what: "Reports a drop-in in /etc or /run whose settings are all set again by drop-ins that sort later.",
    why: "All drop-ins of a unit are sorted by their base name, whatever directory they are in: `service.d/50-all.conf` beats `app.service.d/10-limits.conf`, and `override.conf` of `systemctl edit` beats names that begin with a digit. A limit that is raised in the earlier one is not raised.",
    fix: "Give the drop-in that is to win the later name, or remove the other.",
    exceptions: "Only settings that take one value are judged; lists such as Environment= add up.",
  }),
  examples: () => [
    {
      title: "A raised limit behind the one that wins",
      files: {
        "etc/systemd/system/nginx.service.d/10-limits.conf": "[Service]\n«LimitNOFILE=65536»\n",
        "etc/systemd/system/nginx.service.d/override.conf": "[Service]\n⟦LimitNOFILE=8192⟧\n",
      },
      findings: [
        "nothing of this drop-in of nginx.service is in force: override.conf sorts later and sets LimitNOFILE= again",
      ],
    },
    {
      title: "Quiet: each adds something",
      files: {
        "etc/systemd/system/nginx.service.d/10-limits.conf":
          "[Service]\nLimitNOFILE=65536\nEnvironment=A=1\n",
        "etc/systemd/system/nginx.service.d/override.conf": "[Service]\nLimitNOFILE=8192\nEnvironment=B=2\n",
      },
    },
  ],
  *check(host) {
    for (const { unit, settings } of host.systemd.idleDropIns) {
      const [first, ...others] = settings;
      if (first === undefined) continue;
      const more = others.length === 0 ? "" : ` and ${others.length} more`;
      yield {
        at: first.at,
        message: `nothing of this drop-in of ${unit} is in force: ${first.byPath.slice(first.byPath.lastIndexOf("/") + 1)} sorts later and sets ${first.key}=${more} again`,
        because: settings.map(({ key, by }) => ({ message: `${key}= is set here`, at: by })),
        help: "give the drop-in that is to win the later name, or remove it",
      };
    }
  },
});
