import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { loadCached } from "../../src/cli/code-cache.ts";

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
}

function bundle(): string {
  const file = join(folder, "sums-1.cjs");
  writeFileSync(
    file,
    '(function (exports, require, module) {\nconst { inspect } = require("node:util");\nexports.sum = (numbers) => numbers.reduce((a, b) => a + b, 0);\nexports.text = inspect;\n})',
  );
  return file;
}

const cacheOf = (file: string): string => `${file}.${process.version}-${process.arch}.cache`;

test("a module leaves its compiled code once, and runs from it", () => {
  const file = bundle();
  const first = loadCached<Sums>(file);
  expect(first.exports.sum([1, 2, 3])).toBe(6);
  expect(existsSync(cacheOf(file))).toBe(false);
  first.keep();
  const kept = readFileSync(cacheOf(file));
  const second = loadCached<Sums>(file);
  expect(second.exports.sum([1, 2, 3])).toBe(6);
  second.keep();
  expect(readFileSync(cacheOf(file))).toEqual(kept);
  expect(readdirSync(folder)).toHaveLength(2);
});

test("the code that ran is in it, and V8 takes it", () => {
  const file = bundle();
  const untouched = loadCached<Sums>(file);
  untouched.keep();
  const small = readFileSync(cacheOf(file)).length;
  rmSync(cacheOf(file));
  const used = loadCached<Sums>(file);
  used.exports.sum([1]);
  used.keep();
  expect(readFileSync(cacheOf(file)).length).toBeGreaterThan(small);
});

test("where nothing can be left, nothing is left and nothing said", () => {
  const file = bundle();
  mkdirSync(cacheOf(file));
  const module = loadCached<Sums>(file);
  expect(module.exports.sum([5])).toBe(5);
  module.keep();
  expect(readdirSync(folder)).toEqual(["sums-1.cjs", `sums-1.cjs.${process.version}-${process.arch}.cache`]);
  expect(readdirSync(cacheOf(file))).toEqual([]);
});

test("NODE_DISABLE_COMPILE_CACHE turns it off", () => {
  vi.stubEnv("NODE_DISABLE_COMPILE_CACHE", "1");
  const file = bundle();
  loadCached<Sums>(file).keep();
  expect(readdirSync(folder)).toEqual(["sums-1.cjs"]);
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
  expect(caches()).toHaveLength(1);
  expect(run("fixtures/hosts/django-vm")).toEqual(first);
  expect(caches()).toHaveLength(1);
  // Not in one process: V8 would find what it compiled before and never look at the file.
  const [name = ""] = caches();
  const length = statSync(join(folder, name)).size;
  const damages: ((path: string) => void)[] = [
    (path) => truncateSync(path, 100_000),
    (path) => truncateSync(path),
    (path) => writeFileSync(path, "no code"),
  ];
  for (const damage of damages) {
    damage(join(folder, name));
    expect(run("fixtures/hosts/django-vm")).toEqual(first);
    expect(statSync(join(folder, name)).size).toBeGreaterThan(length / 2);
    expect(caches()).toHaveLength(1);
  }
});
