import { readFileSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import { SourceFile } from "../text/source-file.ts";
import type { Arguments } from "./arguments.ts";
import type { Configuration } from "./configuration.ts";
import { findConfiguration } from "./configuration-search.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Reads the configuration that counts for a run; undefined where there is none. The parser and the schema are
 * loaded only when there is one, since they cost more than everything else at start.
 *
 * @throws UsageError with every fault and its line, or when a file named by --config cannot be read
 */
export async function loadConfiguration(
  { config, paths }: Pick<Arguments, "config" | "paths">,
  workingDirectory: string,
  ruleIds: readonly string[],
): Promise<Configuration | undefined> {
  if (config === "none") return undefined;
  const path =
    config === "search"
      ? findConfiguration(searchStart(paths, workingDirectory))
      : resolve(workingDirectory, config.file);
  if (path === undefined) return undefined;
  const shown = relative(workingDirectory, path).split(sep).join("/");
  const file = SourceFile.fromBytes(shown, readBytes(path, shown));
  const { readConfiguration } = await import("./configuration-file.ts");
  return readConfiguration(file, dirname(path), ruleIds);
}

function searchStart(paths: readonly string[], workingDirectory: string): string {
  const first = paths[0] ?? ".";
  return resolve(workingDirectory, first === "-" ? "." : first);
}

function readBytes(path: string, shown: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(`${shown}: cannot be read: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "no such file";
  if (code === "EISDIR") return "it is a directory";
  if (code === "EACCES") return "permission denied";
  return error instanceof Error ? error.message : String(error);
}
