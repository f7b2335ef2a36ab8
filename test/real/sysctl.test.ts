import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { release } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryTree } from "../../src/files/memory-tree.ts";
import { Version } from "../../src/model/facts.ts";
import { applyWrites } from "../../src/programs/sysctl/apply-writes.ts";
import { Writes } from "../../src/programs/sysctl/loaded-files.ts";
import { loadProcps } from "../../src/programs/sysctl/procps.ts";
import { SysctlFiles } from "../../src/programs/sysctl/sysctl-files.ts";
import { loadSystemdSysctl } from "../../src/programs/sysctl/systemd-sysctl.ts";
import { type Disagreement, effort, inFolder, seed, starts, told, versionOf } from "./installed.ts";

/** unshare(1) of util-linux. */
const inNamespaces = "unshare";

/**
 * Both programs really write, in a network namespace of their own that ends with them. Needs procps and systemd, and
 * the right to make namespaces.
 */
const systemdSysctl = ["/usr/lib/systemd/systemd-sysctl", "/lib/systemd/systemd-sysctl"].find(existsSync);
const namespaces = [["-nm"], ["-rnm"]].find((words) =>
  starts(
    "unshare",
    ...words,
    "sh",
    "-c",
    "mount --bind /tmp /tmp && echo 1 > /proc/sys/net/ipv4/tcp_tw_reuse",
  ),
);
const kernel = new Version(release().replace(/-.*/, ""));
const available =
  namespaces !== undefined &&
  systemdSysctl !== undefined &&
  starts("sysctl", "--version") &&
  kernel.atLeast("5.10");
const versions = {
  procps: new Version(versionOf("sysctl", ["--version"], /(\d+\.[\d.]+)/)),
  systemd: new Version(versionOf("systemctl", ["--version"], /systemd (\d+)/)),
};

/** Each network namespace has its own. */
const keys = [
  "net/core/somaxconn",
  "net/ipv4/tcp_fin_timeout",
  "net/ipv4/tcp_syncookies",
  "net/ipv4/tcp_tw_reuse",
  "net/ipv4/tcp_keepalive_time",
  "net/ipv4/tcp_keepalive_probes",
  "net/ipv4/ip_local_port_range",
  "net/ipv4/ip_unprivileged_port_start",
  "net/ipv4/tcp_slow_start_after_idle",
  "net/ipv4/tcp_max_syn_backlog",
  "net/ipv4/tcp_abort_on_overflow",
  "net/ipv4/conf/all/rp_filter",
  "net/ipv4/conf/default/rp_filter",
  "net/ipv4/conf/lo/rp_filter",
] as const;

const directories = ["etc/sysctl.d", "run/sysctl.d", "usr/lib/sysctl.d"];

const key = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...keys.map((each) => each.replaceAll("/", "."))) },
  { weight: 2, arbitrary: fc.constantFrom(...keys) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "net.ipv4.conf.*.rp_filter",
      "net.ipv4.conf.l?.rp_filter",
      "net.ipv4.tcp_keepalive_*",
      "net.ipv4.no_such_key",
      "net.core.SOMAXCONN",
      "net..core..somaxconn",
      "/net/core/somaxconn",
    ),
  },
);
const value = fc.oneof(
  fc.constantFrom("0", "1", "2", "16", "511", "1024", "4096", "65535", "70000", "010", "0x20", "2147483647"),
  fc.constantFrom(
    "-1",
    "1k",
    "",
    "'1'",
    "1 # c",
    "1;",
    "on",
    "1024 65000",
    "2000\t3000",
    "65000 1024",
    "99999999999",
    "1 2 3",
  ),
);
const line = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(key, value).map(([name, text]) => `${name} = ${text}`) },
  { weight: 2, arbitrary: fc.tuple(key, value).map(([name, text]) => `${name}=${text}`) },
  { weight: 1, arbitrary: fc.tuple(key, value).map(([name, text]) => `-${name} = ${text}`) },
  { weight: 1, arbitrary: key.map((name) => `-${name}`) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "# comment",
      "  # c",
      "; c",
      "",
      "net.core.somaxconn",
      "[net]",
      "net.core.somaxconn : 5",
    ),
  },
);
const content = fc
  .tuple(fc.array(line, { maxLength: 6 }), fc.constantFrom("\n", "\n", "\n", "\r\n"), fc.boolean())
  .map(([lines, end, last]) => lines.join(end) + (last ? end : ""));
