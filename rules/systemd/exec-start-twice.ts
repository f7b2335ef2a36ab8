import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "A service has more than one ExecStart=",
    since: "0.1.0",
    sources: ["systemd.service(5), ExecStart=", "systemd src/core/service.c, service_verify"],
  },
  docs: () => ({
    what: "Reports a service, other than one of `Type=oneshot`, whose unit file and drop-ins leave more than one command in `ExecStart=`.",
    why: "ExecStart= is a list: a second line, also one in a drop-in, adds a command. systemd then refuses to load the unit (LoadState=bad-setting), so the service does not start.",
    fix: "Empty the list first: `ExecStart=` on a line of its own, then the new command.",
  }),
  examples: () => [
    {
      title: "A drop-in that means to replace the command",
      files: {
        "etc/systemd/system/app.service": "[Service]\nExecStart=⟦/usr/bin/app⟧\n",
        "etc/systemd/system/app.service.d/override.conf": "[Service]\nExecStart=«/usr/bin/app --debug»\n",
      },
      findings: [
        "app.service will not start: it has 2 commands in ExecStart=, and only Type=oneshot may have more than one",
      ],
    },
    {
      title: "Quiet: the list is emptied first, and a oneshot",
      files: {
        "etc/systemd/system/app.service": "[Service]\nExecStart=/usr/bin/app\n",
        "etc/systemd/system/app.service.d/override.conf":
          "[Service]\nExecStart=\nExecStart=/usr/bin/app --debug\n",
        "etc/systemd/system/setup.service":
          "[Service]\nType=oneshot\nExecStart=/bin/one\nExecStart=/bin/two\n",
      },
    },
  ],
  *check(host) {
    for (const { name, refusal } of host.systemd.services)
      if (refusal?.startsTwice === true)
        yield {
          at: refusal.at,
          message: `${name} will not start: ${refusal.why}`,
          why: "ExecStart= is a list, and a second line adds to it.",
          because: refusal.because,
          help: "write an empty ExecStart= before the one that is to replace the others",
        };
  },
});
