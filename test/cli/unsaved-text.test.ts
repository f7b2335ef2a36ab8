import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { faulty, faultyRule, healthy, ScratchFolder } from "./scratch-folder.ts";

let scratch: ScratchFolder;
beforeEach(() => {
  scratch = new ScratchFolder();
});
afterEach(() => scratch.remove());

const as = (path: string): string[] => ["--stdin", "--stdin-filename", path];
const nginx = "host/etc/nginx/nginx.conf";

describe("--stdin", () => {
  it("reads the unsaved text in place of the file, with all that the disk has beside it", () => {
    scratch.write(nginx, faulty);
    scratch.write("host/etc/sysctl.d/60-net.conf", "net.core.somaxconn = 128\n");
    const backlog = "host/etc/nginx/nginx.conf:8 warning queue/somaxconn-below-backlog";
    expect(scratch.findings(as(nginx), { input: healthy })).toEqual([backlog]);
    expect(scratch.findings(["host"])).toEqual([`${nginx}:4 warning ${faultyRule}`, backlog]);
    expect(scratch.findings(["host", ...as(nginx)], { input: faulty })).toEqual(scratch.findings(["host"]));
  });

  it("reports what the text breaks in another file", () => {
    scratch.write(nginx, healthy);
    const sysctl = "host/etc/sysctl.d/60-net.conf";
    scratch.write(sysctl, "net.core.somaxconn = 4096\n");
    expect(scratch.findings(as(sysctl), { input: "net.core.somaxconn = 4096\n" })).toEqual([]);
    expect(scratch.findings(as(sysctl), { input: "net.core.somaxconn = 128\n" })).toEqual([
      "host/etc/nginx/nginx.conf:8 warning queue/somaxconn-below-backlog",
    ]);
  });

  it("takes a file that is not on the disk yet, also in a folder that is not", () => {
    scratch.write(nginx, healthy);
    const text = "net.core.somaxconn = many\n";
    for (const path of ["host/etc/sysctl.conf", "host/etc/sysctl.d/60-net.conf", "other/etc/sysctl.d/1.conf"])
      expect(scratch.findings(as(path), { input: text })).toEqual([`${path}:1 error sysctl/invalid-value`]);
    expect(
      scratch.findings(["new.service", ...as("new.service")], { input: "[Service]\nLimitNOFILE=x\n" }),
    ).toEqual(["new.service:2 error systemd/value"]);
  });

  it("takes the text of a link as that of its file", () => {
    scratch.write(nginx, healthy.replace("http {", "http {\n  include sites-enabled/*;"));
    scratch.write("host/etc/nginx/sites-available/shop", "server {\n  listen 81;\n}\n");
    scratch.write("host/etc/nginx/sites-enabled/.keep", "");
    symlinkSync("../sites-available/shop", join(scratch.path, "host/etc/nginx/sites-enabled/shop"));
    expect(
      scratch.findings(as("host/etc/nginx/sites-enabled/shop"), { input: "server {\n  listen 81\n}\n" }),
    ).toEqual(["host/etc/nginx/sites-available/shop:3 error nginx/syntax"]);
  });

  it("finds the host from any folder: by hostlint.yaml, the repository, the root tree", () => {
    scratch.write(nginx, faulty);
    const below = "host/etc/nginx";
    const absolute = join(scratch.path, nginx);
    expect(scratch.findings(as("nginx.conf"), { input: faulty, below })).toEqual([
      `${absolute}:4 warning ${faultyRule}`,
    ]);
    scratch.write("host/etc/sysctl.d/1.conf", "net.core.somaxconn = many\n");
    expect(scratch.findings(as("nginx.conf"), { input: healthy, below })).toEqual([
      `${join(scratch.path, "host/etc/sysctl.d/1.conf")}:1 error sysctl/invalid-value`,
    ]);
    scratch.write("host/etc/sysctl.d/1.conf", "");
    scratch.write(".git/HEAD", "ref: refs/heads/main\n");
    expect(scratch.findings(as("host/etc/nginx/nginx.conf"), { input: faulty })).toEqual([
      `${nginx}:4 warning ${faultyRule}`,
    ]);
    scratch.write("hostlint.yaml", `rules:\n  ${faultyRule}: error\n`);
    expect(scratch.findings(as(absolute), { input: faulty, below })).toEqual([
      `${absolute}:4 error ${faultyRule}`,
    ]);
  });

  it("says nothing of the other hosts of the repository", () => {
    scratch.write(nginx, faulty);
    scratch.write("other/etc/nginx/nginx.conf", faulty);
    scratch.write(".git/HEAD", "ref: refs/heads/main\n");
    expect(scratch.findings(["."])).toHaveLength(2);
    expect(scratch.findings(as(nginx), { input: faulty })).toEqual([`${nginx}:4 warning ${faultyRule}`]);
  });

  it("checks an unsaved hostlint.yaml", () => {
    scratch.write(nginx, faulty);
    scratch.write("hostlint.yaml", "");
    const { stderr, status } = scratch.run(as("hostlint.yaml"), { input: "facts:\n  cpu: 4\n" });
    expect({ stderr, status }).toEqual({
      stderr: "hostlint: hostlint.yaml:2:3: unknown key cpu, did you mean cpus?\n",
      status: 2,
    });
    expect(scratch.findings(as("hostlint.yaml"), { input: `rules: { ${faultyRule}: off }\n` })).toEqual([]);
  });

  it("shows the model that the text makes", () => {
    scratch.write(nginx, healthy);
    const { stdout } = scratch.run(["show", ...as(nginx)], { input: healthy.replace("2048", "777") });
    expect(stdout).toContain("777");
  });

  it.each([
    ["NUL bytes", "events {\0}\n"],
    ["nothing", ""],
    ["100,000 open blocks", "a {".repeat(100_000)],
  ])("survives %s", (_, input) => {
    scratch.write(nginx, healthy);
    const { status, stderr } = scratch.run(as(nginx), { input });
    expect([0, 1, 3]).toContain(status);
    expect(stderr).toBe("");
  });

  it("refuses a folder", () => {
    scratch.write(nginx, healthy);
    expect(scratch.run(as("host"))).toMatchObject({
      status: 2,
      stderr: "hostlint: --stdin-filename host: it is a folder\n",
    });
  });
});
