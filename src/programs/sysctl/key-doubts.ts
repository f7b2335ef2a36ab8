import type { SysctlKeyDoubt, SysctlLine } from "../../model/sysctl.ts";
import { dotted } from "../../syntax/sysctl/key.ts";
import { nearest } from "../../text/did-you-mean.ts";
import { keyNames } from "./key-names.ts";

interface Removed {
  /** The first kernel without it. */
  readonly since: string;
  readonly instead: string;
}

const scheduler: Removed = { since: "5.13", instead: "it moved to /sys/kernel/debug/sched" };

/** Keys that Linux had once, in slash form. */
const removed: ReadonlyMap<string, Removed> = new Map([
  [
    "net/ipv4/tcp_tw_recycle",
    { since: "4.12", instead: "net.ipv4.tcp_tw_reuse helps where this host opens the connections" },
  ],
  ...[
    "latency_ns",
    "min_granularity_ns",
    "wakeup_granularity_ns",
    "migration_cost_ns",
    "nr_migrate",
    "tunable_scaling",
  ].map((name): [string, Removed] => [`kernel/sched_${name}`, scheduler]),
]);

const names = new Map(
  Object.entries(keyNames).map(([directory, text]) => [directory, new Set(text.trim().split(/\s+/))]),
);

/** First parts of keys of the BSDs, whose sysctl.conf has the same name. */
const otherSystems =
  /^(?:kern|hw|machdep|security|vfs|p1003_1b|compat|ddb|net\/(?:inet6?|link|local|bpf|add_addr_allfibs|fibs|my_fibnum|key|pf|route|wlan)|dev\/[a-z_]+\/\d+)(?:\/|$)/;

/** Distinct keys that are compared with every known one; a file of more is no person's. */
const mostAsked = 2000;

/**
 * The lines whose key no kernel has now: removed ones, and misspelt or misplaced ones. A key of a module, a vendor
 * or an interface may well exist, so only what resembles a known key is doubted.
 *
 * @param kernel of this host; undefined where it is not known
 */
export function keyDoubts(
  lines: readonly SysctlLine[],
  kernel: { atLeast(version: string): boolean } | undefined,
): SysctlKeyDoubt[] {
  const asked = new Map<string, string | undefined>();
  const meant = (key: string): string | undefined => {
    if (!asked.has(key) && asked.size < mostAsked) asked.set(key, meantKey(key));
    return asked.get(key);
  };
  return lines.flatMap((line): SysctlKeyDoubt[] => {
    const gone = removed.get(line.key);
    if (gone !== undefined)
      return kernel === undefined || kernel.atLeast(gone.since)
        ? [{ line, kind: "removed", ...gone, certain: kernel !== undefined }]
        : [];
    if (otherSystems.test(line.key)) return [];
    const near = meant(line.key);
    if (near === undefined && line.key.includes("/")) return [];
    return [{ line, kind: "unknown", near: near === undefined ? undefined : dotted(near) }];
  });
}

/** The key that was meant, where the one that is written is none; undefined where it may be one. */
function meantKey(key: string): string | undefined {
  const slash = key.lastIndexOf("/");
  const directory = key.slice(0, Math.max(slash, 0));
  const name = key.slice(slash + 1);
  const known = names.get(directory);
  if (known?.has(name)) return undefined;
  if (known === undefined) {
    if (slash === -1) return fromOneWord(key);
    const beside = nearest(directory, names.keys(), 1);
    if (beside !== undefined && names.get(beside)?.has(name)) return `${beside}/${name}`;
    return directory === "net" ? elsewhere(directory, name) : undefined;
  }
  if (name.length < 5) return undefined;
  const moved = elsewhere(directory, name);
  if (moved !== undefined) return moved;
  const near = nearest(name, known, name.length < 8 ? 1 : 2);
  return near === undefined ? undefined : `${directory}/${near}`;
}

/** The one directory that has the name. */
function elsewhere(directory: string, name: string): string | undefined {
  const homes = [...names].filter(([other, known]) => other !== directory && known.has(name));
  const [home] = homes;
  return homes.length === 1 && home !== undefined ? `${home[0]}/${name}` : undefined;
}

/** `vm_swappiness`, `swappiness`: nothing but directories stands in /proc/sys itself. */
function fromOneWord(word: string): string | undefined {
  const under = word.replace("_", "/");
  const [directory = "", name = ""] = under.split("/");
  return names.get(directory)?.has(name) ? under : elsewhere("", word);
}