const names = ["10-a.conf", "50-b.conf", "9.conf", "99-z.conf", "a.conf", "60-x", "70.CONF", ".h.conf"];
const trees = fc.dictionary(
  fc.tuple(fc.constantFrom(...directories), fc.constantFrom(...names)).map((parts) => parts.join("/")),
  content,
  { minKeys: 1, maxKeys: 4 },
);

/** What a program leaves behind: its exit code, then the value of each key. */
interface Outcome {
  readonly exit: number;
  readonly values: Readonly<Record<string, string>>;
}

const shown = keys.map((each) => `cat /proc/sys/${each} | tr '\\t' ' '`).join("; ");

/** Values before, then the program with the folders in the place of the real ones, then its exit and the values. */
async function really(files: Readonly<Record<string, string>>, program: string): Promise<[Outcome, Outcome]> {
  return inFolder({ ...files, "run/keep": "", "none/keep": "" }, (folder) => {
    const covered = ["/usr/local/lib", "/lib/sysctl.d", "/usr/lib/sysctl.d"];
    const mounts = [
      ...covered.map((path) => `[ ! -d ${path} ] || mount --bind ${folder}/none ${path}`),
      ...directories.map((path) => {
        const target = path.startsWith("run") ? "/run" : `/${path}`;
        const source = path.startsWith("run") ? join(folder, "run") : join(folder, path);
        return `[ ! -d ${source} ] && mount --bind ${folder}/none ${target} || mount --bind ${source} ${target}`;
      }),
      "[ ! -e /etc/sysctl.conf ] || mount --bind /dev/null /etc/sysctl.conf",
    ].join("\n");
    const script = `${mounts}\n${shown}\n${program} > /dev/null 2>&1\necho "exit $?"\n${shown}`;
    const { stdout } = spawnSync(inNamespaces, [...(namespaces ?? []), "sh", "-c", script], {
      encoding: "utf8",
    });
    const [before = "", exit = "", after = ""] = stdout.split(/exit (\d+)\n/);
    const values = (text: string): Record<string, string> =>
      Object.fromEntries(
        text
          .trimEnd()
          .split("\n")
          .map((each, index) => [keys[index] ?? "?", each]),
      );
    return [
      { exit: 0, values: values(before) },
      { exit: Number(exit), values: values(after) },
    ];
  });
}

function predicted(
  files: Readonly<Record<string, string>>,
  program: "procps" | "systemd",
  before: Readonly<Record<string, string>>,
): Outcome {
  const tree = memoryTree(
    Object.fromEntries(Object.entries(files).map(([path, text]) => [`/${path}`, text])),
  );
  const read = new SysctlFiles(tree);
  const loaded =
    program === "procps"
      ? loadProcps(read.ofSystem(), versions.procps)
      : loadSystemdSysctl(read.atBoot(), versions.systemd);
  const existing = new Map(Object.entries(before).map(([name, text]) => [name, text.replaceAll(" ", "\t")]));
  const applied = applyWrites(new Writes(loaded).all(keys), keys, loaded, { version: kernel, existing });
  const after = keys.map((name): [string, string] => {
    const now = applied.keys.includes(name) ? applied.value(name) : undefined;
    const text =
      now === undefined ? (before[name] ?? "") : now.known ? now.value : `unknown: ${now.origin.why}`;
    return [name, text.replaceAll("\t", " ")];
  });
  return { exit: applied.failed ? 1 : 0, values: Object.fromEntries(after) };
}

describe.runIf(available)(
  `hostlint knows the values that are left by${available ? "" : " (needs procps, systemd and the right to make namespaces)"}`,
  () => {
    test.each([
      ["procps", "sysctl --system --pattern '^net'"],
      ["systemd", `${systemdSysctl} --prefix=/net`],
    ] as const)("%s", async (program, command) => {
      const disagreements: Disagreement[] = [];
      for (const files of fc.sample(trees, { seed, numRuns: 40 * effort })) {
        const [before, theirs] = await really(files, command);
        const ours = predicted(files, program, before.values);
        if (JSON.stringify(ours) !== JSON.stringify(theirs))
          disagreements.push({
            input: files,
            theirs: different(theirs, ours),
            ours: different(ours, theirs),
          });
      }
      expect(disagreements.length === 0 ? "" : told(disagreements)).toBe("");
    });
  },
);

function different(one: Outcome, other: Outcome): Record<string, unknown> {
  const values = Object.entries(one.values).filter(([name, text]) => other.values[name] !== text);
  return { exit: one.exit, ...Object.fromEntries(values) };
}
