import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const hosts = readdirSync("fixtures/hosts", { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** The expected output stands beside each host. */
describe.each(hosts)("fixtures/hosts/%s", (name) => {
  it.each(["stylish", "compact", "json"])("gives the expected %s report", (format) => {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ["dist/hostlint.js", "--format", format, `fixtures/hosts/${name}`],
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
