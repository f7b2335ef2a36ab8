import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryTree } from "../../src/files/memory-tree.ts";
import { facts, Version } from "../../src/model/facts.ts";
import { bytes, descriptors } from "../../src/model/units.ts";
import { fact } from "../../src/model/value.ts";
import { loadUnits } from "../../src/programs/systemd/load-units.ts";
import type { Span } from "../../src/text/span.ts";
import { type Disagreement, effort, inFolder, seed, starts, told, versionOf } from "./installed.ts";
import { run } from "./nginx-program.ts";

/** systemd-analyze loads a unit as PID 1 does, and says what PID 1 would write to the journal. */
const version = versionOf("systemd-analyze", ["--version"], /systemd (\d+)/);
const available = starts("systemd-analyze", "--version") && new Version(version).atLeast("252");

/**
 * Keys that some rule asks about. Others are not read, so that a wrong value of theirs is not told of; what keeps the
 * whole unit from loading is left out too, as systemd then stops at that line and hostlint tells the rest as well.
 * An EnvironmentFile= that a later empty one takes back is not told of, as no service is started with it.
 */
const settings: Readonly<Record<string, readonly string[]>> = {
  LimitNOFILE: [
    "65535",
    "1024:65535",
    "64K",
    "infinity",
    "",
    "unlimited",
    "4096:1024",
    "0x100",
    "-1",
    "1:2:3",
    "65_536",
    "1024 # c",
    "+5",
  ],
  TasksMax: ["100", "0", "50%", "infinity", "1K", ""],
  CPUQuota: ["150%", "1.5", "0%", "", "12.5%", "50 %", "-5%"],
  MemoryMax: ["512M", "512MB", "1g", "50%", "infinity", "0", "1.5G", ""],
  MemoryHigh: ["1G", "x"],
  Restart: ["always", "on-failure", "yes", "always ; c"],
  Type: ["simple", "forking", "notify", "Simple", "oneshot"],
  User: ["daemon", "daemon # c", "", "1000", "a b", "-x"],
  Environment: ["A=b", "A=b c", '"A=b c" D=e', "1A=b", "A", "A='x", ""],
  EnvironmentFile: ["/etc/x", "-/etc/x", "etc/x"],
  WorkingDirectory: ["/srv", "~", "-/srv", ""],
  TimeoutStopSec: ["5", "5s", "1min 30s", "x", "infinity", ""],
  PrivateTmp: ["yes", "true", "maybe", "1"],
  CPUAffinity: ["0", "0-1", "x", "0,1"],
  AllowedCPUs: ["0", "0-1", "x"],
  KillMode: ["mixed", "process", "soft"],
  Slice: ["app.slice", "app", "a.service"],
  Foo: ["1"],
  limitnofile: ["5"],
  "X-Foo": ["1"],
  Backlog: ["5"],
};

const assignment = fc
  .constantFrom(...Object.entries(settings))
  .chain(([key, values]) => fc.constantFrom(...values).map((value) => ({ key, value })))
  .chain(({ key, value }) =>
    fc.constantFrom(`${key}=${value}`, `${key} = ${value}`, `${key}=${value}  `, `  ${key}=${value}`),
  );
const line = fc.oneof(
  { weight: 12, arbitrary: assignment },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "# c",
      "; c",
      "",
      "no equals",
      "[Service]",
      "[service]",
      "[ Service ]",
      "[X-Own]",
      "[Unit]",
      "After=x.service",
      "= 5",
      "Environment=A=b \\",
      "\\",
    ),
  },
);
const texts = fc.array(line, { maxLength: 7 });
const end = fc.constantFrom("\n", "\n", "\r\n");
const trees = fc
  .tuple(texts, texts, fc.boolean(), end, fc.boolean())
  .map(([unit, dropIn, header, newline, both]) => ({
    "t.service": ["[Service]", "ExecStart=/bin/true", ...unit, ""].join(newline),
    ...(both
      ? { "t.service.d/a.conf": [...(header ? ["[Service]"] : []), ...dropIn, ""].join(newline) }
      : {}),
  }));

type Files = Readonly<Record<string, string>>;

async function really(files: Files): Promise<string[]> {
  return inFolder(files, async (folder) => {
    const { stderr } = await run("env", [
      `SYSTEMD_UNIT_PATH=${folder}:`,
      "systemd-analyze",
      "verify",
      "--man=no",
      "--recursive-errors=no",
      join(folder, "t.service"),
    ]);
    return stderr
      .split("\n")
      .filter((each) => each.startsWith(`${folder}/`) && /:\d+: /.test(each))
      .map((each) => each.slice(folder.length + 1))
      .sort();
  });
}

function predicted(files: Files): string[] {
  const root = "/etc/systemd/system/";
  const tree = memoryTree(
    Object.fromEntries(Object.entries(files).map(([path, text]) => [root + path, text])),
  );
  const loaded = loadUnits(
    tree,
    facts({
      systemd: fact("systemd version", new Version(version), "this machine"),
      memory: fact("memory of the machine", bytes(2 ** 34), "this machine"),
    }),
    { nrOpen: fact("fs.nr_open", descriptors(1_048_576), "this machine") },
  );
  const journal = loaded
    .journal(Number(version))
    .filter((each) => each.startsWith(root) && /:\d+: /.test(each));
  const unknown = loaded.units.unknownKeys.map(
    ({ key, section, at }) =>
      `/${at.file.path}:${lastLineOf(at)}: Unknown key '${key}' in section [${section}], ignoring.`,
  );
  return [...journal, ...unknown].map((each) => each.slice(root.length)).sort();
}

/** systemd names the last line of what backslashes join. */
function lastLineOf({ file, start }: Span): number {
  const first = file.position(start).line;
  const lines = file.text.split("\n").slice(first - 1);
  const joined = lines.findIndex((line) => !line.replace(/\r$/, "").endsWith("\\"));
  return first + Math.max(0, joined);
}

describe.runIf(available)(`hostlint knows what systemd ${version || "(not installed)"} complains of`, () => {
  test("in generated services with drop-ins", async () => {
    const waiting = fc.sample(trees, { seed, numRuns: 150 * effort });
    const disagreements: Disagreement[] = [];
    const work = async (): Promise<void> => {
      for (let files = waiting.pop(); files !== undefined; files = waiting.pop()) {
        const [theirs, ours] = [await really(files), predicted(files)];
        if (JSON.stringify(theirs) !== JSON.stringify(ours))
          disagreements.push({
            input: files,
            theirs: theirs.filter((each) => !ours.includes(each)),
            ours: ours.filter((each) => !theirs.includes(each)),
          });
      }
    };
    await Promise.all([work(), work()]);
    expect(disagreements.length === 0 ? "" : told(disagreements)).toBe("");
  });
});
