import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { schemaFaults } from "./schema-faults.ts";
import { faulty, faultyRule, healthy, ScratchFolder } from "./scratch-folder.ts";

let scratch: ScratchFolder;
beforeEach(() => {
  scratch = new ScratchFolder();
});
afterEach(() => scratch.remove());

const read = (path: string): string => readFileSync(join(scratch.path, path), "utf8");

describe("overrides and extends", () => {
  beforeEach(() => {
    scratch.write("a/etc/nginx/nginx.conf", faulty);
    scratch.write("b/etc/nginx/nginx.conf", faulty);
  });

  it("set severities for some files, the last word counts", () => {
    const of = (rules: string): string =>
      `overrides:\n  - files: [a/]\n    rules: { ${faultyRule}: ${rules} }\n`;
    const here = (severity: string) => `a/etc/nginx/nginx.conf:4 ${severity} ${faultyRule}`;
    const there = (severity: string) => `b/etc/nginx/nginx.conf:4 ${severity} ${faultyRule}`;
    scratch.write("hostlint.yaml", of("off"));
    expect(scratch.findings([])).toEqual([there("warning")]);
    scratch.write("hostlint.yaml", `rules: { ${faultyRule}: off }\n${of("error")}`);
    expect(scratch.findings([])).toEqual([here("error")]);
    expect(scratch.findings(["a"], {})).toEqual([here("error")]);
    expect(scratch.findings([`--rule=${faultyRule}=info`])).toEqual([here("info"), there("info")]);
    scratch.write("team/hostlint.yaml", of("off"));
    scratch.write("hostlint.yaml", `extends: team/hostlint.yaml\n`);
    expect(scratch.findings([])).toEqual([here("warning"), there("warning")]);
    scratch.write("base.yaml", of("off"));
    scratch.write("hostlint.yaml", `extends: base.yaml\n`);
    expect(scratch.findings([])).toEqual([there("warning")]);
    scratch.write("hostlint.yaml", `extends: base.yaml\nrules: { ${faultyRule}: error }\n`);
    expect(scratch.findings([])).toEqual([here("error"), there("error")]);
  });

  it("leave out the paths of the extended file as well", () => {
    scratch.write("base.yaml", "ignore: [a/]\n");
    scratch.write("hostlint.yaml", "extends: base.yaml\nignore: [b/]\n");
    expect(scratch.run([]).status).toBe(3);
  });
});

