/** How the kernel takes a write to a key. Bounds are inclusive; `int` is 32 bits wide, `unsigned` refuses a sign. */
export type WriteRule =
  | { readonly kind: "int"; readonly min?: number; readonly max?: number; readonly numbers?: number }
  | { readonly kind: "unsigned"; readonly min?: number; readonly max: number }
  /** 64 bits wide, never negative. */
  | { readonly kind: "long" }
  /** Kept in clock ticks: the largest value depends on CONFIG_HZ. */
  | { readonly kind: "seconds" }
  | { readonly kind: "port-range" }
  | { readonly kind: "unprivileged-port" }
  | { readonly kind: "conntrack-buckets" }
  /** Name of a module that the kernel has or loads. */
  | { readonly kind: "name"; readonly known: ReadonlySet<string> }
  | { readonly kind: "read-only" }
  | { readonly kind: "absent" };

/** A rule from one kernel on (`since`, the first it was seen in) and before another (`before`). */
interface Era {
  readonly since?: string;
  readonly before?: string;
  readonly rule: WriteRule;
}

const int = (min?: number, max?: number): WriteRule => ({
  kind: "int",
  ...(min === undefined ? {} : { min }),
  ...(max === undefined ? {} : { max }),
});
const byte: WriteRule = { kind: "unsigned", max: 255 };
const seconds: WriteRule = { kind: "seconds" };

const congestionControls = new Set(
  "reno cubic bic westwood htcp hybla vegas nv scalable lp veno yeah illinois dctcp cdg bbr".split(" "),
);
const queueDisciplines = new Set(
  "pfifo_fast pfifo bfifo fq fq_codel fq_pie codel cake pie sfq sfb red hhf noqueue".split(" "),
);

const memoryVector: readonly Era[] = [
  { before: "6.13", rule: { kind: "int", min: 1, numbers: 3 } },
  { since: "7.2", rule: { kind: "int", min: 4096, numbers: 3 } },
];
const conntrackMax: readonly Era[] = [
  { before: "5.11", rule: int() },
  { since: "6.1", before: "6.13", rule: int(0) },
  { since: "7.2", rule: int(1) },
];

/**
 * What the kernel accepts, by writes to Linux 5.10, 6.1, 6.12 and 7.2 and their source. Versions between two eras
 * are taken as known only where both agree.
 */
const eras: ReadonlyMap<string, readonly Era[]> = new Map<string, readonly Era[]>([
  ["net/core/somaxconn", [{ rule: int(0) }]],
  ["net/core/netdev_max_backlog", [{ rule: int() }]],
  ["net/core/rmem_max", [{ rule: int(2304) }]],
  ["net/core/rmem_default", [{ rule: int(2304) }]],
  ["net/core/wmem_max", [{ rule: int(4608) }]],
  ["net/core/wmem_default", [{ rule: int(4608) }]],
  ["net/core/default_qdisc", [{ rule: { kind: "name", known: queueDisciplines } }]],
  ["net/ipv4/tcp_max_syn_backlog", [{ rule: int() }]],
  ["net/ipv4/ip_local_port_range", [{ rule: { kind: "port-range" } }]],
  ["net/ipv4/ip_unprivileged_port_start", [{ rule: { kind: "unprivileged-port" } }]],
  ["net/ipv4/tcp_tw_reuse", [{ rule: { kind: "unsigned", max: 2 } }]],
  [
    "net/ipv4/tcp_tw_reuse_delay",
    [
      { before: "6.13", rule: { kind: "absent" } },
      { since: "6.18", rule: int() },
    ],
  ],
  [
    "net/ipv4/tcp_tw_recycle",
    [
      { before: "4.12", rule: int() },
      { since: "4.12", rule: { kind: "absent" } },
    ],
  ],
  ["net/ipv4/tcp_fin_timeout", [{ rule: seconds }]],
  ["net/ipv4/tcp_keepalive_time", [{ rule: seconds }]],
  ["net/ipv4/tcp_keepalive_intvl", [{ rule: seconds }]],
  ["net/ipv4/tcp_keepalive_probes", [{ rule: byte }]],
  ["net/ipv4/tcp_syncookies", [{ rule: byte }]],
  ["net/ipv4/tcp_abort_on_overflow", [{ rule: byte }]],
  ["net/ipv4/tcp_slow_start_after_idle", [{ rule: byte }]],
  ["net/ipv4/tcp_timestamps", [{ rule: byte }]],
  ["net/ipv4/tcp_synack_retries", [{ rule: byte }]],
  ["net/ipv4/tcp_syn_retries", [{ rule: { kind: "unsigned", min: 1, max: 127 } }]],
  ["net/ipv4/tcp_rmem", memoryVector],
  ["net/ipv4/tcp_wmem", memoryVector],
  ["net/ipv4/tcp_max_tw_buckets", [{ rule: int() }]],
  ["net/ipv4/tcp_max_orphans", [{ rule: int() }]],
  ["net/ipv4/tcp_fastopen", [{ rule: int() }]],
  ["net/ipv4/tcp_notsent_lowat", [{ rule: { kind: "unsigned", max: 4294967295 } }]],
  ["net/ipv4/tcp_congestion_control", [{ rule: { kind: "name", known: congestionControls } }]],
  ["net/ipv4/tcp_available_congestion_control", [{ rule: { kind: "read-only" } }]],
  ["net/ipv4/ip_forward", [{ rule: int() }]],
  ["net/netfilter/nf_conntrack_max", conntrackMax],
  ["net/nf_conntrack_max", conntrackMax],
  ["net/netfilter/nf_conntrack_buckets", [{ rule: { kind: "conntrack-buckets" } }]],
  ["net/unix/max_dgram_qlen", [{ rule: int() }]],
  ["fs/file-max", [{ rule: { kind: "long" } }]],
  ["fs/file-nr", [{ rule: { kind: "read-only" } }]],
  ["fs/nr_open", [{ rule: int(64, 2147483584) }]],
  ["fs/inotify/max_user_instances", [{ rule: int(0) }]],
  ["fs/inotify/max_user_watches", [{ rule: int(0) }]],
  [
    "vm/swappiness",
    [
      { before: "5.8", rule: int(0, 100) },
      { since: "5.8", rule: int(0, 200) },
    ],
  ],
  ["vm/overcommit_memory", [{ rule: int(0, 2) }]],
  ["vm/max_map_count", [{ rule: int(0) }]],
  ["kernel/pid_max", [{ rule: int(301, 4194304) }]],
  ["kernel/threads-max", [{ rule: int(1, 1073741823) }]],
]);

