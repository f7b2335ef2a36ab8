import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commentStyle } from "../../src/lint/ignores/comment-style.ts";
import { commentedText } from "../../src/lint/ignores/read-comments.ts";
import { SourceFile } from "../../src/text/source-file.ts";

const program = resolve("dist/hostlint.cjs");
const rule = "queue/somaxconn-below-backlog";
const comment = `# hostlint-ignore ${rule} -- the load balancer queues`;
const page = readFileSync("docs/ignoring.md", "utf8");

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hostlint-ignoring-"));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function run(...args: string[]): { stdout: string; status: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, ...args], {
    cwd: root,
    encoding: "utf8",
    env: { PATH: process.env.PATH },
  });
  expect(stderr).toBe("");
  return { stdout, status };
}

const server = (line: string): string =>
  `worker_rlimit_nofile 4096;\nevents {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    ${line}\n  }\n}\n`;

describe("ignore comments", () => {
  beforeEach(() => write("etc/sysctl.d/60-net.conf", "net.core.somaxconn = 1024\n"));

  it("take a finding out of the report and of the exit code, and are counted", () => {
    write("etc/nginx/nginx.conf", server("listen 80 backlog=4096;"));
    expect(run().status).toBe(1);
    write("etc/nginx/nginx.conf", server(`listen 80 backlog=4096; ${comment}`));
    const { stdout, status } = run();
    expect(status).toBe(0);
    expect(stdout).toMatch(/^✔ no problems, 1 ignored(?:, \d+ rules not fully checked)?$/m);
    expect(JSON.parse(run("--format", "json").stdout).summary).toMatchObject({ findings: 0, ignored: 1 });
  });

  it("count for nothing in an audit", () => {
    write("etc/nginx/nginx.conf", server(`listen 80 backlog=4096; ${comment}`));
    const { stdout, status } = run("--no-ignores", "--format", "json");
    expect(status).toBe(1);
    const { diagnostics, summary } = JSON.parse(stdout);
    expect(diagnostics.map((each: { rule: string }) => each.rule)).toEqual([rule]);
    expect(summary.ignored).toBe(0);
  });

  it("are findings where they are wrong, with a severity that can be set", () => {
    write("etc/nginx/nginx.conf", server(`listen 80; # hostlint-ignore ${rule}`));
    expect(run().status).toBe(1);
    expect(run("--rule", "ignore/reason-missing=info").status).toBe(0);
  });
});

describe("docs/ignoring.md", () => {
  it("shows a comment that works", () => {
    const [, text = ""] = /```nginx\n(.*?)```/s.exec(page) ?? [];
    write("etc/sysctl.d/60-net.conf", "net.core.somaxconn = 1024\n");
    write("etc/nginx/nginx.conf", server("").replace(/ {2}server.*\}\n\}/s, `${text}}`));
    const { diagnostics, summary } = JSON.parse(run("--format", "json").stdout);
    expect(diagnostics).toEqual([]);
    expect(summary.ignored).toBe(1);
  });

  it.each([
    ["nginx", "/etc/nginx/nginx.conf", "a b; # c", 1],
    ["Python", "/srv/gunicorn.conf.py", "a = 1 # c", 1],
    ["limits.conf", "/etc/security/limits.conf", "a - nofile 5 # c", 1],
    ["sysctl", "/etc/sysctl.conf", "a = 1 # c", 0],
    ["systemd units", "/etc/systemd/system/a.service", "A=b # c", 0],
  ])("tells where a comment may stand in a file of %s", (kind, path, line, count) => {
    const row = page.split("\n").find((each) => each.startsWith(`| ${kind}`)) ?? "";
    const [, , above = "", behind = ""] = row.split("|");
    const comments = (text: string) => commentedText(new SourceFile(path, text), commentStyle(path)).comments;
    expect(comments(line)).toHaveLength(count);
    expect(behind.trim().startsWith("`#`")).toBe(count === 1);
    for (const mark of ["#", ";"])
      expect(comments(`${mark} c`).length === 1).toBe(above.includes(`\`${mark}\``));
  });
});
