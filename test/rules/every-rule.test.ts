import { describe, expect, it } from "vitest";
import { rules } from "../../src/index.ts";
import { exampleOptions } from "./example-options.ts";

describe.each([...rules])("%s", (id, { meta, docs, examples, options = {} }) => {
  it("is named after its fault", () => {
    expect(id).toMatch(/^[a-z]+\/[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it("says what, why and what to do, with sources", () => {
    for (const text of [docs.what, docs.why, docs.fix]) expect(text.length).toBeGreaterThan(15);
    expect(meta.title).toMatch(/^\S.*[^.]$/);
    expect(meta.sources.length).toBeGreaterThan(0);
    expect(meta.since).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it("has no field that nothing reads", () => {
    expect(["what", "why", "fix", "exceptions"]).toEqual(expect.arrayContaining(Object.keys(docs)));
    for (const example of examples)
      expect(["title", "files", "paths", "facts", "options", "findings"]).toEqual(
        expect.arrayContaining(Object.keys(example)),
      );
  });

  it("has titled examples, quiet ones so named", () => {
    for (const example of examples)
      expect(example.title.startsWith("Quiet: ")).toBe((example.findings ?? []).length === 0);
  });

  const declared = Object.entries(options);
  if (declared.length > 0)
    it.each(declared)("says what the option %s does, with a default that may be written", (name, option) => {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(name).not.toBe("severity");
      expect(option.what).toMatch(/^[A-Z].{20,}\.$/);
      const { options: read } = exampleOptions(id, { options: { [name]: option.default } });
      expect(read?.get(id)?.get(name)?.value).toEqual(option.default);
    });
});
