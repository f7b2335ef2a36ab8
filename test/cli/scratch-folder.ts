import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const program = resolve("dist/hostlint.cjs");

/** A configuration without a finding, and one with a warning in the line of worker_connections. */
export const healthy =
  "worker_processes 2;\nworker_rlimit_nofile 4096;\nevents {\n  worker_connections 2048;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n";
export const faulty = healthy.replace("worker_connections 2048", "worker_connections 512");
export const faultyRule = "slots/worker-connections-default";

/** A folder in which the built program runs as its user runs it. */
export class ScratchFolder {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), "hostlint-run-")));

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.path, path)), { recursive: true });
    writeFileSync(join(this.path, path), text);
  }

  run(args: readonly string[], options: { readonly input?: string; readonly below?: string } = {}) {
    const { stdout, stderr, status } = spawnSync(process.execPath, [program, ...args], {
      cwd: join(this.path, options.below ?? ""),
      encoding: "utf8",
      input: options.input ?? "",
      env: { PATH: process.env.PATH },
    });
    return { stdout, stderr, status };
  }

  /** `path:line severity rule` of each finding of a run. */
  findings(
    args: readonly string[],
    options: { readonly input?: string; readonly below?: string } = {},
  ): string[] {
    const { stdout, stderr } = this.run([...args, "--format", "json"], options);
    if (stderr !== "") throw new Error(stderr);
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: { file: string; severity: string; rule: string; range: { start: { line: number } } }[];
    };
    return diagnostics.map(
      ({ file, severity, rule, range }) => `${file}:${range.start.line} ${severity} ${rule}`,
    );
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
