import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { memoryTree } from "../../../src/files/memory-tree.ts";
import { facts, Version } from "../../../src/model/facts.ts";
import { bytes, descriptors } from "../../../src/model/units.ts";
import { fact } from "../../../src/model/value.ts";
import { Complaints } from "../../../src/programs/systemd/complaint.ts";
import { fatalCheck } from "../../../src/programs/systemd/exec-start.ts";
import { loadUnits } from "../../../src/programs/systemd/load-units.ts";
import type { UnitReader } from "../../../src/programs/systemd/loaded-unit.ts";
import { unitDirectories } from "../../../src/programs/systemd/unit-directories.ts";
import { UnitIndex } from "../../../src/programs/systemd/unit-index.ts";
import { show } from "./systemctl-show.ts";

/** What systemd as PID 1 of booted machines said about small trees. */
interface RecordedCase {
  readonly id: string;
  readonly files: Readonly<Record<string, string | { readonly base64: string }>>;
  readonly links: Readonly<Record<string, string>>;
  readonly recorded: Readonly<Record<string, Recorded>>;
}

interface Recorded {
  readonly show: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  /** What a started service wrote, after its exit code. */
  readonly run: Readonly<Record<string, string>>;
  readonly log: readonly string[];
}

const read = (name: string): readonly RecordedCase[] =>
  JSON.parse(
    readFileSync(new URL(`../../../fixtures/programs/systemd/${name}.json`, import.meta.url), "utf8"),
  );
/** further-units: what `systemd --test --system` of systemd 252.39 (Debian 12) showed of each unit. */
const cases = [...read("recorded-units"), ...read("further-units")];

/** The machines: 2 GiB of memory, of which the kernel shows this much. */
const machines: Readonly<Record<string, { readonly nrOpen: number; readonly memory: number }>> = {
  "247": { nrOpen: 1048576, memory: 2 * 1002807296 },
  "252": { nrOpen: 1048576, memory: 2 * 999309312 },
  "257": { nrOpen: 1073741816, memory: 2 * 996474880 },
  "262": { nrOpen: 2147483584, memory: 2 * 988323840 },
};

/** Properties that files do not decide or the model has no use for, each with its reason. */
const leftOut: readonly { readonly property: RegExp; readonly value?: RegExp; readonly reason: string }[] = [
  {
    property: /^TasksMax$/,
    value: /^22\d\d$/,
    reason: "15 % of a maximum of the machine; unknown in the model",
  },
  {
    property: /^LimitNPROC(Soft)?$/,
    value: /^7\d\d\d$/,
    reason: "the kernel's default for the machine's memory",
  },
  { property: /^Restart$/, reason: "not in the model" },
  { property: /^(BindIPv6Only|MaxConnections|ReusePort)$/, reason: "not in the model" },
  {
    property: /^Failed to get properties/,
    reason: "systemctl refuses the bare template that the model lists",
  },
];

/** Outputs of started services, each with its reason. */
const leftOutRuns: Readonly<Record<string, string>> = {
  "envfile-missing-dash.service":
    "a file that is not in the tree may exist on the machine: its variables are unknown",
};

/** Journal lines that the model does not predict, each with its reason. */
const unpredicted: readonly { readonly line: RegExp; readonly reason: string }[] = [
  { line: /: Succeeded\.$/, reason: "written when a started service ends" },
  { line: /Unknown key/, reason: "needs the table of keys" },
  { line: /MemoryLimit=/, reason: "advice about an old key" },
];

