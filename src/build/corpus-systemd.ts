import { readFileSync } from "node:fs";
import { join } from "node:path";
import { memoryTree } from "../files/memory-tree.ts";
import { facts, Version } from "../model/facts.ts";
import { descriptors } from "../model/units.ts";
import { fact } from "../model/value.ts";
import { loadUnits } from "../programs/systemd/load-units.ts";
import { readTable, Tally } from "./corpus-tables.ts";

const known = facts({ systemd: fact("systemd", new Version("252"), "the version of the verdicts") });
const nrOpen = fact("fs.nr_open", descriptors(1_048_576), "the kernel's default");

/** Compares the lines that systemd-analyze complains of with systemd-verdicts.tsv. */
export async function systemdAgreement(folder: string): Promise<Tally[]> {
  const tally = new Tally("systemd units", "systemd 252");
  for (const { local = "", class: verdict = "", complaints = "", templated, form } of readTable(
    folder,
    "systemd-verdicts.tsv",
  ))
    await tally.on(local, () => {
      const name = local.slice(local.lastIndexOf("/") + 1);
      const folderOf = form === "drop-in" ? `${local.split("/").at(-2)}/` : "";
      const unit = folderOf.replace(/\.d\/$/, "");
      const path = `/etc/systemd/system/${folderOf}${name}`;
      const tree = memoryTree({
        [path]: readFileSync(join(folder, local)),
        ...(unit.endsWith(".service")
          ? { [`/etc/systemd/system/${unit}`]: "[Service]\nExecStart=/bin/true\n" }
          : {}),
      });
      const loaded = loadUnits(tree, known, { nrOpen });
      if (templated !== "none") tally.templates += 1;
      else if (verdict === "ok" || verdict === "grammar") {
        const ours = loaded
          .journal(252)
          .filter((line) => line.includes(`${name}:`) && /:\d+: /.test(line))
          .map(plain)
          .join(" | ");
        const theirs = complaints.split(" | ").filter((line) => /\.\w+:\d+: /.test(line));
        tally.compare(local, theirs.map(plain).join(" | "), ours);
      }
    });
  return [tally];
}

/** Line and words without the path. */
function plain(line: string): string {
  return line.replace(/^\S*?:(?=\d+: )/, "");
}
