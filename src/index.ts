import { rules } from "../rules/index.ts";
import { discover } from "./files/discover.ts";
import type { DiscoveredHost, ResolveContainers } from "./files/discovered-host.ts";
import type { FileTree } from "./files/file-tree.ts";
import type { FileRole } from "./files/recognise/declared-role.ts";
import { recordingTree } from "./files/recording-tree.ts";
import { shownPath } from "./files/shown-path.ts";
import type { UnsavedFile } from "./files/unsaved-file.ts";
import { withoutAnsweredElsewhere } from "./host/answered-elsewhere.ts";
import { assembleHost } from "./host/assemble.ts";
import { FilesRead } from "./lint/ignores/files-read.ts";
import { Ignores } from "./lint/ignores.ts";
import type { HostSummary, LintResult } from "./lint/lint-result.ts";
import type { DeclaredOptions } from "./lint/rule-options.ts";
import { type RuleRun, runRules, type Severities, type SeverityOverride } from "./lint/run-rules.ts";
import type { Facts } from "./model/facts.ts";
import type { Host } from "./model/host.ts";
import type { Value } from "./model/value.ts";
import { EmbeddedFile } from "./text/embedded-file.ts";
import type { SourceFile } from "./text/source-file.ts";

export type { Diagnostic, EvidenceStep, HostSummary, LintResult, NotChecked } from "./lint/lint-result.ts";
export { defineRule, type Rule, type Severity } from "./lint/rule.ts";
export { type Facts, facts, Version } from "./model/facts.ts";
export type { Host } from "./model/host.ts";
export { rules };

/** Paths to look for hosts below, with what is declared about those hosts. */
export interface LintRequest {
  /** Root trees, folders, files, or `-` for the text in `stdin`. */
  readonly paths: readonly string[];
  readonly facts: Facts;
  /** What single files among the paths are, by absolute path; else their names and contents tell. */
  readonly roles?: ReadonlyMap<string, FileRole>;
  /** How the host is named; discovery names it otherwise. */
  readonly name?: string;
}

export interface LintOptions {
  readonly requests: readonly LintRequest[];
  /** Absolute; paths are shown relative to it. */
  readonly workingDirectory: string;
  /** The output of `nginx -T`, for the path `-`. */
  readonly stdin?: string;
  /** Absolute paths that are passed over, with everything below them. */
  readonly ignored?: (path: string) => boolean;
  /** The text of one file that counts in place of what the disk holds, also where the disk holds no such file. */
  readonly unsaved?: UnsavedFile;
  /** What the configuration says of single rules. */
  readonly severities?: Severities;
  /** What is set of the options of rules, by rule. */
  readonly options?: ReadonlyMap<string, DeclaredOptions>;
  /** Over `severities`, for findings in some files; later ones win over earlier ones. */
  readonly overrides?: readonly SeverityOverride[];
  /** False for an audit: everything is reported as if there were no ignore comments. */
  readonly ignoreComments?: boolean;
  /** A clock in milliseconds, to learn what each stage and rule takes. */
  readonly clock?: () => number;
}

export interface Lint {
  readonly result: LintResult;
  readonly hosts: readonly Host[];
  /** Faults of hostlint itself: a rule that threw. */
  readonly faults: RuleRun["faults"];
  /** Milliseconds by stage and by rule; zeros without a clock. */
  readonly spent: ReadonlyMap<string, number>;
}

