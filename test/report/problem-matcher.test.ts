import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LintResult } from "../../src/lint/lint-result.ts";
import { compact } from "../../src/report/compact.ts";
import { hostileResult } from "./hostile-results.ts";
import { sharedUnit, threeFindings } from "./sample-results.ts";

interface Matcher {
  readonly owner: string;
  readonly severity?: string;
  readonly pattern: readonly [
    {
      readonly regexp: string;
      readonly file: number;
      readonly line: number;
      readonly column: number;
      readonly severity?: number;
      readonly message: number;
      readonly code: number;
    },
  ];
}

const { problemMatcher } = JSON.parse(readFileSync(".github/hostlint-problem-matcher.json", "utf8")) as {
  problemMatcher: readonly Matcher[];
};

/** As actions/runner does: the severity of the line, else that of the matcher. */
function annotations(output: string) {
  return output.split("\n").flatMap((line) =>
    problemMatcher.flatMap(({ severity, pattern: [pattern] }) => {
      const match = new RegExp(pattern.regexp).exec(line);
      if (match === null) return [];
      const group = (index: number | undefined): string | undefined =>
        index === undefined ? undefined : match[index];
      return [
        {
          file: group(pattern.file),
          place: `${group(pattern.line)}:${group(pattern.column)}`,
          severity: group(pattern.severity) ?? severity,
          message: group(pattern.message),
          code: group(pattern.code),
        },
      ];
    }),
  );
}

function expected(result: LintResult) {
  return result.diagnostics.map(({ at, severity, message, rule }) => {
    const { line, column } = at.file.position(at.start);
    return {
      file: at.file.path,
      place: `${line}:${column}`,
      severity: severity === "info" ? "notice" : severity,
      message,
      code: rule,
    };
  });
}

const expectedOutputs = ["fixtures/report", "fixtures/hosts"].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".compact.txt"))
    .map((name) => `${folder}/${name}`),
);

describe("the problem matcher", () => {
  it("is one that the runner loads", () => {
    for (const { owner, severity, pattern } of problemMatcher) {
      expect(owner).toMatch(/^hostlint/);
      expect([undefined, "error", "warning", "notice"]).toContain(severity);
      expect(pattern).toHaveLength(1);
    }
    expect(new Set(problemMatcher.map(({ owner }) => owner)).size).toBe(problemMatcher.length);
  });

  it.each([
    ["three findings", threeFindings],
    ["a unit of two hosts", sharedUnit],
  ])("reads every finding and nothing else: %s", (_, result) => {
    expect(annotations(compact(result))).toEqual(expected(result));
  });

  it.each(expectedOutputs)("reads every finding and nothing else: %s", (path) => {
    const output = readFileSync(path, "utf8");
    const findings = output.split("\n").filter((line) => /^\S.*: (error|warning|info): .*\]$/.test(line));
    const notes = findings.filter((line) => /:\d+:\d+: note: /.test(line));
    expect(annotations(output)).toHaveLength(findings.length - notes.length);
  });

  it.each([
    [
      "a.conf:1:2: warning: server: 10.0.0.1:80 [backup]: error: x [queue/a-b]",
      {
        file: "a.conf",
        severity: "warning",
        message: "server: 10.0.0.1:80 [backup]: error: x",
        code: "queue/a-b",
      },
    ],
    [
      "C:\\deploy\\nginx.conf:1:2: error: x [a/b]",
      { file: "C:\\deploy\\nginx.conf", severity: "error", message: "x", code: "a/b" },
    ],
    [
      "my deploy/a b.conf:1:2: info: x [a/b]",
      { file: "my deploy/a b.conf", severity: "notice", message: "x", code: "a/b" },
    ],
    [
      "\x1b[1ma.conf\x1b[22m:\x1b[2m1\x1b[22m:2: \x1b[31merror\x1b[39m: x \x1b[2m[\x1b[22ma/b]\x1b[0m",
      undefined,
    ],
    [
      "\x1b[4ma.conf\x1b[24m:1:2: \x1b[31merror\x1b[39m: \x1b[1mx\x1b[22m [\x1b[2ma/b\x1b[22m]",
      { file: "a.conf", severity: "error", message: "x", code: "a/b" },
    ],
  ])("%j", (line, found) => {
    const wanted = found === undefined ? [] : [{ ...found, place: "1:2" }];
    expect(annotations(line)).toEqual(wanted);
  });

  it.each([
    "a.conf:1:2: note: backlog is 511",
    "a.conf:1:2: note: says b.conf:3:4: error: forged [queue/forged]",
    "3 problems (1 error, 1 warning, 1 info), 2 rules not fully checked",
    "no problems",
    "a.conf:1:2: error: no rule",
    "",
  ])("does not read %j", (line) => {
    expect(annotations(line)).toEqual([]);
  });

  it("reads one annotation of one finding, whatever stands in the files", () => {
    fc.assert(
      fc.property(hostileResult, (result) => {
        const found = annotations(compact(result));
        expect(found.length).toBeLessThanOrEqual(1);
        for (const { code } of found) expect(code).toBe("queue/somaxconn-below-backlog");
      }),
    );
  });
});
