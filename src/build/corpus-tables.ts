import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One line of a table, by the names of its columns. */
export type Row = Readonly<Record<string, string>>;

/** A table of tab-separated values whose first line names the columns; empty where there is none. */
export function readTable(folder: string, name: string): Row[] {
  const path = join(folder, name);
  if (!existsSync(path)) return [];
  const [head = "", ...lines] = readFileSync(path, "utf8").replace(/\n$/, "").split("\n");
  const columns = head.split("\t");
  return lines.map((line) => {
    const cells = line.split("\t");
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ""]));
  });
}

/** How the files of one kind fared. */
export class Tally {
  files = 0;
  compared = 0;
  agree = 0;
  templates = 0;
  readonly crashes: string[] = [];
  readonly disagreements: { readonly file: string; readonly theirs: string; readonly ours: string }[] = [];
  /** Milliseconds. */
  time = 0;

  constructor(
    readonly kind: string,
    readonly program: string,
  ) {}

  /** Runs `judge` on one file, by the clock; a crash is counted and named. */
  async on(file: string, judge: () => void | Promise<void>): Promise<void> {
    this.files += 1;
    const started = performance.now();
    try {
      await judge();
    } catch (error) {
      this.crashes.push(`${file}: ${error instanceof Error ? error.stack : String(error)}`);
    }
    this.time += performance.now() - started;
  }

  compare(file: string, theirs: string, ours: string): void {
    this.compared += 1;
    if (theirs === ours) this.agree += 1;
    else this.disagreements.push({ file, theirs, ours });
  }
}
