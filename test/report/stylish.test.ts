import { describe, expect, it } from "vitest";
import { terminalColors, uncolored } from "../../src/report/colors.ts";
import { stylish } from "../../src/report/stylish.ts";
import { golden } from "./golden.ts";
import { healthy, nothing, sharedUnit, threeFindings } from "./sample-results.ts";

const painted = await terminalColors();

describe("stylish", () => {
  it.each([
    ["three-findings.stylish.txt", stylish(threeFindings, { colors: uncolored })],
    ["three-findings.80-columns.txt", stylish(threeFindings, { colors: uncolored, width: 80 })],
    ["three-findings.verbose.txt", stylish(threeFindings, { colors: uncolored, verbose: true })],
    ["shared-unit.stylish.txt", stylish(sharedUnit, { colors: uncolored })],
    ["shared-unit.verbose.txt", stylish(sharedUnit, { colors: uncolored, verbose: true })],
    ["healthy.stylish.txt", stylish(healthy, { colors: uncolored })],
    ["nothing.stylish.txt", stylish(nothing, { colors: uncolored })],
  ])("%s", (name, report) => {
    expect(report).toBe(golden(name));
  });

  it("says the same in colours", () => {
    const colored = stylish(threeFindings, { colors: painted });
    expect(colored).not.toBe(golden("three-findings.stylish.txt"));
    expect(colored.replace(/\x1b\[\d+m/g, "")).toBe(golden("three-findings.stylish.txt"));
  });

  it("makes the numbers of a message stand out, not those inside of a name", () => {
    const [finding] = threeFindings.diagnostics;
    if (finding === undefined) throw new Error("no finding");
    const message = "10.0.0.1:8000 of http2 gets 128, not 511 or 1.5";
    const colored = stylish(
      { ...threeFindings, diagnostics: [{ ...finding, message }] },
      { colors: painted },
    );
    const bold = [...colored.matchAll(/\x1b\[1m([^\x1b]*)\x1b\[22m/g)].map((match) => match[1]);
    expect(bold.slice(0, 3)).toEqual(["128", "511", "1.5"]);
  });

  it("fits three findings on a screen", () => {
    expect(golden("three-findings.stylish.txt").split("\n").length).toBeLessThan(34);
    for (const line of golden("three-findings.80-columns.txt").split("\n"))
      if (!line.includes("://")) expect(line.length).toBeLessThanOrEqual(80);
  });
});