describe("options of rules", () => {
  const rule = "cpu/gunicorn-workers-above-cores";
  const set = (options: string): string => `facts: { cpus: 2 }\nrules:\n  ${rule}: ${options}\n`;
  const found = (severity: string) => [`etc/systemd/system/app.service:3 ${severity} ${rule}`];
  beforeEach(() => {
    scratch.write(
      "etc/systemd/system/app.service",
      "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -w 7 app:app\n",
    );
  });

  it("move a threshold, with or without a severity", () => {
    scratch.write("hostlint.yaml", set("{}"));
    expect(scratch.findings([])).toEqual(found("warning"));
    scratch.write("hostlint.yaml", set("{ per-cpu: 3 }"));
    expect(scratch.findings([])).toEqual([]);
    scratch.write("hostlint.yaml", set("{ per-cpu: 1, severity: error }"));
    expect(scratch.findings([])).toEqual(found("error"));
    expect(scratch.findings([`--rule=${rule}=info`])).toEqual(found("info"));
    expect(scratch.findings(["--no-config", "--cpus=2"])).toEqual(found("warning"));
    scratch.write("base.yaml", set("{ per-cpu: 3 }"));
    scratch.write("hostlint.yaml", `extends: base.yaml\nrules: { ${rule}: error }\n`);
    expect(scratch.findings([])).toEqual([]);
    scratch.write("hostlint.yaml", `extends: base.yaml\nrules: { ${rule}: { per-cpu: 2.5 } }\n`);
    expect(scratch.findings([])).toEqual(found("warning"));
  });

  it("stand in the evidence with their places, and only where they are set", () => {
    scratch.write("base.yaml", set("{ per-cpu: 1.5 }"));
    scratch.write("hostlint.yaml", `extends: base.yaml\nrules: { ${rule}: { per-cpu: 1 } }\n`);
    const { stdout } = scratch.run([]);
    expect(stdout).toContain("starts 7 workers on 2 CPUs; with per-cpu 1 at most 3 are wanted");
    expect(stdout).toMatch(/^ +starting point for workers is 3: 1 x CPUs \+ 1$/m);
    expect(stdout).toMatch(/^ +per-cpu is 1 +hostlint\.yaml:2:46$/m);
    expect(stdout).toMatch(/^ +overrides 1\.5 +base\.yaml:3:39$/m);
    expect(scratch.run(["--no-config", "--cpus=2"]).stdout).not.toContain("per-cpu");
  });

  it("say of problems that they are none", () => {
    scratch.write("etc/nginx/nginx.conf", healthy.replace("http {", "http {\n  include /srv/tls/a.conf;"));
    expect(scratch.findings([])).toContain("etc/nginx/nginx.conf:7 info nginx/include-missing");
    scratch.write("hostlint.yaml", 'rules: { nginx/include-missing: { made-elsewhere: ["/srv/tls/*"] } }\n');
    expect(scratch.findings([]).join("\n")).not.toContain("nginx/include-missing");
  });

  it("are printed with their places, those that are not set with --verbose", () => {
    scratch.write("base.yaml", set("{ per-cpu: 3 }"));
    scratch.write("hostlint.yaml", `extends: base.yaml\nrules:\n  ${rule}: { per-cpu: 2.5 }\n`);
    const { stdout } = scratch.run(["--print-config"]);
    expect(stdout).toMatch(/^rules: 1 of \d+ set$/m);
    expect(stdout).toMatch(
      /^ {2}cpu\/gunicorn-workers-above-cores +warning +its own\n {4}per-cpu: 2\.5 {2}hostlint\.yaml:3:39, over 3 of base\.yaml:3:39$/m,
    );
    expect(stdout).not.toContain("its default");
    expect(scratch.run(["--print-config", "--verbose"]).stdout).toMatch(
      /^ {4}development: \[dev, devel, development, local, debug, test, testing\] {2}its default$/m,
    );
    const printed = JSON.parse(scratch.run(["--print-config", "-f", "json"]).stdout);
    expect(printed.rules[rule]).toMatchObject({
      severity: "warning",
      from: "default",
      options: {
        "per-cpu": {
          value: 2.5,
          from: "file",
          file: "hostlint.yaml",
          range: { start: { line: 3, column: 39 } },
          over: { value: 3, from: "file", file: "base.yaml" },
        },
      },
    });
    expect(printed.rules["container/variable-not-set"].options).toEqual({
      "set-elsewhere": { value: [], from: "default" },
    });
  });

  it("that do not exist are mistakes with a line", () => {
    scratch.write("hostlint.yaml", set("{ per-cpus: 3 }"));
    expect(scratch.run([])).toEqual({
      status: 2,
      stdout: "",
      stderr: "hostlint: hostlint.yaml:3:39: unknown option per-cpus, did you mean per-cpu?\n",
    });
  });

  it("are explained, and init names them", () => {
    expect(scratch.run(["explain", rule]).stdout).toContain(
      `\nOptions\n  per-cpu: a number of workers, from 0.1; 2 by default\n`,
    );
    const { stdout } = scratch.run(["init", "--stdout", "--cpus", "2"]);
    expect(stdout).toContain(`#   ${rule}: warning  # 1 finding; option: per-cpu\n`);
  });
});

