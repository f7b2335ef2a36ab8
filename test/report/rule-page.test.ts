import { describe, expect, it } from "vitest";
import { defineRule } from "../../src/lint/rule.ts";
import { uncolored } from "../../src/report/colors.ts";
import { optionForm, optionText } from "../../src/report/rule-options.ts";
import { rulePage } from "../../src/report/rule-page.ts";
import { ruleText } from "../../src/report/rule-text.ts";

const rule = defineRule({
  meta: { severity: "warning", title: "Too many", since: "0.1.0", sources: ["a man page"] },
  docs: () => ({ what: "What.", why: "Why.", fix: "Fix." }),
  options: {
    "per-cpu": { kind: "number", default: 2, least: 0.5, unit: "workers", what: "Workers for a CPU." },
    known: { kind: "globs", default: [], unit: "paths", what: "Paths that are known." },
  },
  examples: () => [
    { title: "One", files: { "a.conf": "«a»\n" }, options: { "per-cpu": 1.5 }, findings: ["too many"] },
    { title: "Quiet: two", files: { "a.conf": "b\n" }, options: { known: ["/srv/*", "b"], "per-cpu": 3 } },
    { title: "Quiet: three", files: { "a.conf": "c\n" } },
  ],
});

const section = (text: string, from: string, to: string): string =>
  text.slice(text.indexOf(from), text.indexOf(to));

describe("the options of a rule", () => {
  it("stand on its page, with values of its examples", () => {
    expect(section(rulePage("cpu/many", rule), "## Options", "## Examples")).toBe(`## Options

Set in [hostlint.yaml](../../configuration.md), beside a \`severity\` where one is wanted:

\`\`\`yaml
rules:
  cpu/many:
    per-cpu: 1.5
    known: ["/srv/*", b]
\`\`\`

- \`per-cpu\`: a number of workers, from 0.5; \`2\` by default. Workers for a CPU.
- \`known\`: a list of globs of paths; \`[]\` by default. Paths that are known.

`);
  });

  it("stand in the examples that set them", () => {
    const page = rulePage("cpu/many", rule);
    expect(section(page, "### Quiet: two", "### Quiet: three")).toContain(
      '`hostlint.yaml`\n\n```yaml\nrules:\n  cpu/many:\n    known: ["/srv/*", b]\n    per-cpu: 3\n```\n',
    );
    expect(section(page, "### Quiet: three", "## Sources")).not.toContain("hostlint.yaml");
  });

  it("stand in its explanation", () => {
    const text = ruleText("cpu/many", rule, { colors: uncolored, verbose: false });
    expect(section(text, "\nOptions\n", "\nOne\n")).toBe(`
Options
  per-cpu: a number of workers, from 0.5; 2 by default
    Workers for a CPU.
  known: a list of globs of paths; [] by default
    Paths that are known.
  hostlint.yaml:
    rules:
      cpu/many:
        per-cpu: 1.5
        known: ["/srv/*", b]
`);
  });

  it("are left out where a rule has none", () => {
    const { options: _, ...without } = rule;
    expect(rulePage("cpu/many", without)).not.toContain("## Options");
  });

  it("have a form and a text for each kind", () => {
    expect(optionForm({ kind: "integer", default: 1, least: 0, unit: "threads", what: "" })).toBe(
      "a whole number of threads, from 0",
    );
    expect(optionForm({ kind: "boolean", default: false, what: "" })).toBe("true or false");
    expect(optionForm({ kind: "texts", default: [], unit: "words", what: "" })).toBe("a list of words");
    expect([true, 2.5, ["a", "1.5", "", "x y", "*"]].map(optionText)).toEqual([
      "true",
      "2.5",
      '[a, "1.5", "", "x y", "*"]',
    ]);
  });
});
