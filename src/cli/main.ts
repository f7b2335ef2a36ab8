import { readFileSync, writeFileSync } from "node:fs";
import { type Lint, lint, rules } from "../index.ts";
import type { Diagnostic, LintResult } from "../lint/lint-result.ts";
import { docsAddress } from "../lint/run-rules.ts";
import { type Colors, terminalColors, uncolored } from "../report/colors.ts";
import { modelJson } from "../report/model-json.ts";
import { modelText } from "../report/model-text.ts";
import { ruleText } from "../report/rule-text.ts";
import { stylish } from "../report/stylish.ts";
import type { StylishOptions } from "../report/stylish-options.ts";
import { type Arguments, type FailOn, type FormatName, readArguments } from "./arguments.ts";
import type { Configuration } from "./configuration.ts";
import { configurationInForce } from "./configuration-in-force.ts";
import { loadConfiguration } from "./configuration-loading.ts";
import { configurationJson, configurationText } from "./configuration-text.ts";
import { init } from "./init.ts";
import { lintRequests, ruleOptions } from "./lint-requests.ts";
import { machineFormats } from "./machine-formats.ts";
import { complain, print, terminal } from "./standard-streams.ts";
import { statistics } from "./statistics.ts";
import { aboutHostsOf, folderAround, readUnsaved } from "./unsaved-text.ts";
import { usage } from "./usage.ts";
import { UsageError } from "./usage-error.ts";

declare const HOSTLINT_VERSION: string;

const home = "https://github.com/hostlint/hostlint";

/** What a run ends with. */
export const exitCodes = { clean: 0, findings: 1, fault: 2, nothing: 3 } as const;

/**
 * Runs the program.
 *
 * @param words the arguments without node and the script
 * @param afterLint called once a lint is reported
 * @returns the exit code: 0 nothing at or above --fail-on, 1 findings, 2 usage, configuration or internal fault,
 *   3 nothing found to lint
 */
export async function main(words: readonly string[], afterLint?: () => void): Promise<number> {
  try {
    return await run(words, afterLint);
  } catch (error) {
    if (error instanceof UsageError) complain(`hostlint: ${error.message}\n`);
    else complain(`hostlint: internal fault, please report it: ${faultText(error)}\n`);
    return exitCodes.fault;
  }
}

async function run(words: readonly string[], afterLint?: () => void): Promise<number> {
  const { HOSTLINT_FORMAT, GITHUB_ACTIONS } = process.env;
  const options = readArguments(words, [...rules.keys()], {
    format: HOSTLINT_FORMAT,
    githubActions: GITHUB_ACTIONS === "true",
  });
  switch (options.command) {
    case "version":
      print(`${HOSTLINT_VERSION}\n`);
      return exitCodes.clean;
    case "help":
      print(usage());
      return exitCodes.clean;
    case "list-rules":
      print([...rules].map(([id, { meta }]) => `${id}  ${meta.severity}  ${meta.title}\n`).join(""));
      return exitCodes.clean;
  }
  if (options.explained !== undefined) return explain(options.explained, options);
  const workingDirectory = process.cwd();
  if (options.command === "init") return init(options, workingDirectory);
  const unsaved = options.unsaved === undefined ? undefined : readUnsaved(options.unsaved, workingDirectory);
  const paths =
    options.paths.length > 0 || unsaved === undefined ? options.paths : [folderAround(unsaved.path)];
  const about = { ...options, paths };
  const configuration = await loadConfiguration(about, workingDirectory, rules, unsaved);
  if (options.command === "print-config") return printConfiguration(options, configuration, workingDirectory);
  const whole = await lint({
    requests: lintRequests(about, configuration, workingDirectory),
    workingDirectory,
    ...(options.paths.includes("-") ? { stdin: readFileSync(0, "utf8") } : {}),
    ...(unsaved === undefined ? {} : { unsaved }),
    ...ruleOptions(configuration, options.severities, workingDirectory),
    ignoreComments: options.ignores,
    ...(options.stats ? { clock: () => performance.now() } : {}),
  });
  const outcome =
    unsaved === undefined
      ? whole
      : { ...whole, result: aboutHostsOf(unsaved, whole.result, workingDirectory) };
  if (options.command === "show") await show(outcome, options);
  else await report(outcome.result, options);
  if (options.stats) complain(statistics(outcome.spent));
  for (const { rule, error } of outcome.faults)
    complain(`hostlint: internal fault in ${rule}, please report it: ${faultText(error)}\n`);
  afterLint?.();
  return exitCode(outcome, options);
}

