/**
 * Writes docs/rules/: one page per rule from its file, and an index. With --check only says which are not fresh.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { rules } from "../../rules/index.ts";
import { ruleIndexPage, rulePage } from "../report/rule-page.ts";

const pages = new Map<string, string>([["README.md", ruleIndexPage(rules)]]);
for (const [id, rule] of rules) pages.set(`${id}.md`, rulePage(id, rule));

const root = "docs/rules";
const present = existsSync(root)
  ? readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md"))
  : [];
const stale = [
  ...present.filter((name) => !pages.has(name)),
  ...[...pages]
    .filter(([name, text]) => !present.includes(name) || readFileSync(join(root, name), "utf8") !== text)
    .map(([name]) => name),
];

if (process.argv.includes("--check")) {
  if (stale.length > 0) {
    console.error(`not fresh, run npm run generate: ${stale.map((name) => `docs/rules/${name}`).join(", ")}`);
    process.exitCode = 1;
  }
} else {
  for (const name of stale) {
    const path = join(root, name);
    const text = pages.get(name);
    if (text === undefined) rmSync(path);
    else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  }
}