/** Kernels at which a rule above begins or ends: one of each stands for a kernel that is not known. */
export const exemplaryKernels: readonly string[] = ["4.11", "5.10", "6.1", "6.12", "7.2"];

const interfaceKey = /^net\/ipv4\/conf\/[^/*?[]+\/[a-z0-9_]+$/;

/**
 * The rules that may hold for a key on a kernel: more than one where the version lies between two that were
 * looked at. None for a key that is not recorded.
 */
export function writeRules(key: string, kernel: { atLeast(version: string): boolean }): readonly WriteRule[] {
  const known = eras.get(key);
  if (known === undefined) return interfaceKey.test(key) ? [int()] : [];
  const within = known.filter(
    ({ since, before }) =>
      (since === undefined || kernel.atLeast(since)) && (before === undefined || !kernel.atLeast(before)),
  );
  const chosen =
    within.length > 0
      ? within
      : [
          known.findLast(({ before }) => before !== undefined && kernel.atLeast(before)),
          known.find(({ since }) => since !== undefined && !kernel.atLeast(since)),
        ].filter((era) => era !== undefined);
  return chosen.map(({ rule }) => rule);
}

/** Whether the kernel has the key, as far as it is recorded; an interface has its keys only while it exists. */
export function isRecorded(key: string): boolean {
  return eras.has(key);
}

const directories = new Set(
  [...eras.keys()].flatMap((key) =>
    key.split("/").map((_part, depth, parts) => parts.slice(0, depth).join("/")),
  ),
);

/** Whether a path is a directory that holds recorded keys. */
export function isDirectoryOfKeys(path: string): boolean {
  return directories.has(path) || /^net\/ipv4\/conf(?:\/[^/*?[]+)?$/.test(path);
}

/** Keys whose value decides whether a write to this one is accepted. */
export function dependsOn(key: string): readonly string[] {
  if (key === "net/ipv4/ip_local_port_range") return ["net/ipv4/ip_unprivileged_port_start"];
  if (key === "net/ipv4/ip_unprivileged_port_start") return ["net/ipv4/ip_local_port_range"];
  const perInterface = /^net\/ipv4\/conf\/(?!all\/|default\/)[^/]+\/([^/]+)$/.exec(key);
  return perInterface === null ? [] : [`net/ipv4/conf/default/${perInterface[1]}`];
}
