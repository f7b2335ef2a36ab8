import type { Rule, RuleExample } from "../lint/rule.ts";
import type { RuleOptions } from "../lint/rule-options.ts";
import { exampleOptions, optionForm, optionsYaml, optionText } from "./rule-options.ts";
import { unmark } from "./rule-page.ts";
import type { StylishOptions } from "./stylish-options.ts";
import { wrap } from "./text-layout.ts";

/** What `hostlint explain` prints of a rule: the text of its page, for a terminal. */
export function ruleText(id: string, rule: Rule, options: StylishOptions): string {
  const { meta, docs, examples } = rule;
  const { colors } = options;
  const width = Math.max((options.width ?? 100) - margin.length, 30);
  const section = (title: string, lines: readonly string[]): string[] => [
    "",
    colors.bold(title),
    ...lines.map((line) => (line === "" ? "" : `${margin}${line}`)),
  ];
  const text = (paragraphs: string): string[] => paragraphs.split("\n").flatMap((line) => wrap(line, width));
  return `${[
    `${colors.bold(id)}  ${meta.severity}, since ${meta.since}`,
    ...wrap(`${meta.title}.`, width),
    ...section("What it does", text(docs.what)),
    ...section("Why it matters", text(docs.why)),
    ...section("What to do", text(docs.fix)),
    ...(docs.exceptions === undefined ? [] : section("Exceptions", text(docs.exceptions))),
    ...(rule.options === undefined ? [] : section("Options", optionLines(id, rule, rule.options, width))),
    ...examples.flatMap((example) => section(example.title, exampleLines(id, example, width))),
    ...section("Sources", meta.sources.flatMap(text)),
  ].join("\n")}\n`;
}

const margin = "  ";

function optionLines(id: string, rule: Rule, options: RuleOptions, width: number): string[] {
  return [
    ...Object.entries(options).flatMap(([name, option]) => [
      ...wrap(`${name}: ${optionForm(option)}; ${optionText(option.default)} by default`, width),
      ...wrap(option.what, width - margin.length).map((line) => `${margin}${line}`),
    ]),
    "hostlint.yaml:",
    ...yamlLines(id, exampleOptions(rule)),
  ];
}

function yamlLines(id: string, options: NonNullable<RuleExample["options"]>): string[] {
  return optionsYaml(id, options)
    .trimEnd()
    .split("\n")
    .map((line) => `${margin}${line}`);
}

function exampleLines(
  id: string,
  { files, paths = [], facts = {}, options, findings = [] }: RuleExample,
  width: number,
): string[] {
  const words = [...Object.entries(facts).map(([name, value]) => `--${name} ${value}`), ...paths];
  return [
    ...Object.entries(files).flatMap(([path, content]) => [
      `${path}:`,
      ...unmark(content)
        .trimEnd()
        .split("\n")
        .map((line) => `${margin}${line}`),
    ]),
    ...(options === undefined ? [] : ["hostlint.yaml:", ...yamlLines(id, options)]),
    ...(words.length === 0 ? [] : [`with ${words.join(" ")}`]),
    ...(findings.length === 0
      ? ["nothing is reported"]
      : findings.flatMap((finding) => wrap(`reports: ${finding}`, width))),
  ];
}
