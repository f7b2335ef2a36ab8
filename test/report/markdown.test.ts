import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markdown } from "../../src/report/markdown.ts";
import { hostileResult, hostileText } from "./hostile-results.ts";
import { healthy, threeFindings } from "./sample-results.ts";

const marks = fc.constantFrom(
  "|",
  "\\",
  "\\|",
  "`",
  "```",
  "<script>",
  "&lt;",
  "[a](http://evil)",
  "![a](http://evil)",
  "http://evil",
  "www.evil.com",
  "**b**",
  "~~s~~",
  "# h",
  "---",
  "1. one",
  "    code",
  "$x$",
);
const markdownText = fc.array(fc.oneof(hostileText, marks), { maxLength: 6 }).map((parts) => parts.join(""));

/** The text with a letter for each escaped character, which Markdown takes for itself no more. */
const bare = (text: string): string => text.replace(/\\[!-/:-@[-`{-~]/g, "x");

describe("markdown", () => {
  it("puts errors first", () => {
    const reversed = { ...threeFindings, diagnostics: [...threeFindings.diagnostics].reverse() };
    const rows = [...markdown(reversed).matchAll(/^\| (error|warning|info) /gm)].map(
      ([, severity]) => severity,
    );
    expect(rows).toEqual(["error", "warning", "info"]);
  });

  it("stays below the 1 MiB that GitHub takes, and says what is left out", () => {
    const [finding] = threeFindings.diagnostics;
    const diagnostics = Array.from({ length: 5000 }, () => finding).filter((each) => each !== undefined);
    const text = markdown({ ...threeFindings, diagnostics });
    expect(Buffer.byteLength(text)).toBeLessThan(2 ** 20);
    expect(text).toMatch(/^And \d+ more\.$/m);
    expect(text).toMatch(/^And \d+ without their evidence here\.$/m);
  });

  it("repeats no finding that the table says all about", () => {
    const diagnostics = threeFindings.diagnostics.map(({ why: _why, help: _help, ...rest }, index) => ({
      ...rest,
      ...(index === 1 ? {} : { evidence: [] }),
    }));
    expect(markdown({ ...healthy, diagnostics }).match(/^### .*$/gm)).toEqual([
      "### warning: nginx asks for an accept queue of 511 on \\*:80, the kernel gives 128",
    ]);
  });

  it("makes no block of code of a step that stands deep", () => {
    const [finding] = threeFindings.diagnostics;
    const evidence = [
      { message: "first", depth: 4 },
      { message: "second", depth: 4 },
      { message: "third", depth: 0 },
    ];
    const diagnostics = finding === undefined ? [] : [{ ...finding, evidence }];
    expect(markdown({ ...healthy, diagnostics })).toContain("\n- first\n  - second\n- third\n");
  });

  it("shows text as it stands, whatever the files hold", () => {
    fc.assert(
      fc.property(hostileResult, markdownText, (hostile, text) => {
        const result = {
          ...hostile,
          diagnostics: hostile.diagnostics.map((each) => ({
            ...each,
            message: text,
            why: text,
            help: text,
            evidence: each.evidence.map((step) => ({ ...step, message: text })),
          })),
          notChecked: [],
        };
        const lines = markdown(result).trimEnd().split("\n");
        const rows = lines.filter((line) => line.startsWith("|"));
        expect(rows).toHaveLength(3);
        for (const row of rows) expect(bare(row).match(/\|/g)).toHaveLength(5);
        const details = lines.slice(lines.indexOf(rows[2] ?? "") + 1).filter((line) => line !== "");
        const [title = "", place = "", why = "", ...rest] = details;
        expect(title).toMatch(/^### (error|warning|info): /);
        const help = rest.pop() ?? "";
        expect(help.startsWith("**Help:** ")).toBe(true);
        const texts = [
          bare(title).replace(/^### /, ""),
          place,
          why,
          help.replace("**Help:**", ""),
          ...rest.map((line) => line.replace(/^ *- /, "")),
          rows[2]?.replaceAll(" | ", "").replace(/^\||\|$/g, "") ?? "",
        ];
        for (const each of texts) {
          expect(bare(each)).not.toMatch(/[`*_[\]<>#|~&$\\]/);
          expect(bare(each)).not.toMatch(/https?:\/\/|www\.|^\s*(?:[-+=]|\d+[.)])/i);
        }
      }),
    );
  });
});
