import type { Facts, Version } from "../../model/facts.ts";
import { byDefault, derive, type Known, unknown, type Value } from "../../model/value.ts";
import { dotted, found, slashed } from "../../syntax/sysctl/key.ts";

/** The facts that decide what a kernel starts with. */
export type KernelFacts = Pick<Facts, "kernel" | "systemd" | "distribution">;

interface Default {
  readonly text: string;
  /** First kernel with it; undefined where no kernel had another one. */
  readonly since?: string;
  /** First kernel without it. */
  readonly before?: string;
}

const documents = "Documentation/networking/ip-sysctl.rst and admin-guide/sysctl of Linux";

const always = (text: string): readonly Default[] => [{ text, since: oldestSeen }];
/** The oldest kernel whose defaults were read from a running machine. */
const oldestSeen = "5.10";
const socketMaximum: readonly Default[] = [
  { text: "212992", since: oldestSeen, before: "6.13" },
  { text: "4194304", since: "6.18" },
];

/** Defaults that do not depend on the machine, as Linux 5.10, 6.1, 6.12, 6.18 and 7.2 show them after boot. */
const defaults: ReadonlyMap<string, readonly Default[]> = new Map([
  [
    "net/core/somaxconn",
    [
      { text: "128", before: "5.4" },
      { text: "4096", since: "5.4" },
    ],
  ],
  ["net/core/netdev_max_backlog", always("1000")],
  ["net/core/rmem_max", socketMaximum],
  ["net/core/wmem_max", socketMaximum],
  ["net/core/rmem_default", always("212992")],
  ["net/core/wmem_default", always("212992")],
  ["net/ipv4/ip_local_port_range", always("32768 60999")],
  ["net/ipv4/ip_unprivileged_port_start", always("1024")],
  ["net/ipv4/tcp_tw_reuse", always("2")],
  ["net/ipv4/tcp_tw_reuse_delay", [{ text: "1000", since: "6.18" }]],
  ["net/ipv4/tcp_fin_timeout", always("60")],
  ["net/ipv4/tcp_syncookies", always("1")],
  ["net/ipv4/tcp_abort_on_overflow", always("0")],
  ["net/ipv4/tcp_keepalive_time", always("7200")],
  ["net/ipv4/tcp_keepalive_intvl", always("75")],
  ["net/ipv4/tcp_keepalive_probes", always("9")],
  ["net/ipv4/tcp_wmem", always("4096 16384 4194304")],
  ["net/ipv4/tcp_slow_start_after_idle", always("1")],
  ["net/ipv4/tcp_synack_retries", always("5")],
  ["net/ipv4/tcp_syn_retries", always("6")],
  ["net/ipv4/tcp_timestamps", always("1")],
  ["net/ipv4/tcp_window_scaling", always("1")],
  ["net/ipv4/tcp_fastopen", always("1")],
  ["net/ipv4/tcp_notsent_lowat", always("4294967295")],
  ["net/ipv4/tcp_congestion_control", always("cubic")],
  ["vm/swappiness", always("60")],
  ["vm/overcommit_memory", always("0")],
  ["vm/overcommit_ratio", always("50")],
  ["fs/inotify/max_user_instances", always("128")],
  ["fs/inotify/max_queued_events", always("16384")],
]);

const byMemory = new Set([
  "net/ipv4/tcp_max_syn_backlog",
  "net/ipv4/tcp_max_tw_buckets",
  "net/ipv4/tcp_max_orphans",
  "net/ipv4/tcp_mem",
  "net/ipv4/tcp_rmem",
  "net/netfilter/nf_conntrack_max",
  "net/nf_conntrack_max",
  "net/netfilter/nf_conntrack_buckets",
  "kernel/threads-max",
  "fs/inotify/max_user_watches",
]);

/**
 * What a key shows on a booted machine where no sysctl file sets it. Undefined for a key that is not recorded.
 *
 * @param key with dots or slashes
 */
export function kernelDefaultText(key: string, facts: KernelFacts): Value<string> | undefined {
  const path = found(slashed(key)) ?? key;
  const label = dotted(path);
  if (path === "fs/file-max") return fileMax(label, facts);
  if (path === "fs/nr_open") return openMax(label, facts);
  if (byMemory.has(path))
    return unknown(label, `the kernel computes ${label} from the memory of the machine`, { fact: "memory" });
  const known = defaults.get(path);
  return known === undefined ? undefined : byKernel(label, known, facts.kernel);
}

