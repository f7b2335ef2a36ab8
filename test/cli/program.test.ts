import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const program = resolve("dist/hostlint.cjs");
const healthy =
  "worker_processes 2;\nworker_rlimit_nofile 4096;\nevents {\n  worker_connections 2048;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n";
const faulty = healthy.replace("worker_connections 2048", "worker_connections 512");

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hostlint-program-"));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(path: string, text: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function run(args: readonly string[], options: { input?: string; env?: Record<string, string> } = {}) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, ...args], {
    cwd: root,
    encoding: "utf8",
    input: options.input ?? "",
    env: { PATH: process.env.PATH, ...options.env },
  });
  return { stdout, stderr, status };
}

const rulesOf = (stdout: string): string[] =>
  JSON.parse(stdout).diagnostics.map((each: { rule: string }) => each.rule);

describe("exit codes", () => {
  it("is 0 for a host without findings", () => {
    write("etc/nginx/nginx.conf", healthy);
    expect(run([])).toMatchObject({ status: 0, stderr: "" });
  });

  it("is 1 for a warning, 0 when only errors count", () => {
    write("etc/nginx/nginx.conf", faulty);
    expect(run([]).status).toBe(1);
    expect(run(["--fail-on", "error"]).status).toBe(0);
  });

  it("is 1 for more warnings than allowed", () => {
    write("etc/nginx/nginx.conf", faulty);
    expect(run(["--fail-on", "error", "--max-warnings", "0"]).status).toBe(1);
    expect(run(["--fail-on", "error", "--max-warnings", "1"]).status).toBe(0);
  });

  it("is 2 for wrong usage and for a wrong configuration, with the reason on standard error", () => {
    write("etc/nginx/nginx.conf", healthy);
    expect(run(["--formt", "json"])).toMatchObject({ status: 2, stdout: "" });
    expect(run(["--formt", "json"]).stderr).toContain("--format");
    write("hostlint.yaml", "facts:\n  cpus: many\n");
    const { status, stderr } = run([]);
    expect(status).toBe(2);
    expect(stderr).toContain("hostlint.yaml:2");
  });

  it("is 3 when there is nothing to lint", () => {
    write("README.txt", "nothing here\n");
    expect(run([]).status).toBe(3);
    expect(run(["--pass-on-no-hosts"])).toMatchObject({ status: 0, stdout: run([]).stdout });
    expect(run(["--pass-on-no-hosts", "nowhere.conf"]).status).toBe(1);
  });

  it("is never 0 when a named path cannot be read or a file cannot be parsed", () => {
    write("etc/nginx/nginx.conf", healthy);
    const missing = run([".", "nowhere.conf", "--format", "json", "--fail-on", "never"]);
    expect(missing.status).toBe(1);
    expect(rulesOf(missing.stdout)).toContain("files/unreadable");
    write("etc/nginx/nginx.conf", healthy.replace("}\n}\n", "}\n"));
    const broken = run([".", "--format", "json", "--fail-on", "never"]);
    expect(broken.status).toBe(1);
    expect(rulesOf(broken.stdout)).toContain("nginx/syntax");
  });
});

