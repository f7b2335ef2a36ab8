import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Diagnostic, LintResult } from "../../src/lint/lint-result.ts";
import type { Severity } from "../../src/lint/rule.ts";
import { github } from "../../src/report/github.ts";
import { SourceFile } from "../../src/text/source-file.ts";
import { span } from "../../src/text/span.ts";
import { hostileResult } from "./hostile-results.ts";
import { healthy, threeFindings } from "./sample-results.ts";

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

const unescapeMessage = (text: string): string =>
  text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
const unescapeProperty = (text: string): string =>
  text
    .replaceAll("%0D", "\r")
    .replaceAll("%0A", "\n")
    .replaceAll("%3A", ":")
    .replaceAll("%2C", ",")
    .replaceAll("%25", "%");

/** As actions/runner reads a line of the log (ActionCommand.cs, TryParseV2). */
function readCommand(line: string): Command {
  const text = line.trimStart();
  const end = text.indexOf("::", 2);
  if (!text.startsWith("::") || end < 0) throw new Error(`no command: ${line}`);
  const [name = "", ...rest] = text.slice(2, end).split(" ");
  const pairs = rest
    .join(" ")
    .trim()
    .split(",")
    .map((pair) => {
      const equals = pair.indexOf("=");
      return [pair.slice(0, equals), unescapeProperty(pair.slice(equals + 1))] as const;
    });
  return {
    name,
    properties: Object.fromEntries(pairs),
    message: unescapeMessage(text.slice(end + 2)),
  };
}

function commands(result: LintResult): Command[] {
  const text = github(result);
  expect(text === "" || text.endsWith("\n")).toBe(true);
  return text.split("\n").slice(0, -1).map(readCommand);
}

const file = new SourceFile("a b,c:d%.conf", "one\ntwo\n");
const finding = (severity: Severity, number: number): Diagnostic => ({
  rule: "queue/somaxconn-below-backlog",
  severity,
  message: `finding ${number}`,
  at: span(file, 4, 7),
  evidence: [],
  docs: "docs/rules/queue/somaxconn-below-backlog.md",
  hosts: [],
});
const many = (counts: Readonly<Record<Severity, number>>): LintResult => ({
  ...healthy,
  diagnostics: (["info", "warning", "error"] as const).flatMap((severity) =>
    Array.from({ length: counts[severity] }, (_, number) => finding(severity, number)),
  ),
});

describe("github", () => {
  it("annotates the place of each finding", () => {
    const read = commands(threeFindings);
    expect(read.map(({ name }) => name)).toEqual(["error", "warning", "notice"]);
    expect(read[0]?.properties).toEqual({
      file: "deploy/nginx.conf",
      line: "5",
      endLine: "5",
      col: "3",
      endColumn: "27",
      title: "hostlint: descriptors/nofile-below-connections",
    });
    expect(read[0]?.message.split("\n")[0]).toBe(
      "a worker may hold 10240 connections, but may open only 1024 files.",
    );
  });

  it("escapes what would end a property", () => {
    const [only] = commands(many({ error: 1, warning: 0, info: 0 }));
    expect(only?.properties.file).toBe("a b,c:d%.conf");
  });

  it("leaves out columns where a finding goes over lines", () => {
    const result = { ...healthy, diagnostics: [{ ...finding("error", 0), at: span(file, 0, 7) }] };
    const [only] = commands(result);
    expect(only?.properties).toMatchObject({ line: "1", endLine: "2" });
    expect(only?.properties).not.toHaveProperty("col");
    expect(only?.properties).not.toHaveProperty("endColumn");
  });

  it("puts errors first", () => {
    expect(commands(many({ error: 1, warning: 2, info: 1 })).map(({ name }) => name)).toEqual([
      "error",
      "warning",
      "warning",
      "notice",
    ]);
  });

  it.each([
    [{ error: 10, warning: 10, info: 10 }, [10, 10, 10], undefined],
    [{ error: 11, warning: 3, info: 0 }, [10, 3, 1], "1 error left out"],
    [{ error: 12, warning: 30, info: 12 }, [10, 10, 10], "2 errors, 20 warnings, 3 info left out"],
    [{ error: 11, warning: 0, info: 10 }, [10, 0, 10], "1 error, 1 info left out"],
    [{ error: 0, warning: 0, info: 11 }, [0, 0, 10], "2 info left out"],
  ])("stays within what GitHub shows: %j", (counts, expected, last) => {
    const read = commands(many(counts));
    const names = read.map(({ name }) => name);
    expect(
      ["error", "warning", "notice"].map((name) => names.filter((each) => each === name).length),
    ).toEqual(expected);
    if (last === undefined) expect(read.at(-1)?.message).toMatch(/^finding/);
    else expect(read.at(-1)?.message.startsWith(last)).toBe(true);
  });

  it("cuts no line in half where the message is long", () => {
    const long = "x".repeat(400);
    const evidence = Array.from({ length: 40 }, () => ({ message: long, depth: 0 }));
    const [only] = commands({ ...healthy, diagnostics: [{ ...finding("error", 0), evidence }] });
    expect(only?.message.length).toBeLessThan(4096);
    expect(only?.message.endsWith("\n…")).toBe(true);
  });

  it("is one command for one finding, and the runner reads what was written", () => {
    fc.assert(
      fc.property(hostileResult, (result) => {
        const [only, ...others] = commands(result);
        expect(others).toEqual([]);
        const [diagnostic] = result.diagnostics;
        expect(only?.name).toBe(diagnostic?.severity === "info" ? "notice" : diagnostic?.severity);
        expect(Object.keys(only?.properties ?? {})).toEqual(
          expect.arrayContaining(["file", "line", "endLine", "title"]),
        );
        expect(only?.properties.title).toBe("hostlint: queue/somaxconn-below-backlog");
        for (const [, value] of Object.entries(only?.properties ?? {}))
          expect(value).not.toMatch(/[\p{Cc}\p{Cs}]/u);
        expect(only?.message.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cs}]/u);
        expect(only?.message.split("\n").length).toBeLessThanOrEqual(5);
      }),
    );
  });
});
