import { readFileSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import type { DeclaredOptions } from "../lint/rule-options.ts";
import { harmless } from "../report/harmless-text.ts";
import { placeText } from "../report/place.ts";
import { SourceFile } from "../text/source-file.ts";
import type { Span } from "../text/span.ts";
import type { Arguments } from "./arguments.ts";
import type { Configuration, ConfigurationFile, Override, RuleSettings } from "./configuration.ts";
import type { KnownRules } from "./configuration-rules.ts";
import { findConfiguration } from "./configuration-search.ts";
import { inForce } from "./facts.ts";
import { UsageError } from "./usage-error.ts";

/** A file in place of which a text counts. */
interface Unsaved {
  /** Absolute. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads the configuration that counts for a run, with those that it extends; undefined where there is none. The
 * parser and the schema are loaded only when there is one, since they cost more than everything else at start.
 *
 * @throws UsageError with every fault and its line, or when a file named by --config cannot be read
 */
export async function loadConfiguration(
  { config, paths }: Pick<Arguments, "config" | "paths">,
  workingDirectory: string,
  rules: KnownRules,
  unsaved?: Unsaved,
): Promise<Configuration | undefined> {
  if (config === "none") return undefined;
  const path =
    config === "search"
      ? findConfiguration(searchStart(paths, workingDirectory))
      : resolve(workingDirectory, config.file);
  if (path === undefined) return undefined;
  const { readConfiguration } = await import("./configuration-file.ts");
  const read = (each: string, at?: Span): ConfigurationFile => {
    const shown = relative(workingDirectory, each).split(sep).join("/");
    const bytes = unsaved?.path === each ? unsaved.bytes : readBytes(each, shown, at);
    return readConfiguration(SourceFile.fromBytes(shown, bytes), dirname(each), rules);
  };
  return merged(withExtended(path, read));
}

function searchStart(paths: readonly string[], workingDirectory: string): string {
  const first = paths[0] ?? ".";
  return resolve(workingDirectory, first === "-" ? "." : first);
}

/** Nobody builds a configuration of more; two files that each extend the next twice would be read for ever. */
const mostExtended = 50;

/** A file and those that it extends: what counts more comes later. */
function withExtended(
  path: string,
  read: (path: string, at?: Span) => ConfigurationFile,
): ConfigurationFile[] {
  let count = 0;
  const follow = (each: string, above: readonly string[], at?: Span): ConfigurationFile[] => {
    count += 1;
    if (at !== undefined && above.includes(each))
      throw new UsageError(
        `${placeText(at)}: ${harmless(relative(dirname(path), each))} extends this file, directly or through others`,
      );
    if (at !== undefined && count > mostExtended)
      throw new UsageError(`${placeText(at)}: extends more than ${mostExtended} files`);
    const file = read(each, at);
    return [...file.extends.flatMap((next) => follow(next.path, [...above, each], next.at)), file];
  };
  return follow(path, []);
}

function merged(files: readonly ConfigurationFile[]): Configuration | undefined {
  const own = files.at(-1);
  if (own === undefined) return undefined;
  let severities: RuleSettings = new Map();
  const options = new Map<string, DeclaredOptions>();
  let overrides: readonly Override[] = [];
  for (const file of files) {
    severities = new Map([...severities, ...file.severities]);
    for (const [id, set] of file.options) options.set(id, withLosers(options.get(id), set));
    overrides = [...withoutRules(overrides, file.severities), ...file.overrides];
  }
  return {
    path: own.path,
    directory: own.directory,
    extended: [...new Set(files.slice(0, -1).map((file) => file.path))],
    facts: inForce(...files.map((file) => file.facts)),
    hosts: own.hosts,
    severities,
    options,
    overrides,
    ignore: files.map((file) => file.ignore),
  };
}

/** The options of a rule as two files set them: the later one wins by name and knows what it wins over. */
function withLosers(before: DeclaredOptions | undefined, later: DeclaredOptions): DeclaredOptions {
  const merged = new Map(before);
  for (const [name, option] of later) {
    const over = before?.get(name);
    merged.set(name, over === undefined ? option : { ...option, over });
  }
  return merged;
}

/** Overrides without the rules that somebody with a later word has set for all files. */
export function withoutRules(
  overrides: readonly Override[],
  rules: { has(id: string): boolean },
): Override[] {
  return overrides.map(({ files, severities }) => ({
    files,
    severities: new Map([...severities].filter(([id]) => !rules.has(id))),
  }));
}

function readBytes(path: string, shown: string, at: Span | undefined): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const name = at === undefined ? `${shown}:` : `${placeText(at)}: ${harmless(shown)}`;
    throw new UsageError(`${name} cannot be read: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "no such file";
  if (code === "EISDIR") return "it is a directory";
  if (code === "EACCES") return "permission denied";
  return error instanceof Error ? error.message : String(error);
}
