import { describe, expect, it } from "vitest";
import { json } from "../../src/report/json.ts";
import { SourceFile } from "../../src/text/source-file.ts";
import { span } from "../../src/text/span.ts";
import { golden } from "./golden.ts";
import { healthy, threeFindings } from "./sample-results.ts";

describe("json", () => {
  it.each([
    ["three-findings.json", threeFindings],
    ["healthy.json", healthy],
  ])("%s", (name, result) => {
    expect(json(result)).toBe(golden(name));
  });

  it("counts lines and columns from 1 and leaves out the end, over lines and CRLF", () => {
    const file = new SourceFile("a.conf", "ab\r\ncd\n");
    const at = span(file, 1, 6);
    const written = JSON.parse(
      json({ ...healthy, notChecked: [{ rules: ["a/b"], reason: "why", at, hosts: [] }] }),
    );
    expect(written.notChecked[0].range).toEqual({
      start: { line: 1, column: 2 },
      end: { line: 2, column: 3 },
    });
  });
});
