import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type CachedModules, cachedModules } from "../../src/cli/code-cache.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hostlint-code-cache-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

interface Sums {
  readonly sum: (numbers: readonly number[]) => number;
  readonly product: (numbers: readonly number[]) => number;
}

/** Two files, of which the first loads the second when it is asked for a product. */
function writeModules(): void {
  writeFileSync(
    join(folder, "sums.cjs"),
    '(function (exports, require, module) {\nconst { inspect } = require("node:util");\nexports.sum = (numbers) => numbers.reduce((a, b) => a + b, 0);\nexports.product = (numbers) => require("./products.cjs").product(numbers);\nexports.text = inspect;\n})',
  );
  writeFileSync(
    join(folder, "products.cjs"),
    "(function (exports, require, module) {\nmodule.exports = { product: (numbers) => numbers.reduce((a, b) => a * b, 1) };\n})",
  );
}

const modulesOf = (): CachedModules => cachedModules(folder, createRequire(import.meta.url));
const sumsOf = (modules: CachedModules): Sums => modules.load("sums.cjs") as Sums;
const cacheOf = (file: string): string => `${file}.${process.version}-${process.arch}.cache`;
const contentOf = (file: string): Buffer => readFileSync(join(folder, file));

test("a module leaves its compiled code once, and runs from it", () => {
  writeModules();
  const first = modulesOf();
  expect(sumsOf(first).sum([1, 2, 3])).toBe(6);
  expect(readdirSync(folder)).toHaveLength(2);
  first.keep();
  const kept = contentOf(cacheOf("sums.cjs"));
  const second = modulesOf();
  expect(sumsOf(second).sum([1, 2, 3])).toBe(6);
  second.keep();
  expect(contentOf(cacheOf("sums.cjs"))).toEqual(kept);
  expect(readdirSync(folder)).toHaveLength(3);
});

test("a module that only some runs need leaves its code when the first of them does", () => {
  writeModules();
  const modules = modulesOf();
  sumsOf(modules).sum([1]);
  modules.keep();
  const kept = contentOf(cacheOf("sums.cjs"));
  const later = modulesOf();
  expect(sumsOf(later).product([2, 3])).toBe(6);
  expect(sumsOf(later)).toBe(sumsOf(later));
  later.keep();
  expect(readdirSync(folder).sort()).toEqual(
    ["products.cjs", cacheOf("products.cjs"), "sums.cjs", cacheOf("sums.cjs")].sort(),
  );
  expect(contentOf(cacheOf("sums.cjs"))).toEqual(kept);
});

test("the code that ran is in it, and V8 takes it", () => {
  writeModules();
  const untouched = modulesOf();
  sumsOf(untouched);
  untouched.keep();
  const small = contentOf(cacheOf("sums.cjs")).length;
  rmSync(join(folder, cacheOf("sums.cjs")));
  const used = modulesOf();
  sumsOf(used).sum([1]);
  used.keep();
  expect(contentOf(cacheOf("sums.cjs")).length).toBeGreaterThan(small);
});

test("where nothing can be left, nothing is left and nothing said", () => {
  writeModules();
  mkdirSync(join(folder, cacheOf("sums.cjs")));
  const modules = modulesOf();
  expect(sumsOf(modules).sum([5])).toBe(5);
  modules.keep();
  expect(readdirSync(folder).sort()).toEqual(["products.cjs", "sums.cjs", cacheOf("sums.cjs")]);
  expect(readdirSync(join(folder, cacheOf("sums.cjs")))).toEqual([]);
});

test("NODE_DISABLE_COMPILE_CACHE turns it off", () => {
  vi.stubEnv("NODE_DISABLE_COMPILE_CACHE", "1");
  writeModules();
  const modules = modulesOf();
  sumsOf(modules);
  modules.keep();
  expect(readdirSync(folder).sort()).toEqual(["products.cjs", "sums.cjs"]);
});

test("the program says the same with a cache, without and with a damaged one; only a lint leaves it", () => {
  cpSync("dist", folder, { recursive: true, filter: (path) => !path.endsWith(".cache") });
  const run = (...words: string[]): { status: number | null; stdout: string; stderr: string } => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, "hostlint.cjs"), ...words], {
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  };
  const caches = (): string[] => readdirSync(folder).filter((name) => name.endsWith(".cache"));
  run("--version");
  run("explain", "queue/somaxconn-below-backlog");
  expect(caches()).toEqual([]);
  const first = run("fixtures/hosts/django-vm");
  expect(first).toMatchObject({ status: 1, stderr: "" });
  const left = caches();
  expect(left.map((name) => name.split("-")[0])).toEqual(["program", "yaml"]);
  expect(run("fixtures/hosts/django-vm")).toEqual(first);
  expect(caches()).toEqual(left);
  // Not in one process: V8 would find what it compiled before and never look at the file.
  const length = (name: string): number => statSync(join(folder, name)).size;
  const lengths = left.map(length);
  const damages: ((path: string) => void)[] = [
    (path) => truncateSync(path, 50_000),
    (path) => truncateSync(path),
    (path) => writeFileSync(path, "no code"),
  ];
  for (const damage of damages) {
    for (const name of left) damage(join(folder, name));
    expect(run("fixtures/hosts/django-vm")).toEqual(first);
    expect(caches()).toEqual(left);
    for (const [index, name] of left.entries())
      expect(length(name)).toBeGreaterThan((lengths[index] ?? 0) / 2);
  }
});
