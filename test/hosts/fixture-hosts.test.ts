import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const hosts = readdirSync("fixtures/hosts", { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** The expected output stands beside each host. */
describe.each(hosts)("fixtures/hosts/%s", (name) => {
  it.each(["stylish", "compact", "json"])("gives the expected %s report", (format) => {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ["dist/hostlint.cjs", "--format", format, `fixtures/hosts/${name}`],
      { encoding: "utf8", env: { PATH: process.env.PATH } },
    );
    expect(stderr).toBe("");
    const suffix = { stylish: "txt", compact: "compact.txt", json: "json" }[format];
    const expected = readFileSync(`fixtures/hosts/${name}.expected.${suffix}`, "utf8");
    expect(stdout).toBe(expected);
    const { diagnostics } = JSON.parse(readFileSync(`fixtures/hosts/${name}.expected.json`, "utf8"));
    const failing = diagnostics.some((each: { severity: string }) => each.severity !== "info");
    expect(status).toBe(failing ? 1 : 0);
  });
});

/** Where the expected model stands there too. */
describe.each(hosts.filter((name) => existsSync(`fixtures/hosts/${name}.expected.show.txt`)))(
  "the model of fixtures/hosts/%s",
  (name) => {
    it("is the expected one", () => {
      const { stdout, status } = spawnSync(
        process.execPath,
        ["dist/hostlint.cjs", "show", `fixtures/hosts/${name}`],
        { encoding: "utf8", env: { PATH: process.env.PATH } },
      );
      expect(stdout).toBe(readFileSync(`fixtures/hosts/${name}.expected.show.txt`, "utf8"));
      expect(status).toBe(0);
    });
  },
);
