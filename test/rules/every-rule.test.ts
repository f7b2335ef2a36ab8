import { describe, expect, it } from "vitest";
import { rules } from "../../src/index.ts";

describe.each([...rules])("%s", (id, { meta, docs, examples }) => {
  it("is named after its fault", () => {
    expect(id).toMatch(/^[a-z]+\/[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it("says what, why and what to do, with sources", () => {
    for (const text of [docs.what, docs.why, docs.fix]) expect(text.length).toBeGreaterThan(15);
    expect(meta.title).toMatch(/^\S.*[^.]$/);
    expect(meta.sources.length).toBeGreaterThan(0);
    expect(meta.since).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it("has titled examples, quiet ones so named", () => {
    for (const example of examples)
      expect(example.title.startsWith("Quiet: ")).toBe((example.findings ?? []).length === 0);
  });
});
