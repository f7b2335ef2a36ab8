import { parseArgs } from "node:util";
import { ruleIdFault } from "../lint/known-rules.ts";
import type { Severity } from "../lint/rule.ts";
import { type FactName, factNames } from "../model/value.ts";
import { didYouMean } from "../text/did-you-mean.ts";
import { factFault } from "./facts.ts";
import { UsageError } from "./usage-error.ts";

export const formatNames = [
  "stylish",
  "compact",
  "json",
  "jsonl",
  "github",
  "sarif",
  "gitlab",
  "checkstyle",
  "junit",
  "rdjson",
  "markdown",
] as const;
export type FormatName = (typeof formatNames)[number];

const failOnNames = ["error", "warning", "info", "never"] as const;
export type FailOn = (typeof failOnNames)[number];

export const severityNames = ["error", "warning", "info", "off"] as const;

/** One report: standard output where `file` is absent. */
interface Output {
  readonly format: FormatName;
  readonly file?: string;
}

/** What a command line asks for. */
export interface Arguments {
  readonly command: "lint" | "show" | "explain" | "init" | "print-config" | "help" | "version" | "list-rules";
  /** The id of the rule that `explain` is about. */
  readonly explained: string | undefined;
  /** As given; `.` where none is. Empty where the place of the unsaved file decides. */
  readonly paths: readonly string[];
  /** The file whose unsaved text comes from standard input. */
  readonly unsaved: string | undefined;
  /** Whether `init` prints what it would write. */
  readonly stdout: boolean;
  /** At least one; several to standard output only where nobody chose them. */
  readonly outputs: readonly Output[];
  readonly failOn: FailOn;
  /** Infinity where not given. */
  readonly maxWarnings: number;
  /** Whether it is fine that nothing is found to lint. */
  readonly passOnNoHosts: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly stats: boolean;
  /** False for `--no-ignores`: comments ignore nothing. */
  readonly ignores: boolean;
  /** Undefined: where the terminal has colours. */
  readonly color: boolean | undefined;
  /** A file, `search` for hostlint.yaml upwards from the first path, or `none`. */
  readonly config: { readonly file: string } | "search" | "none";
  /** Texts of the facts, checked, by their name without the dashes. */
  readonly facts: { readonly [name in FactName]?: string };
  /** Of `--rule`, the last one for each id. */
  readonly severities: ReadonlyMap<string, Severity | "off">;
}

const switches = {
  quiet: { type: "boolean" },
  verbose: { type: "boolean" },
  stats: { type: "boolean" },
  color: { type: "boolean" },
  "no-color": { type: "boolean" },
  "no-config": { type: "boolean" },
  "no-ignores": { type: "boolean" },
  "pass-on-no-hosts": { type: "boolean" },
  "list-rules": { type: "boolean" },
  "print-config": { type: "boolean" },
  stdin: { type: "boolean" },
  stdout: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "V" },
} as const;

const valued = {
  format: { type: "string", short: "f" },
  "fail-on": { type: "string" },
  "max-warnings": { type: "string" },
  config: { type: "string" },
  "stdin-filename": { type: "string" },
  rule: { type: "string" },
} as const;

const flagNames: readonly string[] = [...Object.keys(switches), ...Object.keys(valued), ...factNames];

/** What the environment says about reports where the command line says nothing. */
export interface ReportEnvironment {
  /** As after `--format`: HOSTLINT_FORMAT. */
  readonly format?: string | undefined;
  /** Whether the run is a step of GitHub Actions, whose log takes annotations beside the report. */
  readonly githubActions?: boolean;
}

/**
 * Reads the words after the program's name.
 *
 * @param ruleIds the rules that `--rule` may name
 * @throws UsageError for an unknown flag, a missing or wrong value, with the nearest right one
 */
