import { describe, expect, it } from "vitest";
import type { Rule } from "../../src/lint/rule.ts";
import { runRules } from "../../src/lint/run-rules.ts";
import type { Host } from "../../src/model/host.ts";
import { unknown, written } from "../../src/model/value.ts";
import { SourceFile } from "../../src/text/source-file.ts";
import { span } from "../../src/text/span.ts";

const file = new SourceFile("nginx.conf", "worker_connections 512;\nworker_processes 1;\n");
const slots = written("worker_connections", 512, span(file, 19, 22));

const rule = (check?: Rule["check"]): Rule => ({
  meta: { severity: "warning", title: "t", since: "0.1.0", sources: ["s"] },
  docs: { what: "", why: "", fix: "" },
  examples: [],
  ...(check === undefined ? {} : { check }),
});

const host = (name: string, problems: Host["problems"] = []): Host => ({ name, problems }) as Host;

const finds = rule(function* () {
  yield { at: span(file, 19, 22), message: "512 is small", because: [slots] };
});

describe("runRules", () => {
  it("reports a finding of a shared file once, with the hosts on which it holds", () => {
    const { diagnostics } = runRules([host("a"), host("b")], [], new Map([["slots/small", finds]]));
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({
      rule: "slots/small",
      severity: "warning",
      message: "512 is small",
      hosts: ["a", "b"],
      evidence: [{ message: "worker_connections is 512", depth: 0 }],
    });
  });

  it("lets a fault of one rule hide no other", () => {
    const throws = rule(() => {
      throw new Error("a fault");
    });
    const { diagnostics, faults } = runRules(
      [host("a")],
      [],
      new Map([
        ["a/throws", throws],
        ["slots/small", finds],
      ]),
    );
    expect(diagnostics.map((each) => each.rule)).toEqual(["slots/small"]);
    expect(faults.map((each) => each.rule)).toEqual(["a/throws"]);
  });

  it("takes severities from the configuration, and runs no rule that is off", () => {
    const rules = new Map([["slots/small", finds]]);
    const severities = (severity: "error" | "off") => ({ severities: new Map([["slots/small", severity]]) });
    expect(runRules([host("a")], [], rules, severities("error")).diagnostics[0]?.severity).toBe("error");
    expect(runRules([host("a")], [], rules, severities("off")).diagnostics).toEqual([]);
  });

  it("turns problems of the parsers into diagnostics of their rule", () => {
    const problem = { rule: "nginx/syntax", message: "unexpected", at: span(file, 0, 1) };
    const rules = new Map([["nginx/syntax", rule()]]);
    const { diagnostics } = runRules([host("a", [problem])], [problem], rules);
    expect(diagnostics.map((each) => [each.rule, each.message, each.hosts])).toEqual([
      ["nginx/syntax", "unexpected", ["a"]],
    ]);
  });

  it("says that a problem without a rule is a fault of hostlint", () => {
    const { faults } = runRules([], [{ rule: "no/rule", message: "m", at: span(file, 0, 1) }], new Map());
    expect(faults.map((each) => each.rule)).toEqual(["no/rule"]);
  });

  it("lists each question without an answer once, with the rules that asked it", () => {
    const cpus = unknown<number>("CPUs", "CPUs are not declared", { fact: "cpus" });
    const asks = rule(function* (_, ask) {
      if (ask.below(cpus, slots)) yield { at: span(file, 0, 1), message: "never", because: [] };
    });
    const { notChecked, diagnostics } = runRules(
      [host("a")],
      [],
      new Map([
        ["cpu/one", asks],
        ["cpu/two", asks],
      ]),
    );
    expect(diagnostics).toEqual([]);
    expect(notChecked).toMatchObject([{ rules: ["cpu/one", "cpu/two"], fact: "cpus", hosts: ["a"] }]);
  });

  it("orders by file, place, severity and rule, whatever the order of the hosts", () => {
    const at = (start: number, severity: "error" | "info") =>
      rule(function* () {
        yield { at: span(file, start, start + 1), message: "m", because: [], severity };
      });
    const rules = new Map([
      ["z/late", at(5, "error")],
      ["b/info", at(1, "info")],
      ["c/error", at(1, "error")],
    ]);
    expect(runRules([host("a")], [], rules).diagnostics.map((each) => each.rule)).toEqual([
      "c/error",
      "b/info",
      "z/late",
    ]);
  });
});
