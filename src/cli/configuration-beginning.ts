import type { LintResult } from "../lint/lint-result.ts";
import type { Severity } from "../lint/rule.ts";
import { type FactName, factNames } from "../model/value.ts";
import { factFlags } from "../report/fact-flags.ts";
import { yamlScalar } from "../report/yaml-scalar.ts";

/** What the first hostlint.yaml of a folder is made of. */
export interface Beginning {
  /** Of a run on the folder. */
  readonly result: LintResult;
  /** What is declared already. */
  readonly facts: { readonly [name in FactName]?: string };
  readonly severities: ReadonlyMap<string, Severity | "off">;
  /** The options of a rule. */
  readonly optionsOf: (rule: string) => readonly string[];
  /** A rule that exists. */
  readonly exampleRule: string;
  /** Root trees that were found below the folder, counted from it. */
  readonly roots: readonly string[];
  /** The hostlint.yaml that has counted for the folder until now, counted from it. */
  readonly above?: string;
  /** Where an editor finds the JSON schema. */
  readonly schema?: string;
}

/** Facts for want of which something was not checked, with the number of rules that wait, most first. */
export function wantedFacts(result: LintResult): { readonly name: FactName; readonly rules: number }[] {
  return factNames
    .map((name) => ({
      name,
      rules: new Set(result.notChecked.filter(({ fact }) => fact === name).flatMap((each) => each.rules))
        .size,
    }))
    .filter(({ rules }) => rules > 0)
    .sort((a, b) => b.rules - a.rules);
}

/** A commented hostlint.yaml. What is commented out may be taken in as it stands: the file stays valid. */
export function beginningText(beginning: Beginning): string {
  return [
    ...(beginning.schema === undefined ? [] : [`# yaml-language-server: $schema=${beginning.schema}`]),
    "# What hostlint cannot read in the files of the hosts, and how strict it is. Every part may be absent.",
    "",
    ...extendsLines(beginning),
    ...factLines(beginning),
    "",
    ...hostLines(beginning),
    ...ruleLines(beginning),
    "",
    "# Paths that are left out; globs as in .gitignore.",
    "# ignore:",
    "#   - old/",
    "",
  ].join("\n");
}

function extendsLines({ above }: Beginning): string[] {
  if (above === undefined) return [];
  return ["# This file has counted here until now.", `extends: ${yamlScalar(above)}`, ""];
}

function factLines({ result, facts }: Beginning): string[] {
  const declared = factNames.flatMap((name) => {
    const text = facts[name];
    return text === undefined ? [] : [`  ${name}: ${/^[\w.]+$/.test(text) ? text : yamlScalar(text)}`];
  });
  const wanted = wantedFacts(result).filter(({ name }) => facts[name] === undefined);
  const width = Math.max(0, ...wanted.map(({ name }) => `${name}: ${factFlags[name].example}`.length));
  const waiting = wanted.map(({ name, rules }) => {
    const { what, example } = factFlags[name];
    return `  # ${`${name}: ${example}`.padEnd(width)}  # ${what}: ${rules === 1 ? "1 rule waits" : `${rules} rules wait`}`;
  });
  const why =
    wanted.length === 0
      ? ["# Facts that no file holds. No check waits for one."]
      : [
          "# Facts that no file holds. Checks wait for these: where you know one, remove the # and write your value.",
          "# Where the values differ from host to host, write them under hosts.",
        ];
  return [...why, "facts:", ...declared, ...waiting];
}

function hostLines({ roots }: Beginning): string[] {
  if (roots.length < 2) return [];
  return [
    "# These hosts are found by themselves. Listed here, each can have a name and facts of its own.",
    "# hosts:",
    ...roots.flatMap((root) => [
      `#   - name: ${yamlScalar(root.split("/").at(-1) ?? root)}`,
      `#     root: ${yamlScalar(root)}`,
    ]),
    "",
  ];
}

function ruleLines({ result, exampleRule, severities, optionsOf }: Beginning): string[] {
  const found = new Map<string, { count: number; worst: Severity }>();
  for (const { rule, severity } of result.diagnostics) {
    const { count = 0, worst = severity } = found.get(rule) ?? {};
    found.set(rule, { count: count + 1, worst: worseOf(worst, severity) });
  }
  const chosen = [...severities].map(([id, severity]) => `  ${id}: ${severity}`);
  const reporting = [...found]
    .filter(([id]) => !severities.has(id))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, { count, worst }]) => ({
      setting: `${id}: ${worst}`,
      note: `${count === 1 ? "1 finding" : `${count} findings`}${optionNote(optionsOf(id))}`,
    }));
  const width = Math.max(0, ...reporting.map(({ setting }) => setting.length));
  const mark = chosen.length === 0 ? "# " : "";
  const before = chosen.length === 0 ? "#   " : "  # ";
  const about =
    reporting.length === 0
      ? "# Severities of rules: error, warning, info or off."
      : "# Severities of rules: error, warning, info or off. These have reported something:";
  if (reporting.length === 0 && chosen.length === 0) return [about, "# rules:", `#   ${exampleRule}: off`];
  return [
    about,
    `${mark}rules:`,
    ...chosen,
    ...reporting.map(({ setting, note }) => `${before}${setting.padEnd(width)}  # ${note}`),
  ];
}

function optionNote(names: readonly string[]): string {
  if (names.length === 0) return "";
  return `; ${names.length === 1 ? "option" : "options"}: ${names.join(", ")}`;
}

function worseOf(a: Severity, b: Severity): Severity {
  const order: readonly Severity[] = ["error", "warning", "info"];
  return order.indexOf(a) < order.indexOf(b) ? a : b;
}
