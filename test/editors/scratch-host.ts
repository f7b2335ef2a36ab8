import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll } from "vitest";

const made: string[] = [];

afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A text with one finding, in the line of worker_connections. */
export const faulty =
  "worker_processes 2;\nevents {\n  worker_connections 512;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n";

/** The same without a finding. */
export const healthy = faulty.replace("events", "worker_rlimit_nofile 4096;\nevents").replace("512", "2048");

/** A folder with a host in etc/, and the environment of a shell that has `hostlint` on its PATH. */
export function scratchHost(): {
  readonly folder: string;
  readonly nginx: string;
  readonly env: NodeJS.ProcessEnv;
} {
  const folder = mkdtempSync(join(tmpdir(), "hostlint-editor-"));
  made.push(folder);
  const nginx = join(folder, "etc/nginx/nginx.conf");
  mkdirSync(join(folder, "etc/nginx"), { recursive: true });
  mkdirSync(join(folder, "bin"));
  writeFileSync(nginx, healthy);
  const program = join(folder, "bin/hostlint");
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${resolve("dist/hostlint.cjs")}" "$@"\n`);
  chmodSync(program, 0o755);
  return {
    folder,
    nginx,
    env: { PATH: `${join(folder, "bin")}:${process.env.PATH ?? ""}`, HOME: folder, LC_ALL: "C.UTF-8" },
  };
}
