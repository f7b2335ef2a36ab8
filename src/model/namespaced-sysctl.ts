/** What a kernel setting belongs to: a namespace that a container has for itself, or the whole machine. */
export type SysctlNamespace = "network" | "ipc" | "uts" | "machine";

/** Exactly those that runc lets into a container with its own IPC namespace (libcontainer validator.go). */
const ofIpc = new Set(
  ["msgmax", "msgmnb", "msgmni", "sem", "shmall", "shmmax", "shmmni", "shm_rmid_forced"].map(
    (name) => `kernel.${name}`,
  ),
);

/** Below net.*, yet missing in every network namespace but the first (Linux 6.18, listed in a fresh one). */
const ofFirstNetwork = new Set([
  "net.core.busy_poll",
  "net.core.busy_read",
  "net.core.default_qdisc",
  "net.core.dev_weight",
  "net.core.netdev_budget",
  "net.core.netdev_budget_usecs",
  "net.core.netdev_max_backlog",
  "net.core.rps_sock_flow_entries",
  "net.ipv4.tcp_max_orphans",
  "net.ipv4.tcp_mem",
  "net.ipv4.udp_mem",
  "net.nf_conntrack_max",
]);

/** Settings that every kubelet takes, with the Kubernetes version that made them safe (safe_sysctls.go). */
const safeInPods: ReadonlyMap<string, string> = new Map([
  ["kernel.shm_rmid_forced", "all"],
  ["net.ipv4.ip_local_port_range", "all"],
  ["net.ipv4.tcp_syncookies", "all"],
  ["net.ipv4.ping_group_range", "since 1.21"],
  ["net.ipv4.ip_unprivileged_port_start", "since 1.22"],
  ["net.ipv4.ip_local_reserved_ports", "since 1.27"],
  ["net.ipv4.tcp_keepalive_time", "since 1.29"],
  ["net.ipv4.tcp_fin_timeout", "since 1.29"],
  ["net.ipv4.tcp_keepalive_intvl", "since 1.29"],
  ["net.ipv4.tcp_keepalive_probes", "since 1.29"],
  ["net.ipv4.tcp_rmem", "since 1.32"],
  ["net.ipv4.tcp_wmem", "since 1.32"],
]);

/**
 * The namespace of a setting. In a network namespace other than the first the settings of the machine below net.* do
 * not exist, so a container that asks for one does not start.
 *
 * @param key with dots: net.core.somaxconn
 */
export function namespaceOf(key: string): SysctlNamespace {
  if (ofFirstNetwork.has(key)) return "machine";
  if (key.startsWith("net.")) return "network";
  if (key.startsWith("fs.mqueue.") || ofIpc.has(key)) return "ipc";
  return key === "kernel.domainname" ? "uts" : "machine";
}

/** Since which Kubernetes every kubelet takes a setting of a pod (`all`, `since 1.29`); undefined where none does. */
export function safeInPodsSince(key: string): string | undefined {
  return safeInPods.get(key);
}
