import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { formatNames, readArguments } from "../../src/cli/arguments.ts";
import { readConfiguration } from "../../src/cli/configuration-file.ts";
import { declaredFacts } from "../../src/cli/facts.ts";
import { factNames } from "../../src/model/value.ts";
import { SourceFile } from "../../src/text/source-file.ts";

const page = (name: string): string => readFileSync(`docs/${name}`, "utf8");

describe("docs/facts.md", () => {
  it("shows every fact with a value that is taken", () => {
    const rows = [...page("facts.md").matchAll(/^\| `--(\S+) (\S+)` \|/gm)];
    expect(rows.map(([, name]) => name)).toEqual([...factNames]);
    for (const [, name = "", text = ""] of rows) expect(() => declaredFacts({ [name]: text })).not.toThrow();
  });
});

describe("docs/configuration.md", () => {
  it("shows a file that is taken", () => {
    const [, text = ""] = /```yaml\n(.*?)```/s.exec(page("configuration.md")) ?? [];
    const ruleIds = [...text.matchAll(/^ {2}([a-z]+\/[a-z-]+): /gm)].map(([, id = ""]) => id);
    const configuration = readConfiguration(new SourceFile("hostlint.yaml", text), "/srv", ruleIds);
    expect(configuration.severities.size).toBe(2);
    expect(configuration.hosts.map(({ name }) => name)).toEqual(["shop", "edge"]);
    expect(configuration.ignore).toHaveLength(2);
  });
});

describe("docs/output.md", () => {
  it("shows a command that is taken", () => {
    const [, words = ""] = /^ {4}hostlint (--format json=.*)$/m.exec(page("output.md")) ?? [];
    expect(readArguments(words.split(" "), []).outputs).toHaveLength(2);
  });

  it("has a section for every format", () => {
    for (const name of formatNames) {
      expect(page("output.md")).toContain(`\n## ${name}\n`);
      expect(page("output.md")).toContain(`[${name}](#${name})`);
    }
  });

  it("shows lines of real reports", () => {
    const shown = [...page("output.md").matchAll(/^ {4}(.+)$/gm)].map(([, line = ""]) => line.trim());
    const reports = [
      "three-findings.stylish.txt",
      "three-findings.compact.txt",
      "three-findings.github.txt",
      "three-findings.checkstyle.xml",
      "model.txt",
    ]
      .map((name) => readFileSync(`fixtures/report/${name}`, "utf8"))
      .join("\n")
      .split("\n")
      .map((line) => line.trim());
    const made = /^(hostlint|echo|1 problem)/;
    expect(shown.filter((line) => !made.test(line) && !reports.includes(line))).toEqual([]);
  });
});
