import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { run } from "./checkout.ts";

interface Step {
  readonly id: string;
  readonly shell: string;
  readonly env?: Record<string, string>;
  readonly run: string;
}

const action = parse(readFileSync("action.yml", "utf8")) as {
  inputs: Record<string, { default: string }>;
  outputs: Record<string, { value: string }>;
  runs: { using: string; steps: Step[] };
};
const lintStep = action.runs.steps.find(({ id }) => id === "lint") as Step;

let workspace = "";

beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), "hostlint-action-"));
  cpSync("fixtures/hosts/django-vm", join(workspace, "django vm"), { recursive: true });
  cpSync("fixtures/hosts/healthy", join(workspace, "healthy"), { recursive: true });
});

afterEach(() => {
  rmSync(workspace, { recursive: true, force: true });
});

/** Runs a step as the runner does: expressions filled in, and `bash --noprofile --norc -eo pipefail SCRIPT`. */
function runStep(inputs: Record<string, string>) {
  const values = Object.fromEntries(
    Object.entries(action.inputs).map(([name, input]) => [name, input.default]),
  );
  const fill = (text: string) =>
    text.replace(
      /\$\{\{ inputs\.([\w-]+) \}\}/g,
      (_, name: string) => ({ ...values, ...inputs })[name] ?? "",
    );
  const files = join(workspace, ".runner");
  mkdirSync(files);
  writeFileSync(join(files, "script"), fill(lintStep.run));
  writeFileSync(join(files, "output"), "");
  writeFileSync(join(files, "summary"), "");
  const ran = run(workspace, "bash", ["--noprofile", "--norc", "-eo", "pipefail", join(files, "script")], {
    ...Object.fromEntries(Object.entries(lintStep.env ?? {}).map(([name, value]) => [name, fill(value)])),
    GITHUB_ACTIONS: "true",
    GITHUB_ACTION_PATH: process.cwd(),
    GITHUB_OUTPUT: join(files, "output"),
    GITHUB_STEP_SUMMARY: join(files, "summary"),
  });
  const outputs = readFileSync(join(files, "output"), "utf8").trim().split("\n");
  return {
    ...ran,
    outputs: Object.fromEntries(outputs.filter((line) => line !== "").map((line) => line.split("="))),
    summary: readFileSync(join(files, "summary"), "utf8"),
  };
}

describe("action.yml", () => {
  test("is a composite action whose scripts hold no expression, so that no input becomes code", () => {
    expect(action.runs.using).toBe("composite");
    for (const step of action.runs.steps) {
      expect(step.shell).toBe("bash");
      expect(step.run).not.toContain("${{");
    }
    for (const [name, { value }] of Object.entries(action.outputs))
      expect(value).toBe(`\${{ steps.lint.outputs.${name} }}`);
  });

  test("is documented with every input, its default and every output", () => {
    const page = readFileSync("docs/github-action.md", "utf8");
    const inputs = Object.entries(action.inputs).map(
      ([name, input]) => `| \`${name}\` | ${input.default === "" ? "" : `\`${input.default}\` `}|`,
    );
    const outputs = Object.keys(action.outputs).map((name) => `| \`${name}\` | number of`);
    const rows = [...page.matchAll(/^\| `.*$/gm)].map(([row]) => row);
    expect(rows).toHaveLength(inputs.length + outputs.length);
    for (const [at, start] of [...inputs, ...outputs].entries())
      expect(rows[at]?.startsWith(start), start).toBe(true);
  });

  test("fails on findings, and hands over counts and a summary", () => {
    const { status, stdout, outputs, summary } = runStep({ path: "django vm" });
    const [matcher] = stdout.split("\n");
    expect(matcher).toBe(`::add-matcher::${process.cwd()}/.github/hostlint-problem-matcher.json`);
    expect(existsSync(matcher?.slice("::add-matcher::".length) ?? "")).toBe(true);
    expect(stdout).toMatch(
      /^django vm\/etc\/.+:\d+:\d+: error: .+ \[descriptors\/nofile-below-connections\]$/m,
    );
    expect(Number(outputs.errors)).toBeGreaterThan(0);
    expect(Number(outputs.warnings)).toBeGreaterThan(0);
    expect(outputs.infos).toMatch(/^\d+$/);
    expect(summary).toContain("descriptors/nofile-below-connections");
    expect(status).toBe(1);
  });

  test("annotates each finding once: by the matcher, not by workflow commands as well", () => {
    expect(runStep({ path: "django vm" }).stdout).not.toMatch(/^::(?:error|warning|notice)/m);
  });

  test("leaves no matcher behind for the steps that follow", () => {
    const matchers = JSON.parse(readFileSync(".github/hostlint-problem-matcher.json", "utf8")) as {
      problemMatcher: { owner: string }[];
    };
    const { stdout } = runStep({ path: "healthy" });
    for (const { owner } of matchers.problemMatcher)
      expect(stdout).toContain(`::remove-matcher owner=${owner}::`);
  });

  test("passes a healthy host", () => {
    const { status, outputs } = runStep({ path: "healthy" });
    expect(status).toBe(0);
    expect(outputs).toMatchObject({ errors: "0", warnings: "0" });
  });

  test("takes several paths, one a line, and further arguments", () => {
    const { status, stdout } = runStep({
      path: "healthy\ndjango vm\n",
      args: "--quiet\n--cpus 4",
      "fail-on": "never",
    });
    expect(stdout).toContain("django vm/etc");
    expect(stdout).not.toContain(": warning: ");
    expect(status).toBe(0);
  });

  test("writes a SARIF file where one is asked for", () => {
    runStep({ path: "django vm", "sarif-file": "hostlint.sarif" });
    const sarif = JSON.parse(readFileSync(join(workspace, "hostlint.sarif"), "utf8")) as { version: string };
    expect(sarif.version).toBe("2.1.0");
  });

  test("fails on wrong arguments with the message of hostlint", () => {
    const { status, stderr } = runStep({ args: "--no-such-flag" });
    expect(stderr).toContain("--no-such-flag");
    expect(status).toBe(2);
  });

  test.each(["$(touch owned)", "`touch owned`", "'; touch owned; '", '"; touch owned; "', "*; touch owned"])(
    "takes the input %s for a name, not for code",
    (text) => {
      runStep(Object.fromEntries(Object.keys(action.inputs).map((name) => [name, text])));
      expect(existsSync(join(workspace, "owned"))).toBe(false);
    },
  );
});
