import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { memoryTree } from "../../../src/files/memory-tree.ts";
import { Version } from "../../../src/model/facts.ts";
import { applyWrites } from "../../../src/programs/sysctl/apply-writes.ts";
import { type LoadedFiles, Writes } from "../../../src/programs/sysctl/loaded-files.ts";
import { loadProcps } from "../../../src/programs/sysctl/procps.ts";
import { SysctlFiles } from "../../../src/programs/sysctl/sysctl-files.ts";
import { loadSystemdSysctl } from "../../../src/programs/sysctl/systemd-sysctl.ts";
import { parseSysctl } from "../../../src/syntax/sysctl/parse-sysctl.ts";
import { SourceFile } from "../../../src/text/source-file.ts";

interface Case {
  readonly point: string;
  readonly files: Record<string, string | { readonly base64: string }>;
  readonly links?: Record<string, string>;
  readonly command?: string;
  readonly before: Record<string, string>;
  readonly expected: readonly {
    readonly programs: readonly string[];
    readonly exit: number;
    readonly changed: Record<string, string>;
  }[];
}

const cases = JSON.parse(readFileSync("fixtures/programs/sysctl/files.json", "utf8")) as Record<string, Case>;
/** All were recorded on one kernel. */
const kernel = new Version("6.1.176");

function run(each: Case, program: string): { exit: number; changed: Record<string, string> } {
  const contents = Object.entries(each.files).map(([path, content]): [string, string | Uint8Array] => [
    path,
    typeof content === "string" ? content : Buffer.from(content.base64, "base64"),
  ]);
  const files = new SysctlFiles(memoryTree(Object.fromEntries(contents), each.links));
  const [name = "", version = ""] = program.split(/-(.*)/);
  const loaded =
    name === "systemd"
      ? loadSystemdSysctl(files.atBoot(), new Version(version))
      : procps(files, each.command, version);
  const existing = new Map(Object.entries(each.before));
  const keys = [...existing.keys()];
  const applied = applyWrites(new Writes(loaded).all(keys), keys, loaded, {
    version: kernel,
    existing,
  });
  const changed: Record<string, string> = {};
  for (const key of applied.keys) {
    const before = existing.get(key);
    const value = applied.value(key);
    const after = value?.known === true ? value.value : "unknown";
    if (before !== undefined && before !== after) changed[key] = after;
  }
  return { exit: applied.failed ? (name === "procps" && version === "3.3.17" ? 255 : 1) : 0, changed };
}

/** `sysctl --system` unless the case gives another command: `-p [FILE...]`, or settings as words. */
function procps(files: SysctlFiles, command: string | undefined, version: string): LoadedFiles {
  if (command === undefined) return loadProcps(files.ofSystem(), new Version(version));
  const words = [...command.matchAll(/'([^']*)'|[^\s']+(?:'([^']*)')?/g)].map(([word, quoted, tail]) =>
    quoted !== undefined ? quoted : tail === undefined ? word : word.replace(/'/g, ""),
  );
  const names = words.slice(1).filter((word) => !word.startsWith("-"));
  if (words.includes("-p"))
    return loadProcps(files.named(names), new Version(version), !words.includes("-e"));
  const tree = parseSysctl(new SourceFile("command line", names.join("\n")));
  const loaded = loadProcps([{ path: "", kind: "file", tree }], new Version(version), true);
  // A word without `=` is a failure on the command line, but not in a file.
  return { ...loaded, failed: loaded.failed || tree.problems.length > 0 };
}

describe("recorded runs of sysctl and systemd-sysctl", () => {
  it("are all here", () => {
    expect(Object.keys(cases).length).toBe(89);
  });

  for (const [id, each] of Object.entries(cases))
    it(`${id}: ${each.point}`, () => {
      const wanted: Record<string, unknown> = {};
      const got: Record<string, unknown> = {};
      for (const { programs, exit, changed } of each.expected)
        for (const program of programs) {
          wanted[program] = { exit, changed };
          got[program] = run(each, program);
        }
      expect(got).toEqual(wanted);
    });
});
