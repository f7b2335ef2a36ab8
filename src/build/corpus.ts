/**
 * npm run corpus -- DIR: how far hostlint and the real programs agree on a folder of public configuration files
 * with tables of verdicts (index.tsv, nginx-verdicts.tsv, systemd-verdicts.tsv). Prints a table, then each
 * disagreement; what stands in corpus-explained.ts is explained and not counted against us.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { facts, lint } from "../index.ts";
import { parseLimits } from "../syntax/limits/parse-limits.ts";
import { parsePythonSettings } from "../syntax/python-settings/parse.ts";
import { parseSysctl } from "../syntax/sysctl/parse-sysctl.ts";
import { SourceFile } from "../text/source-file.ts";
import { explanationOf } from "./corpus-explained.ts";
import { nginxAgreement } from "./corpus-nginx.ts";
import { systemdAgreement } from "./corpus-systemd.ts";
import { readTable, Tally } from "./corpus-tables.ts";

const [, , folder] = process.argv;
if (folder === undefined || !existsSync(join(folder, "index.tsv"))) {
  console.error("usage: npm run corpus -- DIR, where DIR holds index.tsv and the files that it lists");
  process.exit(2);
}

/** Kinds of index.tsv that are only read, as no verdicts stand beside them. */
const grammars: readonly (readonly [kind: string, name: string, parse: (file: SourceFile) => unknown])[] = [
  ["sysctl", "sysctl files", parseSysctl],
  ["limits", "limits files", parseLimits],
  ["gunicorn_conf", "gunicorn files", parsePythonSettings],
];

async function readOnly(): Promise<Tally[]> {
  const index = readTable(String(folder), "index.tsv");
  const tallies: Tally[] = [];
  for (const [kind, name, parse] of grammars) {
    const tally = new Tally(name, "no verdicts");
    for (const { kind: each, local = "" } of index) {
      const path = join(String(folder), local);
      if (each !== kind || !existsSync(path)) continue;
      const bytes = readFileSync(path, "latin1");
      await tally.on(local, () => void parse(new SourceFile(local, bytes)));
    }
    tallies.push(tally);
  }
  return tallies;
}

/** Lints each deployment as a whole; a rule that fails counts as a crash. */
async function deployments(): Promise<Tally> {
  const tally = new Tally("deployments", "no verdicts");
  const root = join(String(folder), "deployments");
  const trees = new Set(
    readTable(String(folder), "index.tsv").flatMap(
      ({ local = "" }) => /^deployments\/([^/]+)/.exec(local)?.[1] ?? [],
    ),
  );
  for (const tree of trees) {
    if (!existsSync(join(root, tree))) continue;
    await tally.on(tree, async () => {
      const { faults } = await lint({
        requests: [{ paths: [tree], facts: facts() }],
        workingDirectory: root,
      });
      for (const { rule, error } of faults) tally.crashes.push(`${tree}: ${rule}: ${String(error)}`);
    });
  }
  return tally;
}

const tallies = [
  ...(await nginxAgreement(folder)),
  ...(await systemdAgreement(folder)),
  ...(await readOnly()),
  await deployments(),
];

const columns = [
  "files",
  "kind",
  "program",
  "templates",
  "compared",
  "agree",
  "explained",
  "left",
  "crashes",
  "time",
];
const rows = tallies.map((tally) => {
  const explained = tally.disagreements.filter(explanationOf).length;
  return [
    tally.files,
    tally.kind,
    tally.program,
    tally.templates,
    tally.compared,
    tally.agree,
    explained,
    tally.disagreements.length - explained,
    tally.crashes.length,
    `${(tally.time / 1000).toFixed(1)} s`,
  ].map(String);
});
console.log(`| ${columns.join(" | ")} |\n|${columns.map(() => " --- |").join("")}`);
for (const row of rows) console.log(`| ${row.join(" | ")} |`);

for (const tally of tallies) {
  for (const crash of tally.crashes) console.log(`\ncrash: ${crash}`);
  const left = tally.disagreements.filter((each) => explanationOf(each) === undefined);
  if (left.length > 0) console.log(`\n${tally.kind}: ${left.length} disagreements`);
  for (const { file, theirs, ours } of left)
    console.log(`  ${file}\n    ${tally.program}: ${theirs}\n    hostlint: ${ours}`);
}
if (tallies.some((tally) => tally.crashes.length > 0)) process.exitCode = 1;
