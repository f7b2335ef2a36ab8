import { defineRule } from "../../src/lint/rule.ts";
import type { Span } from "../../src/text/span.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "A service that systemd refuses to start",
    since: "0.1.0",
    sources: ["systemd.service(5)", "systemd src/core/service.c, service_verify"],
  },
  docs: () => ({
    what: "Reports a service whose unit file systemd reads but does not take: no `ExecStart=`, `Type=dbus` without `BusName=`, `Restart=always` with `Type=oneshot`, `PAMName=` with a `KillMode=` that leaves processes behind.",
    why: "LoadState is bad-setting: `systemctl start` fails, also at boot.",
    fix: "Correct the setting that the message names.",
    exceptions:
      "A file with neither `Description=` nor `[Install]` is taken for a part of a unit, which configuration management puts into a drop-in. What another rule names at the same place (a value, a section header, a second ExecStart=) is not said twice. Units that are masked are meant to be.",
  }),
  examples: () => [
    {
      title: "A command line that lost its key",
      files: {
        "etc/systemd/system/app.service":
          "«[Unit]»\nDescription=The app\n[Service]\nUser=app\nExecStop=/bin/true\n",
      },
      findings: ["app.service will not start: it has no ExecStart= and no RemainAfterExit=yes"],
    },
    {
      title: "Quiet: a file that configuration management puts into a drop-in",
      files: {
        "files/app.override.service": "[Service]\nRestart=always\nRestartSec=5\n",
      },
    },
    {
      title: "Quiet: a oneshot that only stops, and a drop-in whose unit is a package's",
      files: {
        "etc/systemd/system/clean.service":
          "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStop=/bin/true\n",
        "etc/systemd/system/nginx.service.d/limits.conf": "[Service]\nLimitNOFILE=65536\n",
      },
    },
  ],
  *check(host) {
    for (const { name, refusal, loadState } of host.systemd.services) {
      if (refusal === undefined || refusal.startsTwice || loadState === "masked") continue;
      const { at, why, because } = refusal;
      if (isPart(at)) continue;
      const told = host.problems.some(
        (problem) => problem.at.file === at.file && problem.at.start < at.end && at.start < problem.at.end,
      );
      if (told) continue;
      yield {
        at,
        message: `${name} will not start: ${why}`,
        because: because.length > 0 ? because : [{ message: why, at }],
      };
    }
  },
});

/** Files that hold the text of a drop-in are often named like the unit; systemd would refuse them as units. */
function isPart({ file: { text } }: Span): boolean {
  return !/^[ \t]*(?:Description[ \t]*=|\[Install\])/m.test(text);
}