/** Finds the hosts below the paths, builds their models and runs every rule over them. */
export async function lint(options: LintOptions): Promise<Lint> {
  const clock = options.clock ?? (() => 0);
  const started = clock();
  const found = [];
  for (const request of options.requests)
    found.push({
      request,
      discovery: await discover(request.paths, {
        ...options,
        ...(request.roles === undefined ? {} : { roles: request.roles }),
        containers: resolveLater(request.facts),
      }),
    });
  const discovered = clock();
  const made: Host[] = [];
  const summaries: HostSummary[] = [];
  const read = new FilesRead();
  for (const { request, discovery } of found)
    for (const each of discovery.hosts) {
      const host = named(each, request.name, discovery.hosts.length);
      summaries.push({ name: host.name, files: host.files });
      const whole = isWhole(host, request, options.workingDirectory);
      made.push(await assembleHost(recorded(host, read, whole), request.facts));
    }
  const hosts = withoutAnsweredElsewhere(made);
  const assembled = clock();
  const run = runRules(
    hosts,
    found.flatMap(({ discovery }) => discovery.problems),
    rules,
    {
      ...(options.severities === undefined ? {} : { severities: options.severities }),
      ...(options.options === undefined ? {} : { options: options.options }),
      ...(options.overrides === undefined ? {} : { overrides: options.overrides }),
      ...(options.ignoreComments === false ? {} : { ignores: new Ignores(read, [...rules.keys()]) }),
    },
    clock,
  );
  return {
    hosts,
    faults: run.faults,
    result: {
      hosts: summaries,
      diagnostics: run.diagnostics,
      notChecked: run.notChecked,
      ignored: run.ignored,
      aside: found.flatMap(({ discovery }) => discovery.aside),
    },
    spent: new Map([
      ["discovery", discovered - started],
      ["host model", assembled - discovered],
      ["rules", clock() - assembled],
      ...run.spent,
    ]),
  };
}

/** Containers are understood by code that most hosts do not need. */
function resolveLater(facts: Facts): ResolveContainers {
  return async (tree, files) => {
    if (files.compose.length + files.images.length + files.manifests.length + files.procfiles.length === 0)
      return { projects: [], otherServers: new Map() };
    const { resolveContainers } = await import("./programs/container/resolve-containers.ts");
    return resolveContainers(tree, files, facts.cpus);
  };
}

/** Whether the run sees the host itself, and not only an nginx -T dump or single files that nobody declared as one. */
function isWhole(
  { kind, files }: DiscoveredHost,
  { paths, name }: LintRequest,
  workingDirectory: string,
): boolean {
  if (name !== undefined) return true;
  const single = new Set(paths.map((path) => shownPath(path, workingDirectory)));
  return kind !== "dump" && !files.some(({ path }) => single.has(path));
}

function recorded(host: DiscoveredHost, read: FilesRead, whole: boolean): DiscoveredHost {
  const record = (tree: FileTree): FileTree =>
    recordingTree(tree, (path, file) => {
      if (!(file instanceof EmbeddedFile)) read.add(path, file, host.name, whole);
    });
  for (const file of containerSources(host)) read.add(`/${file.path}`, file, host.name, whole);
  return {
    ...host,
    tree: record(host.tree),
    repository: host.repository && record(host.repository),
  };
}

/** The files that define containers and what they start; discovery has read them already. */
function containerSources({ containers, containerProblems }: DiscoveredHost): ReadonlySet<SourceFile> {
  return new Set([
    ...containers.flatMap(({ container, programs }) => [
      container.at.file,
      ...(container.image.at === undefined ? [] : [container.image.at.file]),
      ...programs.flatMap(({ at, words }) => [at.file, ...words.flatMap(({ text }) => filesBehind(text, 0))]),
    ]),
    ...containerProblems.map(({ at }) => at.file),
  ]);
}

/** Chains of variables are short; this only bounds what a script could build. */
const deepestChain = 6;

/** The files that a word of a command line is made of, such as the .env file that sets its variable. */
function filesBehind({ origin }: Value<unknown>, depth: number): SourceFile[] {
  const own = origin.at === undefined ? [] : [origin.at.file];
  const from = origin.kind === "derived" || origin.kind === "unknown" ? (origin.from ?? []) : [];
  return depth < deepestChain ? [...own, ...from.flatMap((each) => filesBehind(each, depth + 1))] : own;
}

function named(host: DiscoveredHost, name: string | undefined, of: number): DiscoveredHost {
  if (name === undefined) return host;
  return { ...host, name: of === 1 ? name : `${name} (${host.name})` };
}