describe("--print-config", () => {
  beforeEach(() => {
    scratch.write("shop/etc/nginx/nginx.conf", healthy);
    scratch.write("base.yaml", `facts:\n  cpus: 2\n  memory: 8G\nignore:\n  - old/\n`);
    scratch.write(
      "hostlint.yaml",
      `extends: base.yaml
facts:
  cpus: 4
hosts:
  - name: shop
    root: shop
    facts: { nginx: 1.26 }
rules:
  ${faultyRule}: error
overrides:
  - files: ["*.conf"]
    rules: { ${faultyRule}: off }
`,
    );
  });

  it("prints what is in force for a file, and where each setting comes from", () => {
    const { stdout, stderr, status } = scratch.run([
      "--print-config",
      "shop/etc/nginx/nginx.conf",
      "--kernel",
      "6.1",
      "--rule",
      "sysctl/no-effect=off",
    ]);
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
    expect(stdout).toMatch(
      /^shop\/etc\/nginx\/nginx\.conf: by hostlint\.yaml\n {2}which extends base\.yaml\n/,
    );
    for (const line of [
      /^facts of shop$/m,
      /^ {2}cpus +4 +hostlint\.yaml:3:3, over 2 of base\.yaml:2:3$/m,
      /^ {2}memory +8G +base\.yaml:3:3$/m,
      /^ {2}kernel +6\.1 +--kernel 6\.1$/m,
      /^ {2}nginx +1\.26 +hostlint\.yaml:7:14$/m,
      /^ {2}not declared: distribution, gunicorn, systemd, /m,
      /^rules: 2 of \d+ set$/m,
      /^ {2}slots\/worker-connections-default +off +hostlint\.yaml:12:14, for \*\.conf$/m,
      /^ {2}sysctl\/no-effect +off +--rule$/m,
      /^left out below \.\n {2}old\/$/m,
    ])
      expect(stdout).toMatch(line);
    expect(stdout.split("\n").length).toBeLessThan(30);
    expect(scratch.run(["--print-config", "--verbose"]).stdout).toMatch(
      /^ {2}nginx\/syntax +error +its own$/m,
    );
  });

  it("lists the overrides where the path is a folder, and says that a path is left out", () => {
    const { stdout } = scratch.run(["--print-config"]);
    expect(stdout).toMatch(/^ {2}slots\/worker-connections-default +error +hostlint\.yaml:9:3$/m);
    expect(stdout).toMatch(/^rules in \*\.conf\n {2}slots\/worker-connections-default +off +hostlint/m);
    expect(scratch.run(["--print-config", "old/nginx.conf"]).stdout).toContain("left out of a run");
    expect(scratch.run(["--print-config", "--no-config"]).stdout).toMatch(/^\.: no hostlint\.yaml\n/);
  });

  it("prints it for programs", () => {
    const { stdout } = scratch.run([
      "--print-config",
      "shop/etc/nginx/nginx.conf",
      "-f",
      "json",
      "--cpus",
      "8",
    ]);
    const printed = JSON.parse(stdout);
    expect(printed).toMatchObject({
      version: 1,
      path: "shop/etc/nginx/nginx.conf",
      configuration: "hostlint.yaml",
      extends: ["base.yaml"],
      ignored: false,
      overrides: [],
      ignore: [{ folder: ".", globs: ["old/"] }],
    });
    expect(printed.hosts).toHaveLength(1);
    expect(printed.hosts[0]).toMatchObject({
      name: "shop",
      facts: {
        cpus: {
          value: "8",
          from: "flag",
          over: { value: "4", from: "file", file: "hostlint.yaml", over: { value: "2", file: "base.yaml" } },
        },
      },
    });
    expect(printed.rules[faultyRule]).toMatchObject({
      severity: "off",
      from: "file",
      file: "hostlint.yaml",
      range: { start: { line: 12, column: 14 } },
      files: ["*.conf"],
    });
    expect(printed.rules["nginx/syntax"]).toEqual({ severity: "error", from: "default" });
  });

  it("refuses a wrong configuration with its line", () => {
    scratch.write("base.yaml", "facts:\n  cpu: 2\n");
    expect(scratch.run(["--print-config"])).toEqual({
      status: 2,
      stdout: "",
      stderr: "hostlint: base.yaml:2:3: unknown key cpu, did you mean cpus?\n",
    });
  });
});

