import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { rootAbove } from "../files/root-host.ts";
import { realPath, type UnsavedFile } from "../files/unsaved-file.ts";
import type { LintResult } from "../lint/lint-result.ts";
import { findConfiguration } from "./configuration-search.ts";
import { UsageError } from "./usage-error.ts";

/**
 * The text on standard input as that of a file.
 *
 * @throws UsageError where the file is a folder
 */
export function readUnsaved(file: string, workingDirectory: string): UnsavedFile {
  const path = realPath(resolve(workingDirectory, file));
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
    throw new UsageError(`--stdin-filename ${file}: it is a folder`);
  return { path, bytes: readFileSync(0) };
}

/** A result without the hosts that an unsaved file is no part of; where it is part of none, the whole. */
export function aboutHostsOf(
  { path }: UnsavedFile,
  result: LintResult,
  workingDirectory: string,
): LintResult {
  const own = result.hosts.filter(({ files }) =>
    files.some((file) => realPath(resolve(workingDirectory, file.path)) === path),
  );
  const names = new Set(own.map(({ name }) => name));
  if (names.size === 0) return result;
  const isOwn = ({ hosts }: { readonly hosts: readonly string[] }): boolean =>
    hosts.length === 0 || hosts.some((name) => names.has(name));
  return {
    ...result,
    hosts: own,
    diagnostics: result.diagnostics.filter(isOwn),
    notChecked: result.notChecked.filter(isOwn),
  };
}

/**
 * The folder in which the host of a file is looked for, where nobody names one: that of the hostlint.yaml which
 * counts for it, else its git repository, else its root tree, else its own folder.
 *
 * @param path absolute; need not exist
 */
export function folderAround(path: string): string {
  const configuration = findConfiguration(path);
  if (configuration !== undefined) return dirname(configuration);
  let own = dirname(path);
  while (own !== dirname(own) && !existsSync(own)) own = dirname(own);
  for (let folder = own; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return folder;
    if (folder === dirname(folder)) return rootAbove(path) ?? own;
  }
}
