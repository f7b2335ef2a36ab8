import { describe, expect, it } from "vitest";
import { namespaceOf, safeInPodsSince } from "../../src/model/namespaced-sysctl.ts";

describe("kernel settings and namespaces", () => {
  // runc libcontainer/configs/validate/validator.go, sysctl.
  it.each([
    ["net.core.somaxconn", "network"],
    ["net.ipv4.tcp_tw_reuse", "network"],
    ["net.ipv6.conf.all.disable_ipv6", "network"],
    ["kernel.shmmax", "ipc"],
    ["kernel.sem", "ipc"],
    ["fs.mqueue.msg_max", "ipc"],
    ["kernel.domainname", "uts"],
    ["kernel.hostname", "machine"],
    ["kernel.pid_max", "machine"],
    ["kernel.shm_next_id", "machine"],
    ["fs.file-max", "machine"],
    ["fs.inotify.max_user_watches", "machine"],
    ["vm.overcommit_memory", "machine"],
    ["vm.max_map_count", "machine"],
    // Not there in the network namespace of a container.
    ["net.core.netdev_max_backlog", "machine"],
    ["net.ipv4.tcp_mem", "machine"],
  ])("%s belongs to %s", (key, namespace) => {
    expect(namespaceOf(key)).toBe(namespace);
  });

  it.each([
    ["net.ipv4.ip_local_port_range", "all"],
    ["net.ipv4.tcp_fin_timeout", "since 1.29"],
    ["net.core.somaxconn", undefined],
    ["kernel.shmmax", undefined],
  ])("%s is safe in pods: %s", (key, since) => {
    expect(safeInPodsSince(key)).toBe(since);
  });
});
