import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A new empty folder outside of the repository. */
export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), "hostlint-install-"));
}

/** The environment of a person's shell: nothing of the npm, git or CI that this test was started from. */
export function shellEnvironment(): NodeJS.ProcessEnv {
  const kept = /^npm_config_(?:registry|cache|userconfig)$/i;
  const dropped =
    /^(?:npm_|GIT_|GITHUB_|VITEST|PRE_COMMIT|NODE_ENV$|NODE_OPTIONS$|INIT_CWD$|CI$|(?:NO|FORCE)_COLOR$|HOSTLINT_)/i;
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => kept.test(name) || !dropped.test(name)),
  );
}

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function run(
  folder: string,
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Ran {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: folder,
    env: { ...shellEnvironment(), ...environment },
    encoding: "utf8",
  });
  return { status, stdout: stdout ?? "", stderr: stderr ?? "" };
}

/** Runs what must succeed; its standard output. */
export function must(
  folder: string,
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): string {
  const { status, stdout, stderr } = run(folder, command, args, environment);
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: exit ${status}\n${stdout}\n${stderr}`);
  return stdout;
}

export function commitAll(folder: string): string {
  const author = ["-c", "user.name=test", "-c", "user.email=test@example.org"];
  must(folder, "git", ["add", "--all"]);
  must(folder, "git", [...author, "commit", "--quiet", "--no-verify", "--message", "test"]);
  return must(folder, "git", ["rev-parse", "HEAD"]).trim();
}

/** What a clone of this repository would hold once the work tree is committed: nothing ignored, nothing built. */
export function freshClone(): { readonly folder: string; readonly revision: string } {
  const folder = emptyFolder();
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    encoding: "utf8",
    env: shellEnvironment(),
  });
  for (const path of listed.split("\0").filter((name) => name !== "" && existsSync(name))) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    cpSync(path, join(folder, path), { verbatimSymlinks: true });
  }
  must(folder, "git", ["init", "--quiet"]);
  return { folder, revision: commitAll(folder) };
}
