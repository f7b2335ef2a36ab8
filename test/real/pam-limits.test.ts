import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryTree } from "../../src/files/memory-tree.ts";
import { facts, Version } from "../../src/model/facts.ts";
import { fact, type Value } from "../../src/model/value.ts";
import { resolvePamLimits } from "../../src/programs/pam-limits/resolve-pam-limits.ts";
import { type Disagreement, effort, inFolder, seed, starts, told, versionOf } from "./installed.ts";

/** unshare(1) of util-linux. */
const inNamespaces = "unshare";

/**
 * pamtester opens a session through pam_limits.so alone, in a mount namespace of its own, with the generated files in
 * the place of /etc/security. Needs Debian's libpam-modules and pamtester, and root: setrlimit(2) is for real.
 */
const version = versionOf(
  "dpkg-query",
  ["-W", "-f", "${Version}", "libpam-modules"],
  /^(\d+\.\d+(?:\.\d+)?)/,
);
const available =
  version !== "" &&
  process.getuid?.() === 0 &&
  spawnSync("which", ["pamtester"]).status === 0 &&
  starts(inNamespaces, "-m", "mount", "--bind", "/tmp", "/tmp");

const number = (path: string): number => Number(readFileSync(path, "utf8").trim());
const nofileOf = (process: string): readonly [number, number] => {
  const [, soft = "", hard = ""] =
    /Max open files\s+(\d+)\s+(\d+)/.exec(readFileSync(`/proc/${process}/limits`, "utf8")) ?? [];
  return [Number(soft), Number(hard)];
};

const domains = [
  "*",
  "root",
  "nobody",
  "@nogroup",
  "@root",
  "65534",
  "65534:",
  ":65534",
  "@65534",
  "0:10",
  "no_such",
  "%",
  "*:",
];
const types = ["soft", "hard", "-", "SOFT", "both"];
const values = [
  "64",
  "500",
  "1000",
  "1024",
  "4096",
  "20000",
  "64k",
  "65,536",
  "0x1000",
  "abc",
  "unlimited",
  "-1",
  "infinity",
  "+700",
  "010000",
  "9999999999",
  '"700"',
];
const entry = fc
  .tuple(
    fc.constantFrom(...domains),
    fc.constantFrom(...types.slice(0, 3), ...types),
    fc.constantFrom("nofile", "nofile", "nofile", "nofile", "NOFILE", "nproc", "files"),
    fc.constantFrom(...values),
    fc.constantFrom(" ", "\t", "   "),
    fc.constantFrom("", "", "", " # c", " extra", "#c"),
  )
  .map(([domain, type, item, value, blank, tail]) => [domain, type, item, value].join(blank) + tail);
const line = fc.oneof(
  { weight: 10, arbitrary: entry },
  {
    weight: 1,
    arbitrary: fc.constantFrom("# comment", "", "nobody", "nobody -", "nobody soft nofile", "\t# c"),
  },
);
const content = fc
  .tuple(fc.array(line, { maxLength: 5 }), fc.constantFrom("\n", "\n", "\r\n"))
  .map(([lines, end]) => lines.map((each) => each + end).join(""));
const trees = fc
  .tuple(
    content,
    fc.dictionary(fc.constantFrom("10-a.conf", "9.conf", "a.conf", "B.conf", "x.txt", ".h.conf"), content, {
      maxKeys: 2,
    }),
  )
  .map(([main, more]) => ({
    "limits.conf": main,
    ...Object.fromEntries(Object.entries(more).map(([name, text]) => [`limits.d/${name}`, text])),
  }));

type Files = Readonly<Record<string, string>>;

const callerSoft = 512;

/** Whether a hard limit can be raised: only then the kernel's own ceiling is fs.nr_open. */
const mayRaise =
  ((Number.parseInt(
    /CapEff:\s+(\w+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]?.slice(-8) ?? "0",
    16,
  ) >>
    24) &
    1) ===
  1;
const hardLimit = nofileOf("self")[1];
const ceiling = mayRaise ? number("/proc/sys/fs/nr_open") : hardLimit;

function really(files: Files, user: string): Promise<string> {
  return inFolder({ ...files, "limits.d/keep": "", "pam/keep": "" }, (folder) => {
    const shows = join(folder, "show");
    writeFileSync(shows, "#!/bin/sh\necho limits $(ulimit -Sn) $(ulimit -Hn)\n", { mode: 0o755 });
    writeFileSync(
      join(folder, "pam/hostlint"),
      `session required pam_limits.so\nsession required pam_exec.so quiet stdout ${shows}\n`,
    );
    const script = [
      `mount --bind ${join(folder, "pam")} /etc/pam.d`,
      `mount --bind ${folder} /etc/security`,
      `ulimit -Sn ${callerSoft}`,
      `exec pamtester hostlint ${user} open_session`,
    ].join("\n");
    const { stdout } = spawnSync(inNamespaces, ["-m", "sh", "-c", script], { encoding: "utf8" });
    return /limits (\d+ \d+)/.exec(stdout)?.[1] ?? "refused";
  });
}

const accounts = {
  root: { name: "root", uid: 0, gid: 0, groups: [{ name: "root", gid: 0 }] },
  nobody: { name: "nobody", uid: 65_534, gid: 65_534, groups: [{ name: "nogroup", gid: 65_534 }] },
};

function predicted(files: Files, user: keyof typeof accounts): string {
  const pair = ([soft, hard]: readonly [number, number]) => ({
    soft: fact("soft", soft, "this machine"),
    hard: fact("hard", hard, "this machine"),
  });
  const { limits } = resolvePamLimits(
    memoryTree(
      Object.fromEntries(Object.entries(files).map(([path, text]) => [`/etc/security/${path}`, text])),
    ),
    facts(),
    {
      variants: [{ debian: true, version: new Version(version) }],
      nrOpen: fact("fs.nr_open", ceiling, "this machine"),
      init: pair(nofileOf("1")),
      caller: pair([callerSoft, hardLimit]),
      moduleArguments: [],
      complete: true,
    },
  );
  const { soft, hard, refused } = limits.session(accounts[user], "nofile");
  if (refused.known && refused.value) return "refused";
  const text = (value: Value<number> | undefined, otherwise: number): string =>
    value === undefined
      ? String(otherwise)
      : value.known
        ? String(value.value)
        : `unknown: ${value.origin.why}`;
  return `${text(soft, callerSoft)} ${text(hard, hardLimit)}`;
}

describe.runIf(available)(
  `hostlint knows the limits that pam_limits ${version || "(not installed)"} sets for${available ? "" : " (needs pamtester and root)"}`,
  () => {
    test.each(["root", "nobody"] as const)("%s", async (user) => {
      const disagreements: Disagreement[] = [];
      // Without CAP_SYS_RESOURCE `unlimited` is not what a session gets.
      const judged = trees.filter(
        (files) => mayRaise || !/unlimited|infinity|-1|\s-\s*$/m.test(Object.values(files).join("\n")),
      );
      for (const files of fc.sample(judged, { seed, numRuns: 60 * effort })) {
        const theirs = await really(files, user);
        const ours = predicted(files, user);
        if (ours !== theirs) disagreements.push({ input: files, theirs, ours });
      }
      expect(disagreements.length === 0 ? "" : told(disagreements)).toBe("");
    });
  },
);
