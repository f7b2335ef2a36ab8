import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkstyle } from "../../src/report/checkstyle.ts";
import { terminalColors, uncolored } from "../../src/report/colors.ts";
import { compact } from "../../src/report/compact.ts";
import { gitlab } from "../../src/report/gitlab.ts";
import { harmless, harmlessJson } from "../../src/report/harmless-text.ts";
import { json } from "../../src/report/json.ts";
import { jsonl } from "../../src/report/jsonl.ts";
import { junit } from "../../src/report/junit.ts";
import { markdown } from "../../src/report/markdown.ts";
import { rdjson } from "../../src/report/rdjson.ts";
import { sarif } from "../../src/report/sarif.ts";
import { stylish } from "../../src/report/stylish.ts";
import { hostileResult, hostileText } from "./hostile-results.ts";
import { sampleTool } from "./sample-tool.ts";

const painted = await terminalColors();

const harmful = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const command = /^\s*::[a-z][\w-]*(?: .*)?::|##(?:vso)?\[/im;
const colour = /\x1b\[(?:\d+)m/g;

describe("harmless", () => {
  it.each([
    ["worker_connections 10240", "worker_connections 10240"],
    ["a\nb\r\nc\td", "a\\nb\\r\\nc\\td"],
    ["\x1b[31mred\x07", "\\x1b[31mred\\x07"],
    ["\x9b2J\x7f", "\\x9b2J\\x7f"],
    ["admin\u202etxt", "admin\\u202etxt"],
    ["\ufeffserver", "\\ufeffserver"],
    ["half a pair \ud83d", "half a pair \\ud83d"],
    ["::error file=a::x", "\\x3a:error file=a::x"],
    ["see ::stop-commands::x", "see \\x3a:stop-commands::x"],
    ["[::]:80, ::1 and ::ffff:10.0.0.1", "[::]:80, ::1 and ::ffff:10.0.0.1"],
    ["##[error]x, ##vso[x]", "\\x23#[error]x, \\x23#vso[x]"],
    ["a pair 🐘, an umlaut ö, C:\\nginx", "a pair 🐘, an umlaut ö, C:\\nginx"],
  ])("%j", (text, expected) => {
    expect(harmless(text)).toBe(expected);
  });

  it("cuts what is too long, and no character in half", () => {
    expect(harmless("abcdef", 3)).toBe("abc…");
    expect(harmless("ab🐘", 3)).toBe("ab…");
  });

  it("leaves one harmless line of any text", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(harmless(text)).not.toMatch(harmful);
        expect(harmless(text, 20).length).toBeLessThanOrEqual(20 * 6 + 1);
      }),
    );
  });

  it("loses nothing in JSON", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const written = harmlessJson({ text });
        expect(written.replaceAll("\n", "")).not.toMatch(harmful);
        expect(JSON.parse(written)).toEqual({ text });
      }),
    );
  });
});

describe("every format", () => {
  it.each([
    ["stylish", (result) => stylish(result, { colors: uncolored })],
    ["stylish on 80 columns", (result) => stylish(result, { colors: uncolored, width: 80 })],
    ["stylish in full", (result) => stylish(result, { colors: uncolored, verbose: true })],
    ["stylish in colours", (result) => stylish(result, { colors: painted }).replace(colour, "")],
    ["compact", compact],
    ["json", json],
    ["jsonl", jsonl],
    ["sarif", (result) => sarif(result, sampleTool)],
    ["gitlab", gitlab],
    ["checkstyle", checkstyle],
    ["junit", junit],
    ["rdjson", rdjson],
    ["markdown", markdown],
  ] satisfies [string, typeof compact][])("%s prints nothing harmful", (_, format) => {
    fc.assert(
      fc.property(hostileResult, (result) => {
        const report = format(result);
        expect(report.endsWith("\n")).toBe(true);
        expect(report.replaceAll("\n", "")).not.toMatch(harmful);
        expect(report).not.toMatch(command);
      }),
    );
  });

  it("takes as many lines for hostile text as for any other", () => {
    fc.assert(
      fc.property(hostileResult, (result) => {
        expect(compact(result).split("\n")).toHaveLength(6);
      }),
    );
  });
});