async function explain(id: string, options: Arguments): Promise<number> {
  const rule = rules.get(id);
  if (rule === undefined) throw new UsageError(`unknown rule ${id}`);
  print(ruleText(id, rule, await stylishOptions(options, true)));
  return exitCodes.clean;
}

function printConfiguration(
  options: Arguments,
  configuration: Configuration | undefined,
  workingDirectory: string,
): number {
  const inForce = configurationInForce(options, configuration, workingDirectory, rules);
  for (const { format, file } of options.outputs) {
    const text = format === "json" ? configurationJson(inForce) : configurationText(inForce, options.verbose);
    if (file === undefined) print(text);
    else writeReport(file, text);
  }
  return exitCodes.clean;
}

async function report(result: LintResult, options: Arguments): Promise<void> {
  const shown = options.quiet ? { ...result, diagnostics: result.diagnostics.filter(isError) } : result;
  for (const { format, file } of options.outputs) {
    const text = await formatted(format, shown, options, file === undefined);
    if (file === undefined) print(text);
    else writeReport(file, text);
  }
}

async function formatted(
  format: FormatName,
  result: LintResult,
  options: Arguments,
  onScreen: boolean,
): Promise<string> {
  if (format === "stylish") return stylish(result, await stylishOptions(options, onScreen));
  return machineFormats[format](result, { version: HOSTLINT_VERSION, home, rules, docs: docsAddress });
}

async function stylishOptions(options: Arguments, onScreen: boolean): Promise<StylishOptions> {
  const width = onScreen ? terminal()?.columns : undefined;
  return {
    colors: await colors(options, onScreen),
    verbose: options.verbose,
    ...(width === undefined ? {} : { width }),
  };
}

async function show({ hosts }: Lint, options: Arguments): Promise<void> {
  for (const { format, file } of options.outputs) {
    const text =
      format === "json"
        ? modelJson(hosts)
        : modelText(hosts, {
            colors: await colors(options, file === undefined),
            verbose: options.verbose,
          });
    if (file === undefined) print(text);
    else writeReport(file, text);
  }
}

async function colors(options: Arguments, onScreen: boolean): Promise<Colors> {
  return onScreen && wantsColors(options) ? terminalColors() : uncolored;
}

function wantsColors(options: Arguments): boolean {
  if (options.color !== undefined) return options.color;
  const { NO_COLOR, FORCE_COLOR } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  return terminal() !== undefined && process.env.TERM !== "dumb";
}

function writeReport(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(
      `${file}: cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function exitCode({ result, faults }: Lint, options: Arguments): number {
  if (faults.length > 0) return exitCodes.fault;
  const { diagnostics, hosts } = result;
  const unfailed = hosts.length > 0 || options.passOnNoHosts ? exitCodes.clean : exitCodes.nothing;
  if (options.command === "show") return unfailed;
  if (diagnostics.some(isUnread)) return exitCodes.findings;
  const warnings = diagnostics.filter(({ severity }) => severity === "warning").length;
  if (diagnostics.some((each) => fails(each, options.failOn)) || warnings > options.maxWarnings)
    return exitCodes.findings;
  return unfailed;
}

/** A file that cannot be read or parsed proves nothing about the host, whatever --fail-on says. */
function isUnread({ rule, severity }: Diagnostic): boolean {
  return rule === "files/unreadable" || (severity === "error" && rule.endsWith("/syntax"));
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}

function fails({ severity }: Diagnostic, failOn: FailOn): boolean {
  switch (failOn) {
    case "never":
      return false;
    case "info":
      return true;
    case "warning":
      return severity !== "info";
    case "error":
      return severity === "error";
  }
}

function faultText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
