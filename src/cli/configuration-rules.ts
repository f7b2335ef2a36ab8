import type { Document } from "yaml";
import { ruleIdFault } from "../lint/known-rules.ts";
import type { Rule } from "../lint/rule.ts";
import type { DeclaredOption, DeclaredOptions } from "../lint/rule-options.ts";
import { didYouMean } from "../text/did-you-mean.ts";
import type { SourceFile } from "../text/source-file.ts";
import { severityNames } from "./arguments.ts";
import type { RuleSettings } from "./configuration.ts";
import { readOption } from "./configuration-options.ts";
import { type Fault, offsetOf, offsetOfKey, type Path, placeOf } from "./configuration-places.ts";
import { severityFault } from "./configuration-schema.ts";

/** What reading a hostlint.yaml needs to know of the rules that exist. */
export type KnownRules = ReadonlyMap<string, Pick<Rule, "options">>;

/** What a hostlint.yaml says of rules, and what is wrong with it. */
export interface ReadRules {
  readonly severities: RuleSettings;
  readonly options: ReadonlyMap<string, DeclaredOptions>;
  readonly faults: readonly Fault[];
}

type Severities = Map<
  string,
  { readonly severity: (typeof severityNames)[number]; readonly at: DeclaredOption["at"] }
>;

/**
 * Reads `rules`: a severity for a rule, or a mapping of its severity and its options.
 *
 * @param written what stands there, if it is a mapping; scalars as texts
 */
export function readRules(
  file: SourceFile,
  document: Document,
  written: unknown,
  rules: KnownRules,
): ReadRules {
  const severities: Severities = new Map();
  const options = new Map<string, DeclaredOptions>();
  const faults = unknownRules(document, ["rules"], written, rules);
  for (const [id, setting] of entriesOf(written)) {
    const path = ["rules", id];
    const rule = rules.get(id);
    if (rule === undefined) continue;
    const takeSeverity = (at: Path, text: unknown): void => {
      const severity = severityNames.find((name) => name === text);
      if (severity !== undefined) severities.set(id, { severity, at: placeOf(file, document, at) });
      else faults.push({ message: severityFault({ input: text }), offset: offsetOf(document, at) });
    };
    if (!isMapping(setting)) {
      takeSeverity(path, setting);
      continue;
    }
    if (Object.hasOwn(setting, "severity")) takeSeverity([...path, "severity"], setting.severity);
    const set = new Map<string, DeclaredOption>();
    for (const [name, value] of Object.entries(setting)) {
      if (name === "severity") continue;
      const at = [...path, name];
      const option = Object.entries(rule.options ?? {}).find(([each]) => each === name)?.[1];
      if (option === undefined) {
        faults.push({ message: unknownOption(name, rule), offset: offsetOfKey(document, at) });
        continue;
      }
      const read = readOption(option, value);
      if ("value" in read) set.set(name, { value: read.value, at: placeOf(file, document, at) });
      else
        faults.push({
          message: read.fault,
          offset: offsetOf(document, read.index === undefined ? at : [...at, read.index]),
        });
    }
    if (set.size > 0) options.set(id, set);
  }
  return { severities, options, faults };
}

/** The rules that a mapping names and that do not exist. */
export function unknownRules(document: Document, path: Path, written: unknown, rules: KnownRules): Fault[] {
  const ids = [...rules.keys()];
  return entriesOf(written).flatMap(([id]) => {
    const message = ruleIdFault(id, ids);
    return message === undefined ? [] : [{ message, offset: offsetOfKey(document, [...path, id]) }];
  });
}

function unknownOption(name: string, { options = {} }: Pick<Rule, "options">): string {
  const names = Object.keys(options);
  const hint = didYouMean(name, ["severity", ...names]);
  if (names.length === 0) return `unknown option ${name}${hint === "" ? ": this rule has none" : hint}`;
  return `unknown option ${name}${hint === "" ? `: this rule has ${names.join(", ")}` : hint}`;
}

function entriesOf(written: unknown): [string, unknown][] {
  return isMapping(written) ? Object.entries(written) : [];
}

function isMapping(written: unknown): written is Readonly<Record<string, unknown>> {
  return typeof written === "object" && written !== null && !Array.isArray(written);
}
