import type { DeclaredOption } from "../lint/rule-options.ts";
import { factNames } from "../model/value.ts";
import { harmless, harmlessJson } from "../report/harmless-text.ts";
import { pathText, placeJson, placeText } from "../report/place.ts";
import { optionText } from "../report/rule-options.ts";
import { wrap } from "../report/text-layout.ts";
import type { ConfigurationInForce, OptionInForce, RuleInForce } from "./configuration-in-force.ts";
import type { DeclaredFact, DeclaredFacts } from "./facts.ts";

/** What `--print-config` prints for people. */
export function configurationText(inForce: ConfigurationInForce, verbose: boolean): string {
  const { path, file, extended, ignored, hosts, rules, elsewhere, ignore } = inForce;
  const set = rules.filter(({ from, options }) => from !== "default" || options.some(isSet));
  const listed = verbose ? rules : set;
  const lines = [
    `${pathText(path)}: ${file === undefined ? "no hostlint.yaml" : `by ${pathText(file)}`}`,
    ...extended.map((each) => `  which extends ${pathText(each)}`),
    ...(ignored ? ["  left out of a run on the folder, by ignore"] : []),
  ];
  for (const { name, facts } of hosts) {
    lines.push("", name === undefined ? "facts" : `facts of ${harmless(name)}`, ...factLines(facts));
  }
  lines.push(
    "",
    `rules: ${set.length === 0 ? "none" : set.length} of ${rules.length} set`,
    ...ruleLines(
      listed.map((rule) => ({ ...rule, options: verbose ? rule.options : rule.options.filter(isSet) })),
    ),
  );
  if (!verbose && set.length < rules.length)
    lines.push("  the others have their own severity: --verbose lists them");
  for (const each of elsewhere)
    lines.push("", `rules in ${harmless(each.globs.join(", "))}`, ...ruleLines(each.rules));
  for (const { folder, globs } of ignore)
    lines.push("", `left out below ${pathText(folder)}`, ...globs.map((glob) => `  ${harmless(glob)}`));
  return `${lines.join("\n")}\n`;
}

function factLines(facts: DeclaredFacts): string[] {
  const rows = factNames.flatMap((name): [string, string, string][] => {
    const fact = facts[name];
    return fact === undefined ? [] : [[name, harmless(fact.text), factSource(fact)]];
  });
  const others = factNames.filter((name) => facts[name] === undefined);
  const undeclared = others.length === 0 ? [] : wrap(`not declared: ${others.join(", ")}`, 100);
  return [...columns(rows), ...undeclared.map((line) => `  ${line}`)];
}

function factSource(fact: DeclaredFact): string {
  const [own = ""] = fact.how.split(", over ");
  const source = fact.at === undefined ? own : placeText(fact.at);
  return fact.over === undefined
    ? source
    : `${source}, over ${harmless(fact.over.text)} of ${factSource(fact.over)}`;
}

type RuleSetting = Omit<RuleInForce, "options"> & Partial<Pick<RuleInForce, "options">>;

function ruleLines(rules: readonly RuleSetting[]): string[] {
  const lines = columns(rules.map(({ id, severity, from }) => [id, severity, ruleSource(from)]));
  return rules.flatMap(({ options = [] }, index) => [lines[index] ?? "", ...options.map(optionLine)]);
}

function optionLine({ name, value, set }: OptionInForce): string {
  const source = set === undefined ? "its default" : optionSource(set);
  return `    ${name}: ${harmless(optionText(value))}  ${source}`;
}

function isSet({ set }: OptionInForce): boolean {
  return set !== undefined;
}

function optionSource({ at, over }: DeclaredOption): string {
  const source = placeText(at);
  return over === undefined
    ? source
    : `${source}, over ${harmless(optionText(over.value))} of ${optionSource(over)}`;
}

function ruleSource(from: RuleInForce["from"]): string {
  if (from === "default") return "its own";
  if (from === "flag") return "--rule";
  return from.globs === undefined
    ? placeText(from.at)
    : `${placeText(from.at)}, for ${harmless(from.globs.join(", "))}`;
}

function columns(rows: readonly (readonly [string, string, string])[]): string[] {
  const width = (column: 0 | 1): number => Math.max(0, ...rows.map((row) => row[column].length));
  const [first, second] = [width(0), width(1)];
  return rows.map(([a, b, c]) => `  ${a.padEnd(first)}  ${b.padEnd(second)}  ${c}`);
}

/** What `--print-config` prints for programs. */
export function configurationJson(inForce: ConfigurationInForce): string {
  const { path, file, extended, ignored, hosts, rules, elsewhere, ignore } = inForce;
  return `${harmlessJson({
    version: 1,
    path,
    ...(file === undefined ? {} : { configuration: file }),
    extends: extended,
    ignored,
    hosts: hosts.map(({ name, facts }) => ({
      ...(name === undefined ? {} : { name }),
      facts: Object.fromEntries(
        factNames.flatMap((each) => {
          const fact = facts[each];
          return fact === undefined ? [] : [[each, factJson(fact)]];
        }),
      ),
    })),
    rules: rulesJson(rules),
    overrides: elsewhere.map((each) => ({ files: each.globs, rules: rulesJson(each.rules) })),
    ignore,
  })}\n`;
}

function factJson({ text, at, over }: DeclaredFact): object {
  return {
    value: text,
    ...(at === undefined ? { from: "flag" } : { from: "file", ...placeJson(at) }),
    ...(over === undefined ? {} : { over: factJson(over) }),
  };
}

function rulesJson(rules: readonly RuleSetting[]): object {
  return Object.fromEntries(
    rules.map(({ id, severity, from, options = [] }) => [
      id,
      {
        severity,
        ...(typeof from === "string"
          ? { from }
          : {
              from: "file",
              ...placeJson(from.at),
              ...(from.globs === undefined ? {} : { files: from.globs }),
            }),
        ...(options.length === 0
          ? {}
          : { options: Object.fromEntries(options.map((option) => [option.name, optionJson(option)])) }),
      },
    ]),
  );
}

function optionJson({ value, set }: Pick<OptionInForce, "value" | "set">): object {
  if (set === undefined) return { value, from: "default" };
  const { at, over } = set;
  return {
    value,
    from: "file",
    ...placeJson(at),
    ...(over === undefined ? {} : { over: optionJson({ value: over.value, set: over }) }),
  };
}