export function readArguments(
  words: readonly string[],
  ruleIds: readonly string[],
  environment: ReportEnvironment = {},
): Arguments {
  const { tokens } = parseArgs({
    args: [...words],
    options: {
      ...switches,
      ...valued,
      ...Object.fromEntries(factNames.map((name) => [name, { type: "string" }])),
    },
    strict: false,
    tokens: true,
  });
  const flags = tokens.filter((token) => token.kind === "option").map(checkedFlag);
  const has = (name: string): boolean => flags.some((flag) => flag.name === name);
  const all = (name: string): Flag[] => flags.filter((flag) => flag.name === name);
  const last = (...names: string[]): Flag | undefined => flags.findLast((flag) => names.includes(flag.name));

  const terminator = tokens.find((token) => token.kind === "option-terminator");
  const positionals = tokens.filter((token) => token.kind === "positional");
  const [first] = positionals;
  const isWord = first !== undefined && (terminator === undefined || first.index < terminator.index);
  const word = isWord ? commandWords.find((each) => each === first.value) : undefined;
  const names = (word === undefined ? positionals : positionals.slice(1)).map((token) => token.value);
  const command = commandOf(has, word);
  const paths = word === "explain" ? [] : names;
  checkPaths(paths);
  const unsaved = unsavedOf(has, last("stdin-filename"), command, paths);
  checkCommand(command, names, has("stdout"));
  const show = command === "show" || command === "print-config";

  const chosen = all("format").map(readOutput);
  checkOutputs(chosen, show ? command : undefined);
  const outputs = chosen.length > 0 ? chosen : defaultOutputs(environment, show);
  const failOn = last("fail-on");
  const maxWarnings = last("max-warnings");
  const color = last("color", "no-color");
  return {
    command,
    explained: command === "explain" ? explainedRule(names, ruleIds) : undefined,
    paths: paths.length > 0 || unsaved !== undefined ? paths : ["."],
    unsaved,
    stdout: has("stdout"),
    outputs,
    failOn: failOn === undefined ? "warning" : oneOf(failOn, failOn.value, failOnNames),
    maxWarnings: maxWarnings === undefined ? Number.POSITIVE_INFINITY : wholeNumber(maxWarnings),
    passOnNoHosts: has("pass-on-no-hosts"),
    quiet: has("quiet"),
    verbose: has("verbose"),
    stats: has("stats"),
    ignores: !has("no-ignores"),
    color: color === undefined ? undefined : color.name === "color",
    config: configOf(last("config", "no-config")),
    facts: readFacts(flags),
    severities: new Map(all("rule").map((flag) => readSeverity(flag, ruleIds))),
  };
}

interface Flag {
  readonly name: string;
  /** As written: `-f`, `--format`. */
  readonly rawName: string;
  /** Empty for a switch. */
  readonly value: string;
}

