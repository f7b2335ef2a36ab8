import type { FileTree } from "../../files/file-tree.ts";
import type { Distribution } from "../../model/facts.ts";
import type { Value } from "../../model/value.ts";

/** Whether the boot reads /etc/sysctl.conf through a link in /etc/sysctl.d. */
export type MainFileAtBoot = "linked" | "not linked" | "not known";

/** Releases that ship the link /etc/sysctl.d/99-sysctl.conf, or whose systemd does. */
const linking: ReadonlySet<string> = new Set([
  "rhel",
  "centos",
  "fedora",
  "rocky",
  "almalinux",
  "ol",
  "amzn",
]);

/**
 * The link is a package's file and mostly not in a repository, so that a tree without it proves nothing unless it
 * is a whole machine. Debian 11 and 12 ship it with systemd, 13 does not (debian/changelog of systemd 256.4-1,
 * bug 1076190).
 */
export function mainFileAtBoot(tree: FileTree, distribution: Value<Distribution>): MainFileAtBoot {
  if (tree.kind("/usr/lib/sysctl.d") === "directory" && tree.kind("/proc/sys/kernel/osrelease") === "file")
    return "not linked";
  if (!distribution.known) return "not known";
  const { name, release } = distribution.value;
  const major = Number.parseInt(release, 10);
  if (name === "debian") return major >= 13 ? "not linked" : "linked";
  if (name === "ubuntu") return major <= 24 ? "linked" : "not known";
  if (name === "arch") return "not linked";
  return linking.has(name) ? "linked" : "not known";
}
