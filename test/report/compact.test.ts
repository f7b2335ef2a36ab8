import { describe, expect, it } from "vitest";
import { compact } from "../../src/report/compact.ts";
import { golden } from "./golden.ts";
import { healthy, nothing, sharedUnit, threeFindings } from "./sample-results.ts";

describe("compact", () => {
  it.each([
    ["three-findings.compact.txt", threeFindings],
    ["shared-unit.compact.txt", sharedUnit],
    ["healthy.compact.txt", healthy],
    ["nothing.compact.txt", nothing],
  ])("%s", (name, result) => {
    expect(compact(result)).toBe(golden(name));
  });
});
