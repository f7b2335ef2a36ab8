import type { FileTree } from "../files/file-tree.ts";
import { type Distribution, type Facts, Version } from "../model/facts.ts";
import { type Cpus, cpus } from "../model/units.ts";
import { byDefault, derive, type Value, written } from "../model/value.ts";
import { span } from "../text/span.ts";

/**
 * Fills in what the tree of a real machine records about itself and what the distribution implies. Declared
 * facts stay as they are.
 */
export function withRecordedFacts(declared: Facts, tree: FileTree): Facts {
  const distribution = declared.distribution.known
    ? declared.distribution
    : (osRelease(tree) ?? declared.distribution);
  return {
    ...declared,
    distribution,
    cpus: declared.cpus.known ? declared.cpus : (onlineCpus(tree) ?? declared.cpus),
    kernel: declared.kernel.known
      ? declared.kernel
      : (kernelRelease(tree) ?? shipped("kernel release", distribution, 0) ?? declared.kernel),
    systemd: declared.systemd.known
      ? declared.systemd
      : (shipped("systemd version", distribution, 1) ?? declared.systemd),
  };
}

/** /etc/os-release, os-release(5): ID= and VERSION_ID=, perhaps quoted. */
function osRelease(tree: FileTree): Value<Distribution> | undefined {
  const file = tree.read("/etc/os-release") ?? tree.read("/usr/lib/os-release");
  if (file === undefined) return undefined;
  const id = /^ID=["']?([a-z0-9._-]+)/m.exec(file.text);
  const release = /^VERSION_ID=["']?([0-9.]+)/m.exec(file.text);
  if (id?.[1] === undefined || release?.[1] === undefined) return undefined;
  const at = span(file, release.index, release.index + release[0].length);
  return written("distribution", { name: id[1], release: release[1] }, at);
}

/** On a running machine: /proc/sys/kernel/osrelease, proc_sys_kernel(5). */
function kernelRelease(tree: FileTree): Value<Version> | undefined {
  const file = tree.read("/proc/sys/kernel/osrelease");
  const text = file?.text.trim();
  if (file === undefined || text === undefined || !/^\d+\.\d+/.test(text)) return undefined;
  return written("kernel release", new Version(text), span(file, 0, text.length));
}

/** On a running machine: /sys/devices/system/cpu/online, such as `0-3,6`; what sysconf(_SC_NPROCESSORS_ONLN) counts. */
function onlineCpus(tree: FileTree): Value<Cpus> | undefined {
  const file = tree.read("/sys/devices/system/cpu/online");
  const text = file?.text.trim();
  if (file === undefined || text === undefined || !/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(text)) return undefined;
  let count = 0;
  for (const range of text.split(",")) {
    const [first = 0, last = first] = range.split("-").map(Number);
    count += last - first + 1;
  }
  return written("CPUs of the machine", cpus(count), span(file, 0, text.length));
}

/** The kernel and the systemd that a release ships. */
const releases: Readonly<Record<string, readonly [kernel: string, systemd: string]>> = {
  "debian 11": ["5.10", "247"],
  "debian 12": ["6.1", "252"],
  "debian 13": ["6.12", "257"],
  "ubuntu 20.04": ["5.4", "245"],
  "ubuntu 22.04": ["5.15", "249"],
  "ubuntu 24.04": ["6.8", "255"],
};

function shipped(label: string, distribution: Value<Distribution>, which: 0 | 1): Value<Version> | undefined {
  if (!distribution.known) return undefined;
  const name = `${distribution.value.name} ${distribution.value.release
    .split(".")
    .slice(0, distribution.value.name === "debian" ? 1 : 2)
    .join(".")}`;
  const version = releases[name]?.[which];
  if (version === undefined) return undefined;
  const package_ = byDefault(label, new Version(version), {
    program: name,
    versions: name,
    source: "package list of the release",
    assuming: `the machine runs the ${which === 0 ? "kernel" : "systemd"} that ${name} ships`,
  });
  return derive(
    label,
    `what ${name} ships`,
    [package_, distribution],
    (shippedVersion, _release) => shippedVersion,
  );
}