function checkedFlag({
  name,
  rawName,
  value,
  inlineValue,
}: {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}): Flag {
  if (!flagNames.includes(name))
    throw new UsageError(
      `unknown flag ${rawName}${
        rawName.startsWith("--")
          ? didYouMean(
              rawName,
              flagNames.map((each) => `--${each}`),
            )
          : ""
      }`,
    );
  if (name in switches) {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value`);
    return { name, rawName, value: "" };
  }
  if (value === undefined || value === "") throw new UsageError(`${rawName} needs a value`);
  if (inlineValue !== true && value.startsWith("-") && value !== "-")
    throw new UsageError(`${rawName} needs a value, and ${value} is a flag`);
  return { name, rawName, value };
}

const commandWords = ["show", "explain", "init"] as const;

function commandOf(
  has: (name: string) => boolean,
  word: (typeof commandWords)[number] | undefined,
): Arguments["command"] {
  if (has("help")) return "help";
  if (has("version")) return "version";
  if (has("list-rules")) return "list-rules";
  if (has("print-config")) return "print-config";
  return word ?? "lint";
}

function explainedRule(names: readonly string[], ruleIds: readonly string[]): string {
  const [id, ...others] = names;
  if (id === undefined) throw new UsageError(`explain needs a rule, such as ${exampleRule}`);
  if (others.length > 0) throw new UsageError(`explain takes one rule, not ${names.length}`);
  const fault = ruleIdFault(id, ruleIds);
  if (fault !== undefined) throw new UsageError(`explain: ${fault}`);
  return id;
}

function checkPaths(paths: readonly string[]): void {
  if (paths.includes("")) throw new UsageError("a PATH is empty");
  if (paths.indexOf("-") !== paths.lastIndexOf("-"))
    throw new UsageError("- (standard input) is named twice");
}

/** The commands about one place, and the switch of one of them. */
function checkCommand(command: Arguments["command"], names: readonly string[], stdout: boolean): void {
  if (stdout && command !== "init") throw new UsageError("--stdout belongs to init");
  if (command === "init" && (names.length > 1 || names.includes("-")))
    throw new UsageError("init takes one folder");
  if (command === "print-config" && names.length > 1) throw new UsageError("--print-config takes one PATH");
}

function unsavedOf(
  has: (name: string) => boolean,
  file: Flag | undefined,
  command: Arguments["command"],
  paths: readonly string[],
): string | undefined {
  if (!has("stdin") && file === undefined) return undefined;
  if (file === undefined)
    throw new UsageError("--stdin needs --stdin-filename PATH, the file that it is the text of");
  if (!has("stdin")) throw new UsageError("--stdin-filename belongs to --stdin");
  if (command !== "lint" && command !== "show" && command !== "help" && command !== "version")
    throw new UsageError("--stdin is for linting and show");
  if (paths.includes("-")) throw new UsageError("- and --stdin both read standard input");
  return file.value;
}

function configOf(flag: Flag | undefined): Arguments["config"] {
  if (flag === undefined) return "search";
  return flag.name === "no-config" ? "none" : { file: flag.value };
}

function readFacts(flags: readonly Flag[]): Arguments["facts"] {
  const texts: { [name in FactName]?: string } = {};
  for (const { name, rawName, value } of flags) {
    const fact = factNames.find((each) => each === name);
    if (fact === undefined) continue;
    const fault = factFault(fact, value);
    if (fault !== undefined) throw new UsageError(`${rawName}: ${fault}`);
    texts[fact] = value;
  }
  return texts;
}

function readOutput(flag: Flag): Output {
  const equals = flag.value.indexOf("=");
  if (equals === -1) return { format: oneOf(flag, flag.value, formatNames) };
  const file = flag.value.slice(equals + 1);
  if (file === "") throw new UsageError(`${flag.rawName} ${flag.value} names no file`);
  return { format: oneOf(flag, flag.value.slice(0, equals), formatNames), file };
}

function defaultOutputs({ format, githubActions }: ReportEnvironment, show: boolean): Output[] {
  const stylish: Output = { format: "stylish" };
  if (format !== undefined && format !== "") {
    const output = readOutput({ name: "format", rawName: "HOSTLINT_FORMAT", value: format });
    return [show && !isShown(output) ? stylish : output];
  }
  return githubActions === true && !show ? [stylish, { format: "github" }] : [stylish];
}

/** Whether `show` and --print-config have this form. */
function isShown({ format }: Output): boolean {
  return format === "stylish" || format === "json";
}

/** @param command set where it prints stylish and json only */
function checkOutputs(outputs: readonly Output[], command: Arguments["command"] | undefined): void {
  const targets = outputs.map(({ file }) => file);
  const twice = targets.find((file, index) => targets.indexOf(file) !== index);
  if (twice !== undefined) throw new UsageError(`two formats would be written to ${twice}`);
  if (targets.filter((file) => file === undefined).length > 1)
    throw new UsageError(
      "two formats would be written to standard output; write one to a file: --format json=FILE",
    );
  const other = command === undefined ? undefined : outputs.find((output) => !isShown(output));
  if (other !== undefined)
    throw new UsageError(
      `${command === "show" ? command : `--${command}`} prints stylish or json, not ${other.format}`,
    );
}

function readSeverity(flag: Flag, ruleIds: readonly string[]): [id: string, severity: Severity | "off"] {
  const equals = flag.value.lastIndexOf("=");
  if (equals < 1)
    throw new UsageError(
      `${flag.rawName}: expected ID=SEVERITY, such as ${exampleRule}=off, not "${flag.value}"`,
    );
  const id = flag.value.slice(0, equals);
  const fault = ruleIdFault(id, ruleIds);
  if (fault !== undefined) throw new UsageError(`${flag.rawName}: ${fault}`);
  return [id, oneOf(flag, flag.value.slice(equals + 1), severityNames)];
}

/** For messages and for the first configuration. */
export const exampleRule = "queue/somaxconn-below-backlog";

function wholeNumber({ rawName, value }: Flag): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new UsageError(`${rawName}: expected a whole number from 0, not "${value}"`);
}

function oneOf<const T extends string>(flag: Flag, word: string, words: readonly T[]): T {
  const found = words.find((each) => each === word);
  if (found !== undefined) return found;
  throw new UsageError(
    `${flag.rawName}: expected ${words.join(", ")}, not "${word}"${didYouMean(word, words)}`,
  );
}
