import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Whether a command starts here: it is what the tests of this folder compare with. */
export function starts(command: string, ...words: string[]): boolean {
  return spawnSync(command, words, { stdio: "ignore", timeout: 20_000 }).status === 0;
}

/** The first match of a pattern in what a command prints about itself. */
export function versionOf(command: string, words: readonly string[], pattern: RegExp): string {
  const { stdout, stderr } = spawnSync(command, words, { encoding: "utf8", timeout: 20_000 });
  return pattern.exec(`${stdout}${stderr}`)?.[1] ?? "";
}

/**
 * What the inputs of a run are made from. The same for everybody unless HOSTLINT_SEED says otherwise: CI gives
 * another one to each run, so that the programs are asked something new, and it is printed with every failure.
 */
export const seed = Number(process.env.HOSTLINT_SEED ?? 1);

/** How many times the usual number of inputs are tried. */
export const effort = Number(process.env.HOSTLINT_EFFORT ?? 1);

/** One input that hostlint and the program judge differently. */
export interface Disagreement {
  readonly input: unknown;
  readonly theirs: unknown;
  readonly ours: unknown;
}

/** A failure that can be repeated: the seed, then each disagreement. */
export function told(disagreements: readonly Disagreement[]): string {
  const lines = disagreements.map(
    ({ input, theirs, ours }) =>
      `${typeof input === "string" ? input : JSON.stringify(input, undefined, 1)}\n  the program: ${JSON.stringify(theirs)}\n  hostlint:    ${JSON.stringify(ours)}`,
  );
  return [`HOSTLINT_SEED=${seed}`, ...lines].join("\n\n");
}

/** Runs `use` in a folder of these files, which is removed afterwards. */
export async function inFolder<T>(
  files: Readonly<Record<string, string | Uint8Array>>,
  use: (folder: string) => T | Promise<T>,
  links: Readonly<Record<string, string>> = {},
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "hostlint-real-"));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    for (const [path, target] of Object.entries(links)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      symlinkSync(target, join(folder, path));
    }
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
