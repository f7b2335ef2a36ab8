import { statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { shownPath } from "../files/shown-path.ts";
import type { Rule, Severity } from "../lint/rule.ts";
import type { DeclaredOption, DeclaredOptions, OptionHeld } from "../lint/rule-options.ts";
import type { Span } from "../text/span.ts";
import type { Arguments } from "./arguments.ts";
import type { Configuration, RuleSettings } from "./configuration.ts";
import { withoutRules } from "./configuration-loading.ts";
import { type DeclaredFacts, inForce, ofFlags } from "./facts.ts";
import { configuredHost, isAboutAll } from "./lint-requests.ts";
import { pathMatcher } from "./path-globs.ts";

/** What a run on a path goes by. */
export interface ConfigurationInForce {
  /** As shown to the user. */
  readonly path: string;
  /** Absent where there is no hostlint.yaml. */
  readonly file?: string;
  readonly extended: readonly string[];
  /** Whether `ignore` leaves the path out of a run on a folder above it. */
  readonly ignored: boolean;
  /** Those that the configuration lists and the run is about; else one without a name. */
  readonly hosts: readonly { readonly name?: string; readonly facts: DeclaredFacts }[];
  /** All rules, in the order of their ids. */
  readonly rules: readonly RuleInForce[];
  /** Severities that hold in some files below the path; none where the path is a file. */
  readonly elsewhere: readonly {
    readonly globs: readonly string[];
    readonly rules: readonly Omit<RuleInForce, "options">[];
  }[];
  /** Globs of paths that are left out, with the folder from which they count, as shown to the user. */
  readonly ignore: readonly { readonly folder: string; readonly globs: readonly string[] }[];
}

export interface RuleInForce {
  readonly id: string;
  readonly severity: Severity | "off";
  /** `default`: the rule's own. */
  readonly from: "default" | "flag" | { readonly at: Span; readonly globs?: readonly string[] };
  /** All options of the rule, in its order. */
  readonly options: readonly OptionInForce[];
}

export interface OptionInForce {
  readonly name: string;
  readonly value: OptionHeld;
  /** Absent: the rule's default counts. */
  readonly set?: DeclaredOption;
}

/** What is in force for the first path of a command line. */
export function configurationInForce(
  options: Pick<Arguments, "paths" | "facts" | "severities">,
  configuration: Configuration | undefined,
  workingDirectory: string,
  rules: ReadonlyMap<string, Rule>,
): ConfigurationInForce {
  const [path = "."] = options.paths;
  const place = resolve(workingDirectory, path);
  const isFolder = statSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
  const overrides = withoutRules(configuration?.overrides ?? [], options.severities);
  const here = new Map<string, Omit<RuleInForce, "options">>();
  for (const [id, { meta }] of rules) here.set(id, { id, severity: meta.severity, from: "default" });
  for (const rule of settings(configuration?.severities ?? new Map())) here.set(rule.id, rule);
  for (const { files, severities } of isFolder ? [] : overrides)
    if (pathMatcher(files)(place))
      for (const rule of settings(severities, files.globs)) here.set(rule.id, rule);
  for (const [id, severity] of options.severities) here.set(id, { id, severity, from: "flag" });
  const shown = (each: string): string => shownPath(each, workingDirectory) || ".";
  return {
    path: path === "-" ? path : shown(path),
    ...(configuration === undefined ? {} : { file: configuration.path }),
    extended: configuration?.extended ?? [],
    ignored: (configuration?.ignore ?? []).some((globs) => pathMatcher(globs)(place)),
    hosts: hostsInForce(path, options.facts, configuration, workingDirectory),
    rules: [...here.values()].map((rule) => ({
      ...rule,
      options: optionsInForce(rules.get(rule.id), configuration?.options.get(rule.id)),
    })),
    elsewhere: (isFolder ? overrides : [])
      .filter(({ severities }) => severities.size > 0)
      .map(({ files, severities }) => ({ globs: files.globs, rules: settings(severities) })),
    ignore: (configuration?.ignore ?? [])
      .filter(({ globs }) => globs.length > 0)
      .map(({ directory, globs }) => ({ folder: relative(workingDirectory, directory) || ".", globs })),
  };
}

function optionsInForce(rule: Rule | undefined, declared: DeclaredOptions | undefined): OptionInForce[] {
  return Object.entries(rule?.options ?? {}).map(([name, option]) => {
    const set = declared?.get(name);
    return set === undefined ? { name, value: option.default } : { name, value: set.value, set };
  });
}

function settings(severities: RuleSettings, globs?: readonly string[]): Omit<RuleInForce, "options">[] {
  return [...severities].map(([id, { severity, at }]) => ({
    id,
    severity,
    from: { at, ...(globs === undefined ? {} : { globs }) },
  }));
}

function hostsInForce(
  path: string,
  flags: Arguments["facts"],
  configuration: Configuration | undefined,
  workingDirectory: string,
): ConfigurationInForce["hosts"] {
  const shared = configuration?.facts ?? {};
  const declared = (own: DeclaredFacts): DeclaredFacts => inForce(shared, own, ofFlags(flags));
  if (configuration !== undefined && isAboutAll([path], configuration, workingDirectory))
    return configuration.hosts.map(({ name, facts }) => ({ name, facts: declared(facts) }));
  const host = configuredHost(path, configuration, workingDirectory);
  return [{ ...(host === undefined ? {} : { name: host.name }), facts: declared(host?.facts ?? {}) }];
}