/** The same as a number; undefined for a key that is not recorded or holds no single number. */
export function kernelDefault(key: string, facts: KernelFacts): Value<number> | undefined {
  const text = kernelDefaultText(key, facts);
  const samples = text?.known === true ? [text] : (text?.candidates ?? []);
  if (text === undefined || samples.some(({ value }) => !/^-?\d+$/.test(value))) return undefined;
  return asNumber(text);
}

function asNumber(text: Value<string>): Value<number> {
  const known = (value: Known<string>): Known<number> => ({ ...value, value: Number(value.value) });
  if (text.known) return known(text);
  const { candidates, ...rest } = text;
  return candidates === undefined ? rest : { ...rest, candidates: candidates.map(known) };
}

function byKernel(label: string, all: readonly Default[], kernel: Value<Version>): Value<string> {
  if (kernel.known) {
    const at = all.find(({ since, before }) => isWithin(kernel.value, since, before));
    if (at === undefined)
      return unknown(label, `the default of ${label} on Linux ${kernel.value} is not recorded`, {
        from: [kernel],
      });
    return derive(
      label,
      `default of Linux ${kernel.value}`,
      [defaultOf(label, at), kernel],
      (text, _release) => text,
    );
  }
  const [only, ...others] = all;
  if (only !== undefined && others.length === 0)
    return defaultOf(label, only, `Linux ${only.since} or later`);
  return unknown(label, kernel.origin.why, {
    fact: "kernel",
    candidates: all.map((each) => defaultOf(label, each)),
  });
}

function isWithin(kernel: Version, since: string | undefined, before: string | undefined): boolean {
  return (since === undefined || kernel.atLeast(since)) && (before === undefined || !kernel.atLeast(before));
}

function defaultOf(label: string, { text, since, before }: Default, assuming?: string): Known<string> {
  const from = since === undefined ? "" : `since ${since}`;
  const until = before === undefined ? "" : `before ${before}`;
  return byDefault(label, text, {
    program: "Linux",
    versions: [from, until].filter((part) => part !== "").join(", "),
    source: documents,
    ...(assuming === undefined ? {} : { assuming }),
  });
}

/** 2^63 - 1, which systemd writes since 240; before that about a tenth of the memory in KiB. */
function fileMax(label: string, { systemd }: KernelFacts): Value<string> {
  if (!systemd.known)
    return unknown(
      label,
      "systemd 240 and later raise fs.file-max at boot, and the systemd version is not known",
      {
        fact: "systemd",
        from: [systemd],
      },
    );
  if (!systemd.value.atLeast("240"))
    return unknown(label, `the kernel computes ${label} from the memory of the machine`, { fact: "memory" });
  const raised = byDefault(label, "9223372036854775807", {
    program: "systemd",
    versions: "since 240",
    source: "NEWS of systemd 240",
  });
  return derive(label, "raised by systemd at boot", [raised, systemd], (text, _release) => text);
}

const raisedTo = { kernel: "1048576", halved: "1073741816", largest: "2147483584" };

/** systemd raises it since 240 as far as the kernel takes it, unless built with -Dbump-proc-sys-fs-nr-open=false. */
function openMax(label: string, { systemd, distribution }: KernelFacts): Value<string> {
  const make = (text: string, program: string, versions: string): Known<string> =>
    byDefault(label, text, { program, versions, source: "fs.nr_open after boot of that release" });
  if (systemd.known && !systemd.value.atLeast("240"))
    return derive(
      label,
      "systemd before 240 leaves it alone",
      [make(raisedTo.kernel, "Linux", "all"), systemd],
      (text, _release) => text,
    );
  if (distribution.known && distribution.value.name === "debian") {
    const release = distribution.value.release.split(".")[0] ?? "";
    const text = new Map([
      ["11", raisedTo.kernel],
      ["12", raisedTo.kernel],
      ["13", raisedTo.halved],
      ["sid", raisedTo.largest],
    ]).get(release);
    if (text !== undefined)
      return derive(
        label,
        `after boot of Debian ${release}`,
        [make(text, "Debian", release), distribution],
        (each, _release) => each,
      );
  }
  return unknown(label, "it depends on how the distribution builds systemd", {
    fact: "distribution",
    from: [distribution],
    candidates: [
      make(raisedTo.kernel, "systemd", "before 240, or built not to raise it"),
      make(raisedTo.halved, "systemd", "since 240"),
      make(raisedTo.largest, "systemd", "262"),
    ],
  });
}
