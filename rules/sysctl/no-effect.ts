import { defineRule } from "../../src/lint/rule.ts";
import type { Host } from "../../src/model/host.ts";
import { type Known, placeOf, type Value } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

export default defineRule({
  meta: {
    severity: "info",
    title: "A setting that changes nothing",
    since: "0.1.0",
    sources: [
      "systemd NEWS, version 240: fs.file-max is raised at boot",
      "Linux net/ipv4/tcp_input.c, tcp_conn_request",
      "Linux net/ipv4/tcp_ipv4.c, tcp_twsk_unique",
      "Linux Documentation/networking/ip-sysctl.rst: tcp_fack, tcp_low_latency",
    ],
  },
  docs: () => ({
    what: "Reports settings that the kernel takes but does not use: `tcp_max_syn_backlog` with `tcp_syncookies` at 1, its default; `tcp_tw_reuse` with `tcp_timestamps` at 0; `fs.file-max`; `tcp_fack` and `tcp_low_latency`, which are left over.",
    why: "systemd sets fs.file-max to the largest number at boot (since version 240), before systemd-sysctl reads the files, so that a line can only lower it. With SYN cookies the queue of half-open connections is as long as min(backlog, somaxconn), and cookies answer what comes on top. A socket in TIME_WAIT may be used again only where both sides send timestamps. A file with such lines looks better tuned than the host is.",
    fix: "Remove the line. For longer queues raise `net.core.somaxconn` and the backlog of the server.",
    exceptions: "tcp_max_syn_backlog counts where tcp_syncookies is 0 or 2, or what it is cannot be known.",
  }),
  examples: () => [
    {
      title: "The SYN backlog with SYN cookies",
      files: {
        "etc/sysctl.d/60-net.conf": "net.ipv4.tcp_syncookies = ⟦1⟧\nnet.ipv4.tcp_max_syn_backlog = «65536»\n",
      },
      findings: ["net.ipv4.tcp_max_syn_backlog 65536 has no effect while net.ipv4.tcp_syncookies is 1"],
    },
    {
      title: "No timestamps, so nothing to use again",
      files: {
        "etc/sysctl.d/60-net.conf": "net.ipv4.tcp_tw_reuse = «1»\nnet.ipv4.tcp_timestamps = ⟦0⟧\n",
      },
      findings: ["net.ipv4.tcp_tw_reuse 1 has no effect while net.ipv4.tcp_timestamps is 0"],
    },
    {
      title: "The number of files of the whole machine",
      files: { "etc/sysctl.d/60-files.conf": "fs.file-max = «2097152»\n" },
      findings: ["fs.file-max 2097152 raises nothing: systemd 240 and later set the largest number before"],
    },
    {
      title: "Quiet: without SYN cookies, and with timestamps",
      files: {
        "etc/sysctl.d/60-net.conf":
          "net.ipv4.tcp_syncookies = 0\nnet.ipv4.tcp_max_syn_backlog = 65536\nnet.ipv4.tcp_tw_reuse = 1\n",
      },
    },
  ],
  *check(host) {
    for (const idle of idleSettings) {
      const value = inForce(host, idle.key);
      const at = value && placeOf(value);
      const finding = value && idle.judge(value, host);
      if (value === undefined || at === undefined || finding === undefined) continue;
      yield {
        at,
        message: `${dotted(idle.key)} ${valueText(value)} ${finding.message}`,
        because: [value, ...finding.because],
        help: idle.help,
      };
    }
  },
});

interface Idle {
  readonly key: string;
  readonly help: string;
  /** Undefined where the setting does something, or may. */
  readonly judge: (
    value: Known<string>,
    host: Host,
  ) => { readonly message: string; readonly because: readonly Value<string>[] } | undefined;
}

const idleSettings: readonly Idle[] = [
  {
    key: "net/ipv4/tcp_max_syn_backlog",
    help: "the queue of half-open connections follows the backlog of the server and net.core.somaxconn",
    judge: (_, host) => {
      if (host.sysctl.boot(syncookies) === undefined && host.sysctl.manual(syncookies) === undefined)
        return {
          message: "has no effect while net.ipv4.tcp_syncookies is 1, the kernel's default",
          because: [],
        };
      const cookies = inForce(host, syncookies);
      return cookies?.value === "1"
        ? { message: "has no effect while net.ipv4.tcp_syncookies is 1", because: [cookies] }
        : undefined;
    },
  },
  {
    key: "net/ipv4/tcp_tw_reuse",
    help: "leave net.ipv4.tcp_timestamps at 1, its default",
    judge: ({ value }, host) => {
      const timestamps = inForce(host, "net/ipv4/tcp_timestamps");
      return value !== "0" && timestamps?.value === "0"
        ? { message: "has no effect while net.ipv4.tcp_timestamps is 0", because: [timestamps] }
        : undefined;
    },
  },
  {
    key: "fs/file-max",
    help: "remove the line: it can only lower what the boot has set",
    judge: ({ value }, host) => {
      const { systemd } = host.facts;
      const old = systemd.known && !systemd.value.atLeast("240");
      const container =
        host.environments.length > 0 && host.environments.every((each) => each.kind === "container");
      return old || container || value === unlimitedFiles
        ? undefined
        : { message: "raises nothing: systemd 240 and later set the largest number before", because: [] };
    },
  },
  ...["net/ipv4/tcp_fack", "net/ipv4/tcp_low_latency"].map(
    (key): Idle => ({
      key,
      help: "remove the line",
      judge: () => ({
        message: "has no effect: the kernel keeps the name and does nothing with it",
        because: [],
      }),
    }),
  ),
];

const syncookies = "net/ipv4/tcp_syncookies";
const unlimitedFiles = "9223372036854775807";

/** What the files set, where both programs that may apply them agree or only one does. */
function inForce({ sysctl }: Host, key: string): Known<string> | undefined {
  const boot = sysctl.boot(key);
  if (boot?.known === true) return boot;
  const manual = sysctl.manual(key);
  return manual?.known === true ? manual : undefined;
}

function dotted(key: string): string {
  return key.replaceAll("/", ".");
}