for (const recordedCase of cases)
  for (const [version, recorded] of Object.entries(recordedCase.recorded))
    test(`${recordedCase.id} with systemd ${version}`, () => {
      const { loaded, reader, known, machine } = load(recordedCase, version, recorded);
      const expected: Record<string, unknown> = {};
      const found: Record<string, unknown> = {};
      for (const [name, properties] of Object.entries(recorded.show))
        for (const [property, value] of Object.entries(properties)) {
          if (isLeftOut(property, value)) continue;
          const unit = loaded.loaded.get(name);
          const asked = { loaded, reader, facts: known, version: Number(version), nrOpen: machine.nrOpen };
          expected[`${name} ${property}`] = withoutMachine(value);
          found[`${name} ${property}`] =
            unit === undefined ? "no such unit" : show({ ...asked, unit }, property);
        }
      for (const [name, output] of Object.entries(recorded.run)) {
        if (leftOutRuns[name] !== undefined) continue;
        expected[`run of ${name}`] = output;
        found[`run of ${name}`] = run(loaded.units.services.find((each) => each.name === name));
      }
      expect(found).toEqual(expected);
      const predictable = recorded.log.filter((line) => !unpredicted.some((each) => each.line.test(line)));
      expect(loaded.journal(Number(version)).sort()).toEqual([...predictable].sort());
    });

test("every recorded property is compared or left out for a reason", () => {
  const count = { compared: 0, left: 0 };
  for (const each of cases)
    for (const recorded of Object.values(each.recorded))
      for (const properties of Object.values(recorded.show))
        for (const [property, value] of Object.entries(properties))
          count[isLeftOut(property, value) ? "left" : "compared"] += 1;
  expect(count).toEqual({ compared: 3578, left: 56 });
});

function isLeftOut(property: string, value: string | readonly string[]): boolean {
  return leftOut.some(
    (each) => each.property.test(property) && (each.value === undefined || each.value.test(String(value))),
  );
}

/** %s and %v are the shell of root and the kernel of the machine. */
function withoutMachine(value: string | readonly string[]): string | readonly string[] {
  if (typeof value !== "string") return value;
  return value.replace(/ \/bin\/(?:ba)?sh % \S+-cloud-amd64 /, " (of the machine) % (of the machine) ");
}

function load(recordedCase: RecordedCase, version: string, recorded: Recorded) {
  const machine = machines[version] ?? { nrOpen: 0, memory: 0 };
  const files = Object.fromEntries(
    Object.entries(recordedCase.files).map(([path, content]) => [
      path,
      typeof content === "string" ? content : Uint8Array.from(Buffer.from(content.base64, "base64")),
    ]),
  );
  const started = Object.keys(recorded.show).filter((name) => /@.+\./.test(name));
  const wants = started.map((name) => [`/etc/systemd/system/multi-user.target.wants/${name}`, `../${name}`]);
  const tree = memoryTree(files, { ...recordedCase.links, ...Object.fromEntries(wants) });
  const known = facts({
    systemd: fact("systemd version", new Version(version), "recorded"),
    memory: fact("memory of the machine", bytes(machine.memory), "recorded"),
  });
  const loaded = loadUnits(tree, known, {
    nrOpen: fact("fs.nr_open", descriptors(machine.nrOpen), "recorded"),
  });
  const reader: UnitReader = {
    tree,
    index: new UnitIndex(tree, unitDirectories(tree)),
    complaints: new Complaints(),
    version: Number(version),
    isFatal: fatalCheck(Number(version), () => {}),
    files: new Map(),
  };
  return { loaded, reader, known, machine };
}

type Service = ReturnType<typeof loadUnits>["units"]["services"][number];

/** What the scripts of the cases write: variables, arguments or limits. */
function run(service: Service | undefined): string {
  const words =
    service?.commands[0]?.words.map((word) => (word.text.known ? word.text.value : "unknown")) ?? [];
  const script = words[2] ?? "";
  if (script.includes("prlimit")) {
    const { soft, hard } = service?.nofile ?? {};
    return `rc=0\n${soft?.known && soft.value} ${hard?.known && hard.value}`;
  }
  if (script.includes("printf"))
    return `rc=0\n${words
      .slice(4)
      .map((word) => `[${word}]`)
      .join("")}`;
  const lines = [..."ABCDEFGHIJKLM"].flatMap((name) => {
    const value = service?.environment.get(name);
    if (value?.known === false) return [`${name} is not known: ${value.origin.why}`];
    const text = value?.value;
    return text === undefined ? [] : [`${name}=${text.split("\n")[0]}`];
  });
  return `rc=0\n${lines.join("\n")}`;
}
