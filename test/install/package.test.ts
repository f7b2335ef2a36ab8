import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emptyFolder, freshClone, must, run } from "./checkout.ts";

const example = "fixtures/hosts/django-vm";
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
const minutes = 60_000;
const folders: string[] = [];
let clone = "";

beforeAll(() => {
  clone = freshClone().folder;
  folders.push(clone);
  must(clone, "npm", ["ci", "--no-audit", "--no-fund"]);
}, 5 * minutes);

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}, minutes);

describe("a fresh clone after npm ci", () => {
  test("npx hostlint runs this package's own program, and asks no registry for it", () => {
    const cache = emptyFolder();
    folders.push(cache);
    const nowhere = { npm_config_registry: "http://127.0.0.1:9/", npm_config_cache: cache };
    const { status, stdout } = run(clone, "npx", ["hostlint", example], nowhere);
    expect(stdout).toMatch(/\d+ problems? \(/);
    expect(status).toBe(1);
    expect(must(clone, "npx", ["--offline", "hostlint", "--version"], nowhere)).toBe(`${version}\n`);
  });

  test("nothing that git tracks has changed", () => {
    expect(must(clone, "git", ["status", "--porcelain"])).toBe("");
  });

  test("the lock file names the platform packages of every system, which npm ci insists on", () => {
    const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const missing = Object.entries(packages).flatMap(([place, { optionalDependencies }]) =>
      Object.keys(optionalDependencies ?? {}).filter(
        (name) => !(`node_modules/${name}` in packages) && !(`${place}/node_modules/${name}` in packages),
      ),
    );
    expect(missing).toEqual([]);
  });
});

describe("the package that npm pack makes", () => {
  let tarball = "";
  let consumer = "";

  beforeAll(() => {
    rmSync(join(clone, "dist"), { recursive: true, force: true });
    // pre-commit 3 takes everything that npm pack prints for the name of the file.
    tarball = must(clone, "npm", ["pack"]).trim();
    consumer = emptyFolder();
    folders.push(consumer);
    writeFileSync(join(consumer, "package.json"), JSON.stringify({ private: true, type: "module" }));
    must(consumer, "npm", ["install", "--no-audit", "--no-fund", join(clone, tarball)]);
  }, 5 * minutes);

  test("npm pack prints the name of the file and nothing else", () => {
    expect(tarball).toBe(`hostlint-${version}.tgz`);
  });

  test("holds the program, declarations and documentation, and nothing of its making", () => {
    const files = must(clone, "tar", ["-tzf", tarball]).trim().split("\n");
    for (const file of [
      "package/package.json",
      "package/README.md",
      "package/LICENSE",
      "package/CHANGELOG.md",
      "package/dist/hostlint.cjs",
      "package/dist/index.js",
      "package/dist/THIRD-PARTY-LICENSES.txt",
      "package/dist/types/src/index.d.ts",
      "package/docs/rules/README.md",
      "package/docs/hostlint.schema.json",
      "package/.github/hostlint-problem-matcher.json",
    ])
      expect(files).toContain(file);
    expect(files.filter((file) => /test|fixture|lock|\.(?:map|cache)$|(?<!\.d)\.ts$/.test(file))).toEqual([]);
  });

  test("names no folder of the machine that made it", () => {
    const installed = join(consumer, "node_modules/hostlint");
    for (const file of readdirSync(installed, { recursive: true, encoding: "utf8" })) {
      const place = join(installed, file);
      if (!/\.(?:c?js|ts|json|md|txt)$/.test(file)) continue;
      const text = readFileSync(place, "utf8");
      for (const folder of [clone, process.cwd()]) expect(text.includes(`${folder}/`), file).toBe(false);
    }
  });

  test("brings no other package", () => {
    expect(readdirSync(join(consumer, "node_modules")).filter((name) => !name.startsWith("."))).toEqual([
      "hostlint",
    ]);
  });

  test("npx hostlint runs it", () => {
    expect(must(consumer, "npx", ["--offline", "hostlint", "--version"])).toBe(`${version}\n`);
    const { status, stdout } = run(consumer, "npx", ["--offline", "hostlint", join(clone, example)]);
    expect(stdout).toMatch(/\d+ problems? \(/);
    expect(status).toBe(1);
  });

  test("a JavaScript program imports it", () => {
    writeFileSync(
      join(consumer, "program.js"),
      `import { facts, lint } from "hostlint";
const { result } = await lint({
  requests: [{ paths: [process.argv[2]], facts: facts() }],
  workingDirectory: process.cwd(),
});
console.log(result.diagnostics.length > 0);
`,
    );
    expect(must(consumer, process.execPath, ["program.js", join(clone, example)])).toBe("true\n");
  });

  test("a TypeScript program type checks against its declarations, which need no other types", () => {
    writeFileSync(
      join(consumer, "program.ts"),
      `import { type Diagnostic, facts, lint } from "hostlint";
const { hosts, result } = await lint({ requests: [{ paths: ["."], facts: facts() }], workingDirectory: "/" });
const first: Diagnostic | undefined = result.diagnostics[0];
export const rule: string | undefined = first?.rule;
export const names: readonly string[] = hosts.map((host) => host.name);
// @ts-expect-error: the declarations are read, and this is no name of a fact
facts({ processors: 4 });
`,
    );
    writeFileSync(
      join(consumer, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          module: "NodeNext",
          target: "ES2022",
          strict: true,
          skipLibCheck: false,
          noEmit: true,
          types: [],
        },
        files: ["program.ts"],
      }),
    );
    const compiler = resolve("node_modules/typescript/bin/tsc");
    expect(run(consumer, process.execPath, [compiler, "-p", "."])).toMatchObject({ status: 0, stdout: "" });
  });

  test("publint finds nothing to say about it", () => {
    must(clone, process.execPath, ["node_modules/publint/src/cli.js", "--strict", tarball]);
    expect(existsSync(join(clone, "dist/types/src/index.d.ts"))).toBe(true);
  });
});
