import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { formatNames } from "../../src/cli/arguments.ts";

const readme = readFileSync("README.md", "utf8");

it("shows what the program really prints for its example", () => {
  const shown = /```\n([\s\S]*?)```/.exec(readme)?.[1] ?? "nothing";
  expect(readFileSync("fixtures/hosts/django-vm.expected.txt", "utf8")).toContain(shown);
});

it("links to pages that exist", () => {
  const targets = [...readme.matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1] ?? "");
  expect(targets.length).toBeGreaterThan(5);
  for (const target of targets) expect([target, existsSync(target)]).toEqual([target, true]);
});

it("names every format", () => {
  for (const name of formatNames) expect(readme).toContain(`\`${name}\``);
});
