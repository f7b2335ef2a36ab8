import { describe, expect, it } from "vitest";
import { evidenceOf } from "../../src/lint/evidence.ts";
import { defineRule } from "../../src/lint/rule.ts";
import { type DeclaredOption, optionValues } from "../../src/lint/rule-options.ts";
import { runRules } from "../../src/lint/run-rules.ts";
import type { Host } from "../../src/model/host.ts";
import { byDefault, derive } from "../../src/model/value.ts";
import { isListed } from "../../src/text/globs.ts";
import { SourceFile } from "../../src/text/source-file.ts";
import { span } from "../../src/text/span.ts";

const near = new SourceFile("hostlint.yaml", "per-cpu: 4\nknown: [a]\n");
const far = new SourceFile("base.yaml", "per-cpu: 3\n");
const perCpu: DeclaredOption = {
  value: 4,
  at: span(near, 0, 10),
  over: { value: 3, at: span(far, 0, 10) },
};

const options = {
  "per-cpu": { kind: "number", default: 2, least: 0.5, unit: "workers", what: "Workers." },
  strict: { kind: "boolean", default: false, what: "Strict." },
  known: { kind: "globs", default: [], unit: "paths", what: "Paths." },
} as const;

const cpus = byDefault("CPUs", 2, { program: "Linux", versions: "all", source: "s" });

describe("optionValues", () => {
  it("holds the default where nothing is set, and names who decides", () => {
    const values = optionValues(options, new Map());
    expect(values["per-cpu"]).toMatchObject({
      known: true,
      label: "per-cpu",
      value: 2,
      origin: { kind: "default", program: "hostlint" },
    });
    expect([values.strict.value, values.known.value]).toEqual([false, []]);
  });

  it("holds what is set, with its place and what it wins over", () => {
    const set = optionValues(options, new Map([["per-cpu", perCpu]]))["per-cpu"];
    expect(set).toMatchObject({ value: 4, origin: { kind: "written", at: { file: near } } });
    expect(evidenceOf(set)).toEqual([
      { message: "per-cpu is 4", at: perCpu.at, depth: 0 },
      { message: "overrides 3", at: perCpu.over?.at, depth: 1 },
    ]);
  });

  it("shows an option in the evidence only where somebody set it", () => {
    const most = (declared: ReadonlyMap<string, DeclaredOption>) =>
      evidenceOf(
        derive("most", "n x CPUs", [cpus, optionValues(options, declared)["per-cpu"]], (a, b) => a * b),
      ).map(({ message }) => message);
    expect(most(new Map())).toEqual(["most is 4: n x CPUs", "CPUs are 2 by default (Linux, all versions)"]);
    expect(most(new Map([["per-cpu", perCpu]]))).toEqual([
      "most is 8: n x CPUs",
      "CPUs are 2 by default (Linux, all versions)",
      "per-cpu is 4",
      "overrides 3",
    ]);
  });
});

const documented = {
  meta: { severity: "warning", title: "t", since: "0.1.0", sources: ["s"] },
  docs: () => ({ what: "", why: "", fix: "" }),
  examples: () => [],
} as const;
const host = {
  name: "a",
  problems: [{ rule: "a/problems", message: "m", at: span(near, 11, 16) }],
} as Partial<Host>;

describe("a rule with options", () => {
  const checking = defineRule({
    ...documented,
    options,
    *check(_, __, { "per-cpu": each, strict }) {
      yield { at: span(near, 0, 1), message: `${each.value} ${strict.value}`, because: [each] };
    },
  });
  const problems = defineRule({
    ...documented,
    options,
    isExpected: ({ at }, { known }) => isListed(known.value, at.file.text.slice(at.start, at.end)),
  });
  const run = (declared: Parameters<typeof runRules>[3]) =>
    runRules(
      [host as Host],
      [],
      new Map([
        ["a/checking", checking],
        ["a/problems", problems],
      ]),
      declared,
    ).diagnostics.map(({ rule, message }) => `${rule} ${message}`);

  it("is given what is set of it, and nothing that is set of others", () => {
    expect(run({})).toEqual(["a/checking 2 false", "a/problems m"]);
    const all = new Map([
      ["per-cpu", perCpu],
      ["known", { value: ["kn*"], at: perCpu.at }],
    ]);
    expect(run({ options: new Map([["a/checking", all]]) })).toEqual(["a/checking 4 false", "a/problems m"]);
    expect(run({ options: new Map([["a/problems", all]]) })).toEqual(["a/checking 2 false"]);
  });
});
