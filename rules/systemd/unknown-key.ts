import { groupBy } from "../../src/lint/group.ts";
import { defineRule } from "../../src/lint/rule.ts";
import type { SystemdUnknownKey } from "../../src/model/systemd.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "A key that systemd does not know",
    since: "0.1.0",
    sources: [
      "systemd 252, --dump-configuration-items",
      "systemd 257 and 262, src/core/load-fragment-gperf.gperf.in",
      "systemd src/shared/conf-parser.c: Unknown key in section, ignoring",
    ],
  },
  docs: () => ({
    what: "Reports a key of a service, socket or slice, or of a drop-in of one, that systemd has not in that section: a misspelt one, one that belongs into another section, or the rest of a command whose line lacks its backslash. Keys are case sensitive.",
    why: "systemd logs `Unknown key` and goes on without the line. What it was meant to set keeps its default, and `systemd-analyze verify` exits with 0 all the same.",
    fix: "Write the key as the message names it, or move it to the section that has it.",
    exceptions:
      "Keys that begin with `X-` are for other programs. A key that a newer systemd than 252 brought is reported only where the version of the host is known and too old. A key that no version up to 262 has, and that resembles none, is an info.",
  }),
  examples: () => [
    {
      title: "A misspelt key",
      files: {
        "etc/systemd/system/app.service": "[Service]\nExecStart=/usr/bin/app\n«LimitNOFILES»=65536\n",
      },
      findings: [
        "systemd knows no LimitNOFILES= in [Service] and ignores the line; the nearest key is LimitNOFILE=",
      ],
    },
    {
      title: "The line before lost its backslash",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nExecStart=/usr/bin/app \\\n  --port=80\n  «--workers»=4\n",
      },
      findings: [
        "`--workers=` begins a line of its own, so it is no option of the command before and systemd ignores it",
      ],
    },
    {
      title: "A key in the wrong section",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\n«After»=network.target\n«Description»=The app\nExecStart=/usr/bin/app\n",
      },
      findings: [
        "After= belongs into [Unit]: systemd ignores it in [Service]",
        "Description= belongs into [Unit]: systemd ignores it in [Service]",
      ],
    },
    {
      title: "A key that is near one that is set already",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nExecStart=/usr/bin/app\n«ExecRestart»=/usr/bin/app --again\n",
      },
      findings: ["systemd knows no ExecRestart= in [Service] and ignores the line"],
    },
    {
      title: "A key that this systemd is too old for",
      files: {
        "etc/systemd/system/app.service": "[Service]\nExecStart=/usr/bin/app\n«RestartSteps»=5\n",
      },
      facts: { systemd: "252" },
      findings: ["RestartSteps= is newer than this host's systemd, which ignores it"],
    },
    {
      title: "Quiet: a newer key where the version is not known, and one for another program",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nExecStart=/usr/bin/app\nRestart=always\nRestartMaxDelaySec=60\nX-Role=web\n",
      },
    },
  ],
  *check(host) {
    for (const group of groupBy(
      host.systemd.unknownKeys,
      ({ at, key, section }) => `${at.file.path}\0${section}\0${key}`,
    )) {
      const [first] = group;
      if (first === undefined) continue;
      yield {
        at: first.at,
        severity: isGuess(first) ? "info" : "warning",
        message: messageFor(first),
        because: group.map(({ at, section }) => ({ message: `in [${section}]`, at })),
        ...helpFor(first),
      };
    }
  },
});

/** Nothing says what was meant, so that a newer systemd than is known here may have the key. */
function isGuess({ key, near, sections, since }: SystemdUnknownKey): boolean {
  return near === undefined && sections.length === 0 && since === undefined && !key.startsWith("-");
}

function messageFor({ section, key, near, sections, since }: SystemdUnknownKey): string {
  if (since !== undefined) return `${key}= is newer than this host's systemd, which ignores it`;
  const [home] = sections;
  if (home !== undefined && (near === undefined || near.toLowerCase() !== key.toLowerCase()))
    return `${key}= belongs into [${home}]: systemd ignores it in [${section}]`;
  if (key.startsWith("-"))
    return `\`${shown(key)}=\` begins a line of its own, so it is no option of the command before and systemd ignores it`;
  const known = `systemd knows no ${shown(key)}= in [${section}] and ignores the line`;
  return near === undefined ? known : `${known}; the nearest key is ${near}=`;
}

function helpFor({ key, near, sections }: SystemdUnknownKey): { help?: string } {
  if (near !== undefined || sections.length > 0) return {};
  return key.startsWith("-") ? { help: "the line before it lacks a backslash at its end" } : {};
}

function shown(key: string): string {
  return key.length > 60 ? `${key.slice(0, 59)}…` : key;
}
