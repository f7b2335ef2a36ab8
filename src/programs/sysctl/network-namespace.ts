import type { Version } from "../../model/facts.ts";
import { byDefault, unknown, type Value } from "../../model/value.ts";
import { dotted, found, slashed } from "../../syntax/sysctl/key.ts";

/**
 * What a new network namespace gets for a key.
 * `fresh`: the default of the kernel, whatever the host has. `copy`: what the host has when the namespace is made.
 * `read-only`: it shows the value of the host. `absent`: the key does not exist there. `global`: the key does not
 * belong to a network namespace.
 */
export type NamespaceValue = "fresh" | "copy" | "read-only" | "absent" | "global";

const fresh = new Set(
  `net/core/somaxconn net/ipv4/tcp_max_syn_backlog net/ipv4/ip_local_port_range net/ipv4/ip_local_reserved_ports
   net/ipv4/ip_unprivileged_port_start net/ipv4/tcp_tw_reuse net/ipv4/tcp_tw_reuse_delay net/ipv4/tcp_fin_timeout
   net/ipv4/tcp_syncookies net/ipv4/tcp_abort_on_overflow net/ipv4/tcp_keepalive_time net/ipv4/tcp_keepalive_intvl
   net/ipv4/tcp_keepalive_probes net/ipv4/tcp_max_tw_buckets net/ipv4/tcp_slow_start_after_idle
   net/ipv4/tcp_synack_retries net/ipv4/tcp_syn_retries net/ipv4/tcp_fastopen net/ipv4/tcp_notsent_lowat
   net/unix/max_dgram_qlen`.split(/\s+/),
);
const copied = new Set([
  "net/ipv4/tcp_rmem",
  "net/ipv4/tcp_wmem",
  "net/ipv4/tcp_congestion_control",
  "net/ipv4/ip_forward",
]);
const absent = new Set([
  "net/core/netdev_max_backlog",
  "net/core/netdev_budget",
  "net/core/default_qdisc",
  "net/ipv4/tcp_mem",
  "net/ipv4/tcp_max_orphans",
  "net/nf_conntrack_max",
]);
const readOnly = new Set(["net/netfilter/nf_conntrack_max", "net/netfilter/nf_conntrack_buckets"]);
const shownSince612 = new Set(
  ["rmem_max", "wmem_max", "rmem_default", "wmem_default"].map((name) => `net/core/${name}`),
);

/**
 * Seen in a new network namespace of root on Linux 5.10, 6.1, 6.12 and 7.2; older kernels are taken to do the same.
 *
 * @param key with dots or slashes
 */
export function namespaceValue(key: string, kernel: Value<Version>): Value<NamespaceValue> {
  const path = found(slashed(key)) ?? key;
  const label = `${dotted(path)} in a new network namespace`;
  const certain = (value: NamespaceValue): Value<NamespaceValue> =>
    byDefault(label, value, {
      program: "Linux",
      versions: "5.10 to 7.2",
      source: "net/core/sysctl_net_core.c of Linux",
    });
  if (!path.startsWith("net/")) return certain("global");
  if (fresh.has(path)) return certain("fresh");
  if (copied.has(path) || /^net\/ipv4\/conf\/(?:all|default)\//.test(path)) return certain("copy");
  if (absent.has(path)) return certain("absent");
  if (readOnly.has(path)) return certain("read-only");
  if (!shownSince612.has(path))
    return unknown(label, `what a new network namespace gets for ${dotted(path)} is not recorded`);
  if (!kernel.known) return unknown(label, kernel.origin.why, { fact: "kernel", from: [kernel] });
  if (kernel.value.atLeast("6.12")) return certain("read-only");
  if (!kernel.value.atLeast("6.2")) return certain("absent");
  return unknown(label, `what a new network namespace gets on Linux ${kernel.value} is not recorded`, {
    from: [kernel],
  });
}
