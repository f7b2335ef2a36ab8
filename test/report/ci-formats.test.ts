import { describe, expect, it } from "vitest";
import type { LintResult } from "../../src/lint/lint-result.ts";
import { checkstyle } from "../../src/report/checkstyle.ts";
import { github } from "../../src/report/github.ts";
import { gitlab } from "../../src/report/gitlab.ts";
import { jsonl } from "../../src/report/jsonl.ts";
import { junit } from "../../src/report/junit.ts";
import { markdown } from "../../src/report/markdown.ts";
import { rdjson } from "../../src/report/rdjson.ts";
import { sarif } from "../../src/report/sarif.ts";
import { golden } from "./golden.ts";
import { healthy, sharedUnit, threeFindings } from "./sample-results.ts";
import { sampleTool } from "./sample-tool.ts";

describe("formats for CI", () => {
  it.each<[string, LintResult, (result: LintResult) => string]>([
    ["three-findings.github.txt", threeFindings, github],
    ["three-findings.sarif", threeFindings, (result) => sarif(result, sampleTool)],
    ["three-findings.gitlab.json", threeFindings, gitlab],
    ["three-findings.checkstyle.xml", threeFindings, checkstyle],
    ["three-findings.junit.xml", threeFindings, junit],
    ["three-findings.rdjson", threeFindings, rdjson],
    ["three-findings.jsonl", threeFindings, jsonl],
    ["three-findings.md", threeFindings, markdown],
    ["shared-unit.github.txt", sharedUnit, github],
    ["shared-unit.gitlab.json", sharedUnit, gitlab],
    ["shared-unit.md", sharedUnit, markdown],
    ["healthy.junit.xml", healthy, junit],
  ])("%s", (name, result, format) => {
    expect(format(result)).toBe(golden(name));
  });

  it("are whole where there is nothing to report", () => {
    expect(github(healthy)).toBe("");
    expect(jsonl(healthy)).toBe("");
    expect(gitlab(healthy)).toBe("[]\n");
    expect(checkstyle(healthy)).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="4.3">\n</checkstyle>\n',
    );
    expect(markdown(healthy)).toBe("## hostlint: no problems\n");
    expect(JSON.parse(rdjson(healthy))).toEqual({ source: { name: "hostlint" }, diagnostics: [] });
    expect(JSON.parse(sarif(healthy, sampleTool)).runs[0].results).toEqual([]);
  });
});
