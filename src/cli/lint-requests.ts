import { resolve } from "node:path";
import type { LintOptions, LintRequest } from "../index.ts";
import type { Arguments } from "./arguments.ts";
import type { Configuration, ConfiguredHost } from "./configuration.ts";
import { withoutRules } from "./configuration-loading.ts";
import { declaredFacts } from "./facts.ts";
import { pathMatcher } from "./path-globs.ts";

/** The hosts of the configuration where the run is about all of them, else what is found below the paths. */
export function lintRequests(
  options: Pick<Arguments, "paths" | "facts">,
  configuration: Configuration | undefined,
  workingDirectory: string,
): LintRequest[] {
  if (configuration !== undefined && isAboutAll(options.paths, configuration, workingDirectory))
    return configuration.hosts.map((host) => ({
      paths: host.paths,
      name: host.name,
      roles: host.roles,
      facts: declaredFacts(options.facts, configuration.facts, host.facts),
    }));
  const byHost = new Map<ConfiguredHost | undefined, string[]>();
  for (const path of options.paths) {
    const host = configuredHost(path, configuration, workingDirectory);
    byHost.set(host, [...(byHost.get(host) ?? []), path]);
  }
  return [...byHost].map(([host, paths]) => ({
    paths,
    ...(host === undefined ? {} : { roles: host.roles }),
    facts: declaredFacts(options.facts, configuration?.facts ?? {}, host?.facts ?? {}),
  }));
}

/** Whether a run on these paths is one on every host that the configuration lists. */
export function isAboutAll(
  paths: readonly string[],
  { hosts, directory }: Configuration,
  workingDirectory: string,
): boolean {
  return (
    hosts.length > 0 && paths.every((path) => path !== "-" && resolve(workingDirectory, path) === directory)
  );
}

/** The host of the configuration in which a path lies. */
export function configuredHost(
  path: string,
  configuration: Configuration | undefined,
  workingDirectory: string,
): ConfiguredHost | undefined {
  return configuration?.hosts.find(({ paths }) =>
    paths.some((root) => isWithin(resolve(workingDirectory, path), root)),
  );
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

/** What the configuration and `--rule` say of rules and files; flags win over everything. */
export function ruleOptions(
  configuration: Configuration | undefined,
  flags: Arguments["severities"],
  workingDirectory: string,
): Pick<LintOptions, "severities" | "options" | "overrides" | "ignored"> {
  const settings = [...(configuration?.severities ?? [])].map(
    ([id, { severity }]) => [id, severity] as const,
  );
  const ignored = (configuration?.ignore ?? []).filter(({ globs }) => globs.length > 0).map(pathMatcher);
  return {
    severities: new Map([...settings, ...flags]),
    ...(configuration === undefined ? {} : { options: configuration.options }),
    overrides: withoutRules(configuration?.overrides ?? [], flags).map(({ files, severities }) => {
      const matches = pathMatcher(files);
      return {
        covers: (path) => matches(resolve(workingDirectory, path)),
        severities: new Map([...severities].map(([id, { severity }]) => [id, severity])),
      };
    }),
    ...(ignored.length === 0 ? {} : { ignored: (path) => ignored.some((matches) => matches(path)) }),
  };
}
