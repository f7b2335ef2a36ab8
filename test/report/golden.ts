import { readFileSync } from "node:fs";

/** The expected output that stands in fixtures/report. */
export function golden(name: string): string {
  return readFileSync(`fixtures/report/${name}`, "utf8");
}