describe("init", () => {
  const commentedOut = /^( *)# ((?:hosts|rules|ignore|[a-z-]+): .*|(?:hosts|rules|ignore):$| +.*)$/gm;

  it("writes a commented file of what it found, which changes nothing by itself", () => {
    scratch.write("a/etc/nginx/nginx.conf", faulty.replace("worker_processes 2;\n", ""));
    scratch.write("b/etc/nginx/nginx.conf", healthy);
    const before = scratch.findings([]);
    const { stdout, stderr, status } = scratch.run(["init"]);
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
    expect(stdout).toContain("wrote hostlint.yaml\n  found  2 hosts: a, b\n  facts  checks wait for cpus");
    const text = read("hostlint.yaml");
    expect(text).toMatch(/^facts:\n(?: {2}# [a-z-]+: \S+ +# .*\n)+/m);
    expect(text).toMatch(/^ {2}# cpus: 4 +# the number of CPUs: \d+ rules? waits?$/m);
    expect(text).toContain("# hosts:\n#   - name: a\n#     root: a\n#   - name: b\n#     root: b\n");
    expect(text).toMatch(/^# {3}slots\/worker-connections-default: warning +# 1 finding$/m);
    expect(schemaFaults(parse(text))).toEqual([]);
    expect(scratch.findings([])).toEqual(before);
  });

  it("writes nothing that is wrong once its # is removed", () => {
    scratch.write("a/etc/nginx/nginx.conf", faulty.replace("worker_processes 2;\n", ""));
    scratch.write("b/etc/nginx/nginx.conf", healthy);
    const text = scratch.run(["init", "--stdout"]).stdout.replace(commentedOut, "$1$2");
    expect(text).toMatch(/^hosts:$/m);
    expect(text).toMatch(/^ {2}cpus: 4/m);
    expect(schemaFaults(parse(text))).toEqual([]);
    scratch.write("hostlint.yaml", text);
    const { stderr, status } = scratch.run([]);
    expect({ stderr, status }).toEqual({ stderr: "", status: 1 });
  });

  it("prints instead of writing", () => {
    scratch.write("etc/nginx/nginx.conf", healthy);
    const { stdout, status } = scratch.run(["init", "--stdout"]);
    expect(status).toBe(0);
    expect(schemaFaults(parse(stdout))).toEqual([]);
    expect(existsSync(join(scratch.path, "hostlint.yaml"))).toBe(false);
  });

  it("refuses to overwrite", () => {
    scratch.write("etc/nginx/nginx.conf", healthy);
    scratch.write("hostlint.yaml", "# mine\n");
    expect(scratch.run(["init"])).toEqual({
      status: 2,
      stdout: "",
      stderr: "hostlint: hostlint.yaml exists already; init changes nothing\n",
    });
    expect(read("hostlint.yaml")).toBe("# mine\n");
  });

  it("takes in what is declared on the command line", () => {
    scratch.write("etc/nginx/nginx.conf", faulty);
    scratch.run(["init", "--cpus", "4", "--distribution", "debian 12", "--rule", `${faultyRule}=off`]);
    expect(parse(read("hostlint.yaml"))).toMatchObject({
      facts: { cpus: 4, distribution: "debian 12" },
      rules: { [faultyRule]: "off" },
    });
    expect(scratch.findings([])).toEqual([]);
  });

  it("builds on the file that has counted until now, and names an installed schema", () => {
    scratch.write("deploy/etc/nginx/nginx.conf", faulty);
    scratch.write("hostlint.yaml", `rules: { ${faultyRule}: off }\n`);
    scratch.write("node_modules/hostlint/docs/hostlint.schema.json", "{}");
    const { stdout } = scratch.run(["init", "deploy"]);
    expect(stdout).toContain("wrote deploy/hostlint.yaml\n");
    expect(stdout).toContain("hostlint --print-config deploy shows");
    const text = read("deploy/hostlint.yaml");
    expect(text).toMatch(
      /^# yaml-language-server: \$schema=\.\.\/node_modules\/hostlint\/docs\/hostlint\.schema\.json\n/,
    );
    expect(parse(text)).toMatchObject({ extends: "../hostlint.yaml" });
    expect(scratch.findings(["deploy"])).toEqual([]);
  });

  it("writes nothing where there is nothing to lint", () => {
    scratch.write("README.md", "");
    const { stderr, status } = scratch.run(["init"]);
    expect(status).toBe(3);
    expect(stderr).toContain("nothing found to lint");
    expect(existsSync(join(scratch.path, "hostlint.yaml"))).toBe(false);
    expect(scratch.run(["init", "nowhere"]).stderr).toContain("there is no such folder");
  });
});

describe("roles of files", () => {
  const edge = (roles: string): string =>
    `hosts:\n  - name: edge\n    files: [edge/main.cfg, edge/kernel]\n${roles}`;
  beforeEach(() => {
    scratch.write("edge/main.cfg", "events {}\nhttp {\n  server {\n    listen 80 backlog=4096;\n  }\n}\n");
    scratch.write("edge/kernel", "net.core.somaxconn = 1024\n");
  });

  it("make a host of files whose names say nothing", () => {
    scratch.write("hostlint.yaml", edge("    roles: { edge/main.cfg: nginx, edge/kernel: sysctl }\n"));
    expect(scratch.findings([])).toContain("edge/main.cfg:4 error queue/somaxconn-below-backlog");
  });

  it("that do not exist are mistakes with a line", () => {
    scratch.write("hostlint.yaml", edge("    roles: { edge/main.cfg: apache }\n"));
    const { status, stderr } = scratch.run([]);
    expect(stderr).toMatch(/hostlint\.yaml:4:\d+: .*expected nginx, sysctl.*not "apache"/);
    expect(status).toBe(2);
  });
});
