import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { rules } from "../../rules/index.ts";
import { formatNames, readArguments } from "../../src/cli/arguments.ts";
import { readConfiguration } from "../../src/cli/configuration-file.ts";
import { topKeys } from "../../src/cli/configuration-schema.ts";
import { declaredFacts } from "../../src/cli/facts.ts";
import { UsageError } from "../../src/cli/usage-error.ts";
import { factNames } from "../../src/model/value.ts";
import { optionsYaml, optionText } from "../../src/report/rule-options.ts";
import { SourceFile } from "../../src/text/source-file.ts";
import { schemaFaults } from "./schema-faults.ts";

const page = (name: string): string => readFileSync(`docs/${name}`, "utf8");

describe("docs/facts.md", () => {
  it("shows every fact with a value that is taken", () => {
    const rows = [...page("facts.md").matchAll(/^\| `--(\S+) (\S+)` \|/gm)];
    expect(rows.map(([, name]) => name)).toEqual([...factNames]);
    for (const [, name = "", text = ""] of rows) expect(() => declaredFacts({ [name]: text })).not.toThrow();
  });
});

describe("docs/configuration.md", () => {
  const shown = [...page("configuration.md").matchAll(/```yaml\n(.*?)```/gs)].map(([, text = ""]) => text);
  const read = (text: string) => readConfiguration(new SourceFile("hostlint.yaml", text), "/srv", rules);

  it("shows files that are taken", () => {
    expect(shown).toHaveLength(4);
    const [whole = "", options = "", building = "", editor = ""] = shown;
    const configuration = read(whole);
    expect(configuration.severities.size).toBe(2);
    expect(configuration.hosts.map(({ name }) => name)).toEqual(["shop", "edge"]);
    expect(configuration.overrides).toHaveLength(1);
    expect(configuration.ignore.globs).toHaveLength(2);
    expect([...read(options).options].map(([id, set]) => [id, set.size])).toEqual([
      ["cpu/gunicorn-workers-above-cores", 1],
      ["nginx/include-missing", 1],
    ]);
    expect(read(building).extends.map(({ path }) => path)).toEqual(["/hostlint.yaml"]);
    expect(read(editor).facts.cpus?.text).toBe("4");
  });

  it("explains every key", () => {
    for (const key of topKeys) expect(page("configuration.md")).toContain(`\n- **${key}**: `);
  });

  it("lists every option", () => {
    const rows = [...rules].flatMap(([id, { options = {} }]) =>
      Object.entries(options).map(
        ([name, option]) =>
          `| [${id}](rules/${id}.md) | \`${name}\`: ${option.what} | \`${optionText(option.default)}\` |`,
      ),
    );
    expect(page("configuration.md").match(/^\| \[.*$/gm)).toEqual(rows);
  });

  it("names the schema by the place at which the package has it", () => {
    const [, path = ""] =
      /^# yaml-language-server: \$schema=node_modules\/hostlint\/(.*)$/m.exec(shown.join("")) ?? [];
    expect(existsSync(path)).toBe(true);
    const { files } = JSON.parse(readFileSync("package.json", "utf8")) as { files: string[] };
    expect(files).toContain(path.split("/")[0]);
  });

  const fixtures = readdirSync("fixtures/hosts")
    .map((name) => `fixtures/hosts/${name}/hostlint.yaml`)
    .filter((path) => existsSync(path));

  it.each<readonly [string, string]>([
    ...shown.map((text, index) => [`example ${index + 1}`, text] as const),
    ...fixtures.map((path) => [path, readFileSync(path, "utf8")] as const),
    ...[...rules].flatMap(([id, { examples }]) =>
      examples.flatMap(({ title, options }) =>
        options === undefined ? [] : [[`${id}, ${title}`, optionsYaml(id, options)] as const],
      ),
    ),
    ["a severity beside options", "rules: { app/tasks-below-workers: { severity: off, own-threads: 2 } }\n"],
    ["nothing below a key", "facts:\nhosts:\nrules:\noverrides:\nignore:\nextends:\n"],
    ["a version of three numbers", "facts: { nginx: 1.26.3, kernel: 5.15.0-91-generic, headroom: 2.5 }\n"],
  ])("is what the schema allows: %s", (_, text) => {
    expect(schemaFaults(parse(text))).toEqual([]);
    expect(() => read(text)).not.toThrow();
  });

  it.each([
    ["fact: {}\n", ["/fact: unknown"]],
    ["facts: { cpu: 4 }\n", ["/facts: none of the forms"]],
    ["facts: { cpus: 0 }\n", ["/facts: none of the forms"]],
    ["facts: { distribution: 12 }\n", ["/facts: none of the forms"]],
    ["facts: []\n", ["/facts: none of the forms"]],
    ["hosts: [{ name: a }]\n", ["/hosts: none of the forms"]],
    ["hosts: [{ files: [a] }]\n", ["/hosts: none of the forms"]],
    ["hosts: [{ root: a, files: [b], name: c }]\n", ["/hosts: none of the forms"]],
    ["rules: { slots/nonsense: off }\n", ["/rules: none of the forms"]],
    ["rules: { slots/worker-connections-default: warn }\n", ["/rules: none of the forms"]],
    ["rules: { slots/worker-connections-default: { severity: warn } }\n", ["/rules: none of the forms"]],
    ["rules: { slots/worker-connections-default: { per-cpu: 2 } }\n", ["/rules: none of the forms"]],
    ["rules: { cpu/gunicorn-workers-above-cores: { per-cpu: 0 } }\n", ["/rules: none of the forms"]],
    ["rules: { cpu/gunicorn-workers-above-cores: { per-cpu: [2] } }\n", ["/rules: none of the forms"]],
    ["rules: { app/tasks-below-workers: { own-threads: 1.5 } }\n", ["/rules: none of the forms"]],
    ["rules: { timeouts/graceful-above-stop: { also-defaults: maybe } }\n", ["/rules: none of the forms"]],
    ["rules: { nginx/include-missing: { made-elsewhere: /srv } }\n", ["/rules: none of the forms"]],
    ["rules: { nginx/include-missing: { made-elsewhere: [''] } }\n", ["/rules: none of the forms"]],
    [
      "overrides: [{ files: [a], rules: { cpu/gunicorn-workers-above-cores: { per-cpu: 3 } } }]\n",
      ["/overrides: none of the forms"],
    ],
    ["overrides: [{ files: [a] }]\n", ["/overrides: none of the forms"]],
    ["overrides: [{ files: [], rules: {} }]\n", ["/overrides: none of the forms"]],
    ["ignore: old\n", ["/ignore: none of the forms"]],
    ["extends: { a: b }\n", ["/extends: none of the forms"]],
  ])("and refuses what the schema refuses: %j", (text, faults) => {
    expect(schemaFaults(parse(text))).toEqual(faults);
    expect(() => read(text)).toThrow(UsageError);
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

describe("docs/gitlab.md", () => {
  it("shows a job that GitLab reads, with arguments that are taken", () => {
    const [, text = ""] = /```yaml\n(.*?)```/s.exec(page("gitlab.md")) ?? [];
    const { hostlint } = parse(text) as {
      hostlint: { script: string[]; artifacts: { reports: { codequality: string } } };
    };
    const words = (hostlint.script[0] ?? "").split(" hostlint ")[1]?.split(" ") ?? [];
    const { outputs } = readArguments(words, []);
    expect(outputs).toEqual([
      { format: "gitlab", file: hostlint.artifacts.reports.codequality },
      { format: "stylish" },
    ]);
  });
});