describe("output", () => {
  it("writes several formats at once", () => {
    write("etc/nginx/nginx.conf", faulty);
    const { stdout } = run(["--format", "json=report.json", "--format", "compact"]);
    expect(rulesOf(readFileSync(join(root, "report.json"), "utf8"))).toEqual([
      "slots/worker-connections-default",
    ]);
    expect(stdout).toContain("etc/nginx/nginx.conf:4:22: warning: ");
  });

  it("takes the format of the environment where none is given", () => {
    write("etc/nginx/nginx.conf", faulty);
    const env = { HOSTLINT_FORMAT: "jsonl" };
    expect(JSON.parse(run([], { env }).stdout).rule).toBe("slots/worker-connections-default");
    expect(run(["--format", "compact"], { env }).stdout).toContain("1 problem (1 warning)");
    expect(run([], { env: { HOSTLINT_FORMAT: "jsonnl" } })).toMatchObject({ status: 2, stdout: "" });
  });

  it("annotates the lines of a pull request beside the report in GitHub Actions", () => {
    write("etc/nginx/nginx.conf", faulty);
    const env = { GITHUB_ACTIONS: "true" };
    const { stdout } = run([], { env });
    expect(stdout).toContain("✖ 1 problem (1 warning)");
    expect(stdout).toContain("\n::warning file=etc/nginx/nginx.conf,line=4,endLine=4,col=22,");
    expect(run(["--format", "stylish"], { env }).stdout).not.toContain("::warning");
    expect(run(["show"], { env }).stdout).not.toContain("::");
  });

  it.each<[string, RegExp]>([
    ["compact", /^etc\/nginx\/nginx\.conf:4:22: warning: /],
    ["json", /^\{\n {2}"version": 1,/],
    ["jsonl", /^\{"rule":"slots\/worker-connections-default"/],
    ["github", /^::warning file=etc\/nginx\/nginx\.conf,/],
    ["sarif", /"semanticVersion": "\d+\.\d+\.\d+"/],
    ["gitlab", /^\[\n {2}\{\n {4}"description": "slots\/worker-connections-default: /],
    ["checkstyle", /<file name="etc\/nginx\/nginx\.conf">/],
    ["junit", /<testsuites name="hostlint" tests="1" failures="1" errors="0">/],
    ["rdjson", /"path": "etc\/nginx\/nginx\.conf"/],
    ["markdown", /^## hostlint: 1 problem \(1 warning\)/],
  ])("writes %s", (format, expected) => {
    write("etc/nginx/nginx.conf", faulty);
    const { stdout, stderr, status } = run(["--format", format]);
    expect(stdout).toMatch(expected);
    expect({ stderr, status }).toEqual({ stderr: "", status: 1 });
  });

  it("explains a rule", () => {
    const { stdout, status } = run(["explain", "queue/somaxconn-below-backlog"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^queue\/somaxconn-below-backlog {2}error, since 0\.1\.0\n/);
    for (const title of ["What it does", "Why it matters", "What to do", "Sources"])
      expect(stdout).toContain(`\n${title}\n`);
    expect(stdout).not.toMatch(/[«»⟦⟧\x1b]/);
    expect(run(["explain", "queue/nonsense"])).toMatchObject({ status: 2, stdout: "" });
  });

  it("has no escape sequences in a pipe, and has them when they are forced", () => {
    write("etc/nginx/nginx.conf", faulty);
    expect(run([]).stdout).not.toContain("\u001b");
    expect(run([], { env: { FORCE_COLOR: "1" } }).stdout).toContain("\u001b[");
    expect(run([], { env: { FORCE_COLOR: "1", NO_COLOR: "1" } }).stdout).not.toContain("\u001b");
  });

  it("shows the effective model", () => {
    write("etc/nginx/nginx.conf", healthy);
    const { stdout, status } = run(["show"]);
    expect(status).toBe(0);
    expect(stdout).toContain("worker_connections");
    expect(JSON.parse(run(["show", "--format", "json"]).stdout)).toBeTruthy();
  });

  it("prints the version and the help", () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(run(["--version"]).stdout).toBe(`${version}\n`);
    expect(run(["--help"]).stdout).toContain("usage: hostlint");
  });
});

it("ends quietly when the reader of its output does", () => {
  write("etc/sysctl.d/60-net.conf", "net.core.somaxconn\n".repeat(5000));
  const { stderr, status } = spawnSync(
    "bash",
    ["-c", `"${process.execPath}" "${program}" . | head -1 > /dev/null; exit "\${PIPESTATUS[0]}"`],
    {
      cwd: root,
      encoding: "utf8",
    },
  );
  expect(stderr).toBe("");
  expect(status).toBe(1);
});

it("loses nothing where its reader is slower than it, on a pipe that never waits", async () => {
  write("etc/sysctl.d/60-net.conf", "net.core.somaxconn\n".repeat(5000));
  const expected = run(["--format", "compact"]).stdout;
  const pipe = join(root, "pipe");
  expect(spawnSync("mkfifo", [pipe]).status).toBe(0);
  const end = openSync(pipe, constants.O_RDWR);
  const child = spawn(process.execPath, [program, ".", "--format", "compact"], {
    cwd: root,
    stdio: ["ignore", end, "inherit"],
    env: { PATH: process.env.PATH },
  });
  // A socket makes the open file that both have one that never waits.
  const reader = new Socket({ fd: end, readable: true, writable: false });
  const chunks: Buffer[] = [];
  reader.on("data", (chunk) => {
    chunks.push(chunk);
    reader.pause();
    setTimeout(() => reader.resume(), 10);
  });
  await once(child, "exit");
  while (Buffer.concat(chunks).length < expected.length) await once(reader, "data");
  reader.destroy();
  expect(child.exitCode).toBe(1);
  expect(expected.length).toBeGreaterThan(200_000);
  expect(Buffer.concat(chunks).toString()).toBe(expected);
});

describe.runIf(process.platform === "linux")("on a terminal", () => {
  /** util-linux's script gives the program a terminal of its own. */
  function onTerminal(columns: number, env: Record<string, string> = {}): string {
    write("etc/nginx/nginx.conf", faulty);
    const command = `stty cols ${columns}; "${process.execPath}" "${program}"`;
    const { stdout, stderr } = spawnSync("script", ["-qec", command, "/dev/null"], {
      cwd: root,
      encoding: "utf8",
      env: { PATH: process.env.PATH, TERM: "xterm", ...env },
    });
    expect(stderr).toBe("");
    return stdout;
  }
  const colour = /\x1b\[\d+m/g;
  const longest = (text: string): number =>
    Math.max(...text.split(/\r?\n/).map((line) => line.replace(colour, "").length));

  it("paints, unless it is told not to", () => {
    expect(onTerminal(100)).toMatch(colour);
    expect(onTerminal(100, { NO_COLOR: "1" })).not.toMatch(colour);
    expect(onTerminal(100, { TERM: "dumb" })).not.toMatch(colour);
  });

  it("breaks lines at its width", () => {
    expect(longest(onTerminal(80))).toBeLessThanOrEqual(80);
    expect(longest(onTerminal(240))).toBeGreaterThan(80);
  });
});

describe("input", () => {
  it("reads an nginx -T dump from standard input", () => {
    const dump = `nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n# configuration file /etc/nginx/nginx.conf:\n${faulty}\n`;
    const { stdout, status } = run(["-", "--format", "json"], { input: dump });
    expect(status).toBe(1);
    expect(JSON.parse(stdout).diagnostics[0]).toMatchObject({
      rule: "slots/worker-connections-default",
      file: "/etc/nginx/nginx.conf",
      range: { start: { line: 4 } },
    });
  });

  it("reads a single file, with what it includes beside it", () => {
    write("etc/nginx/nginx.conf", healthy.replace("http {", "http {\n  include upstream.conf;"));
    write("etc/nginx/upstream.conf", "upstream app {\n  server 127.0.0.1:8000\n}\n");
    const { stdout } = run(["etc/nginx/nginx.conf", "--format", "json"]);
    expect(rulesOf(stdout)).toEqual(["nginx/syntax"]);
    expect(JSON.parse(stdout).diagnostics[0].file).toBe("etc/nginx/upstream.conf");
  });

  it("declares facts by flags", () => {
    write("etc/nginx/nginx.conf", healthy.replace("worker_processes 2;\n", ""));
    expect(rulesOf(run(["--format", "json", "--cpus", "4"]).stdout)).toEqual([
      "cpu/worker-processes-default",
    ]);
  });

  it("turns rules off and takes severities from the configuration", () => {
    write("etc/nginx/nginx.conf", faulty);
    expect(run(["--rule", "slots/worker-connections-default=off"]).status).toBe(0);
    write("hostlint.yaml", "rules:\n  slots/worker-connections-default: info\n");
    expect(run([]).status).toBe(0);
  });

  it("passes over what the configuration ignores", () => {
    write("web/nginx.conf", faulty);
    write("old/nginx.conf", faulty);
    write("hostlint.yaml", "ignore:\n  - old/\n");
    const { stdout } = run(["--format", "json"]);
    expect(JSON.parse(stdout).diagnostics.map((each: { file: string }) => each.file)).toEqual([
      "web/nginx.conf",
    ]);
  });

  it("keeps hosts of the configuration apart, each with its facts", () => {
    write("a/etc/nginx/nginx.conf", healthy.replace("worker_processes 2", "worker_processes 1"));
    write("b/etc/nginx/nginx.conf", healthy.replace("worker_processes 2", "worker_processes 1"));
    write(
      "hostlint.yaml",
      "hosts:\n  - name: small\n    root: a\n    facts:\n      cpus: 1\n  - name: large\n    root: b\n    facts:\n      cpus: 8\n",
    );
    const { hosts, diagnostics } = JSON.parse(run(["--format", "json"]).stdout);
    expect(hosts.map((each: { name: string }) => each.name)).toEqual(["small", "large"]);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ file: "b/etc/nginx/nginx.conf", hosts: ["large"] });
  });
});

describe("bad input gives a diagnostic, and the rest is still linted", () => {
  it.each<[string, string, string | Uint8Array, string | undefined]>([
    [
      "NUL bytes for a name",
      "etc/nginx/conf.d/a.conf",
      "server {\n  listen 81;\n  \0\0\0;\n}\n",
      "nginx/unknown-directive",
    ],
    ["a NUL byte in a value", "etc/nginx/conf.d/a.conf", "server {\n  root /srv/a\0b;\n}\n", "nginx/syntax"],
    ["a byte order mark", "etc/nginx/conf.d/a.conf", "\ufeffserver {\n  listen 81;\n}\n", undefined],
    ["invalid UTF-8", "etc/nginx/conf.d/a.conf", Buffer.from([0x23, 0xff, 0xfe, 0x0a]), undefined],
    ["100,000 open blocks", "etc/nginx/conf.d/a.conf", "location / {".repeat(100_000), "nginx/syntax"],
    ["an include of itself", "etc/nginx/conf.d/a.conf", "include conf.d/*.conf;\n", "nginx/include-cycle"],
    ["a unit of NUL bytes", "etc/systemd/system/x.service", "[Service]\n\0=\0\n", undefined],
    [
      "a quote without end",
      "etc/systemd/system/x.service",
      '[Service]\nExecStart=/bin/x "\n',
      "systemd/syntax",
    ],
    ["a sysctl file without sense", "etc/sysctl.d/9.conf", "net.core.somaxconn\n=\n= =\n", "sysctl/syntax"],
  ])("%s", (_, path, content, rule) => {
    write("etc/nginx/nginx.conf", faulty.replace("http {", "http {\n  include conf.d/*.conf;"));
    write(path, content);
    const { stdout, stderr, status } = run(["--format", "json"]);
    expect(stderr).toBe("");
    expect(status).toBe(1);
    expect(rulesOf(stdout)).toContain("slots/worker-connections-default");
    if (rule !== undefined) expect(rulesOf(stdout)).toContain(rule);
  });

  it("a link that leaves the root is resolved inside of it", () => {
    write("outside/secret.conf", "server { listen 99 backlog=1; secret }\n");
    write("host/etc/nginx/nginx.conf", faulty.replace("http {", "http {\n  include conf.d/*.conf;"));
    mkdirSync(join(root, "host/etc/nginx/conf.d"));
    symlinkSync("../../../../outside/secret.conf", join(root, "host/etc/nginx/conf.d/x.conf"));
    const { stdout } = run(["host", "--format", "json"]);
    expect(stdout).not.toContain("secret }");
    expect(rulesOf(stdout)).toContain("slots/worker-connections-default");
  });

  it("a loop of directory links ends", () => {
    write("etc/nginx/nginx.conf", faulty);
    symlinkSync("..", join(root, "etc/nginx/loop"));
    expect(run([]).status).toBe(1);
  });

  it("a file of 50 MB is read", () => {
    write("etc/nginx/nginx.conf", `${faulty}${"# filler\n".repeat(5_600_000)}`);
    const { stdout, status } = run(["--format", "json"]);
    expect(status).toBe(1);
    expect(rulesOf(stdout)).toContain("slots/worker-connections-default");
  });
});
