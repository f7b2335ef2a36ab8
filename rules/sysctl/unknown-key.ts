import { defineRule, type Finding } from "../../src/lint/rule.ts";
import type { Span } from "../../src/text/span.ts";
import { spanText } from "../../src/text/span.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "A key that no Linux kernel has",
    since: "0.1.0",
    sources: [
      "Linux 6.1 and 6.18, sysctl tables",
      "sysctl(8): --system implies --ignore",
      "systemd-sysctl.service(8): a key that does not exist is only logged",
    ],
  },
  docs: () => ({
    what: "Reports a key that is misspelt, stands in the wrong directory, or cannot be one at all (capital letters, blanks, `sysctl -w` in front).",
    why: "`sysctl --system` says nothing about a key that does not exist and exits with 0; systemd-sysctl logs a line at boot. The setting that was meant keeps its old value.",
    fix: "Write the key that the message names; `ls /proc/sys/net/core` shows what there is.",
    exceptions:
      "Keys of modules, interfaces and vendors' kernels are not known here and are left alone, as are those of the BSDs: only what resembles a key of Linux is reported.",
  }),
  examples: () => [
    {
      title: "A misspelt key, one in the wrong directory, and a command",
      files: {
        "etc/sysctl.d/60-net.conf":
          "«net.core.somaxcon» = 4096\n«net.core.tcp_max_syn_backlog» = 4096\n«vm_swappiness» = 10\n«sysctl -w fs.file-max»=100000\n",
      },
      findings: [
        "no kernel has net.core.somaxcon, so nothing is set: net.core.somaxconn is meant?",
        "no kernel has net.core.tcp_max_syn_backlog, so nothing is set: net.ipv4.tcp_max_syn_backlog is meant?",
        "no kernel has vm_swappiness, so nothing is set: vm.swappiness is meant?",
        "no kernel has `sysctl -w fs.file-max`, so nothing is set",
      ],
    },
    {
      title: "Quiet: a module, an interface, a vendor and a BSD",
      files: {
        "etc/sysctl.d/60-net.conf":
          "net.bridge.bridge-nf-call-iptables = 1\nnet.ipv4.conf.eth0.rp_filter = 1\nkernel.grsecurity.ptrace_readexec = 1\nkern.ipc.somaxconn = 1024\nnet.inet.tcp.sendspace = 65536\n",
      },
    },
  ],
  *check(host) {
    const told = new Set<string>();
    for (const doubt of host.sysctl.doubts) {
      const { keyAt } = doubt.line;
      told.add(placeOf(doubt.line.at));
      if (doubt.kind === "unknown") yield finding(keyAt, spanText(keyAt), doubt.near);
    }
    const absent = new Set(
      host.sysctl.refused
        .filter(({ reason, when }) => reason === "no such key" && when === "boot")
        .map(({ at }) => placeOf(at)),
    );
    for (const { keyAt, at } of host.sysctl.lines)
      if (absent.has(placeOf(at)) && !told.has(placeOf(at)))
        yield finding(keyAt, `\`${shown(spanText(keyAt))}\``);
  },
});

function finding(at: Span, name: string, near?: string): Finding {
  const meant = near === undefined ? "" : `: ${near} is meant?`;
  const command = /^`sysctl\s/.test(name);
  return {
    at,
    message: `no kernel has ${name}, so nothing is set${meant}`,
    why: "`sysctl --system` passes over a key that does not exist without a word.",
    because: [{ message: "the key", at }],
    ...(command ? { help: "a line is `key = value`, without the command" } : {}),
  };
}

function placeOf({ file, start }: Span): string {
  return `${file.path}\0${start}`;
}

function shown(key: string): string {
  return key.length > 80 ? `${key.slice(0, 79)}…` : key;
}
