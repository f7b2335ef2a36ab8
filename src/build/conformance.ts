/**
 * npm run conformance: how many recorded answers of the real programs hostlint gives too, from the fixtures in this
 * repository: a Markdown table, then each miss by name with its reason. The answers of nginx are compared here, those
 * of the other programs by the tests that replay them.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machineOnly } from "../../test/programs/gunicorn/machine-only-cases.ts";
import {
  predicted,
  predictedWarnings,
  recordedCases,
  recordedWarnings,
  refusals,
} from "../../test/programs/nginx/recorded-cases.ts";
import { undecided, undecidedWarnings } from "../../test/programs/nginx/undecided-cases.ts";

/** One line of the table. */
interface Agreement {
  readonly program: string;
  readonly versions: string;
  readonly what: string;
  readonly cases: number;
  readonly agree: number;
  /** Each miss with its reason. */
  readonly misses: readonly string[];
}

/** The tests that replay recordings. */
const replays = [
  {
    file: "test/syntax/nginx/recorded-lexer.test.ts",
    program: "nginx",
    versions: "1.22.1",
    what: "tokens",
  },
  {
    file: "test/programs/sysctl/recorded.test.ts",
    program: "sysctl",
    versions: "procps 3.3.17 to 4.0.7, systemd 247 to 262",
    what: "values after a run",
  },
  {
    file: "test/programs/pam-limits/recorded.test.ts",
    program: "pam_limits",
    versions: "Debian 1.4 to 1.7, upstream 1.3.1 to 1.7.2",
    what: "limits of a session, or its refusal",
  },
  {
    file: "test/programs/systemd/recorded-units.test.ts",
    program: "systemd",
    versions: "247, 252, 257, 262",
    what: "properties of units and the journal",
  },
  {
    file: "test/programs/gunicorn/recorded.test.ts",
    program: "gunicorn",
    versions: "20.1 to 26.1",
    what: "settings, addresses, exit and message",
  },
];

function nginxAgreement(): Agreement[] {
  const misses: string[] = [];
  let machine = 0;
  let cases = 0;
  let verdicts = 0;
  let messages = 0;
  const versions = new Set<string>();
  for (const name of readdirSync("fixtures/programs/nginx")) {
    if (!name.endsWith(".json") || name === "directives.json") continue;
    const topic = name.replace(/\.json$/, "");
    for (const [each, recorded] of recordedCases(topic)) {
      if (reasonOf(topic, each).startsWith("needs the machine")) {
        machine += refusals(recorded).length;
        continue;
      }
      let missed = false;
      for (const [version, refusal] of refusals(recorded)) {
        const ours = predicted(recorded, version);
        versions.add(version.replace(/-.*$/, ""));
        cases += 1;
        if ((ours === undefined) === (refusal === undefined)) verdicts += 1;
        if (ours === refusal) messages += 1;
        else missed = true;
      }
      if (missed) misses.push(`${topic}/${each}: ${reasonOf(topic, each)}`);
    }
  }
  if (machine > 0)
    misses.push(
      `${machine} more answers are not counted, as names, accounts, certificates or modules of a machine decide them`,
    );
  const common = { program: "nginx", versions: [...versions].sort().join(", "), cases };
  return [
    { ...common, what: "accepted or refused", agree: verdicts, misses: [] },
    { ...common, what: "first message with file and line", agree: messages, misses },
  ];
}

/** The `[warn]` lines of each case that has some, or for which some are predicted. */
function nginxWarnings(): Agreement {
  const misses: string[] = [];
  const versions = new Set<string>();
  let machine = 0;
  let cases = 0;
  let agree = 0;
  for (const name of readdirSync("fixtures/programs/nginx")) {
    if (!name.endsWith(".json") || name === "directives.json") continue;
    const topic = name.replace(/\.json$/, "");
    for (const [each, recorded] of recordedCases(topic)) {
      const reason = reasonOf(topic, each, undecidedWarnings);
      let missed = false;
      for (const [version, theirs] of recordedWarnings(recorded)) {
        const ours = predictedWarnings(recorded, version);
        if (theirs.length === 0 && ours.length === 0) continue;
        if (reason.startsWith("needs the machine")) {
          machine += 1;
          continue;
        }
        versions.add(version.replace(/-.*$/, ""));
        cases += 1;
        if (theirs.join("\n") === ours.join("\n")) agree += 1;
        else missed = true;
      }
      if (missed) misses.push(`${topic}/${each}: ${reason}`);
    }
  }
  if (machine > 0)
    misses.push(
      `${machine} more answers are not counted, as the account or the limits of a machine decide them`,
    );
  return {
    program: "nginx",
    versions: [...versions].sort().join(", "),
    what: "warnings printed, with file and line",
    cases,
    agree,
    misses,
  };
}

function reasonOf(topic: string, name: string, list = undecided): string {
  return (
    Object.entries(list).find(([, topics]) => topics[topic]?.includes(name) === true)?.[0] ?? "not explained"
  );
}

interface TestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

function replayed(): Agreement[] {
  const folder = mkdtempSync(join(tmpdir(), "hostlint-conformance-"));
  try {
    const output = join(folder, "report.json");
    const files = replays.map(({ file }) => file);
    spawnSync("npx", ["vitest", "run", ...files, "--reporter=json", `--outputFile=${output}`], {
      stdio: "ignore",
    });
    const report = JSON.parse(readFileSync(output, "utf8")) as TestReport;
    return replays.map(({ file, ...line }) => {
      const tests = report.testResults.find(({ name }) => name.endsWith(file))?.assertionResults ?? [];
      const failed = tests
        .filter(({ status }) => status !== "passed")
        .map(({ fullName }) => `${fullName}: differs`);
      const open = line.program === "gunicorn" ? gunicornMisses(tests) : [];
      return {
        ...line,
        cases: tests.length,
        agree: tests.length - failed.length - open.length,
        misses: [...failed, ...open],
      };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Cases of which the test compares only a part. */
function gunicornMisses(tests: TestReport["testResults"][number]["assertionResults"]): string[] {
  return tests.flatMap(({ fullName }) => {
    const [, name] = Object.entries(machineOnly).find(([each]) => fullName.endsWith(` ${each}`)) ?? [];
    return name === undefined ? [] : [`${fullName}: ${name.why}`];
  });
}

const lines = [...nginxAgreement(), nginxWarnings(), ...replayed()];
console.log("| program | versions | compared | cases | agree | |\n| --- | --- | --- | ---: | ---: | ---: |");
for (const { program, versions, what, cases, agree } of lines) {
  const share = cases === 0 ? "-" : `${(Math.floor((agree / cases) * 10_000) / 100).toFixed(2)} %`;
  console.log(`| ${program} | ${versions} | ${what} | ${cases} | ${agree} | ${share} |`);
}
for (const { program, what, misses } of lines) {
  if (misses.length === 0) continue;
  console.log(`\n${program}, ${what}: ${misses.length} misses`);
  for (const miss of misses) console.log(`  ${miss}`);
}
