import picocolors from "picocolors";
import type { Rule, RuleExample } from "../lint/rule.ts";
import { unmark } from "./rule-page.ts";
import type { StylishOptions } from "./stylish-options.ts";
import { wrap } from "./text-layout.ts";

/** What `hostlint explain` prints of a rule: the text of its page, for a terminal. */
export function ruleText(id: string, { meta, docs, examples }: Rule, options: StylishOptions): string {
  const colors = picocolors.createColors(options.colors);
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
    ...examples.flatMap((example) => section(example.title, exampleLines(example, width))),
    ...section("Sources", meta.sources.flatMap(text)),
  ].join("\n")}\n`;
}

const margin = "  ";

function exampleLines(
  { files, paths = [], facts = {}, findings = [] }: RuleExample,
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
    ...(words.length === 0 ? [] : [`with ${words.join(" ")}`]),
    ...(findings.length === 0
      ? ["nothing is reported"]
      : findings.flatMap((finding) => wrap(`reports: ${finding}`, width))),
  ];
}
