import { describe, expect, it } from "vitest";
import { readArguments } from "../../src/cli/arguments.ts";
import { usage } from "../../src/cli/usage.ts";

describe("usage", () => {
  it("fits a terminal", () => {
    for (const line of usage().split("\n")) expect(line.length).toBeLessThanOrEqual(112);
    expect(usage().split("\n").length).toBeLessThan(60);
  });

  it("names no flag that does not exist", () => {
    const flags = [...new Set(usage().match(/--[a-z][a-z-]+/g))];
    expect(flags.length).toBeGreaterThan(20);
    for (const flag of flags)
      try {
        readArguments([flag], []);
      } catch (error) {
        expect(String(error)).toMatch(/needs a value|needs --stdin-filename|belongs to init/);
      }
  });
});
