/** What `--stats` prints: the time of each stage and rule, the longest first among the rules. */
export function statistics(spent: ReadonlyMap<string, number>): string {
  const rows = [...spent].map(([name, time]) => [name, `${time.toFixed(1)} ms`] as const);
  const stages = rows.filter(([name]) => !name.includes("/"));
  const rules = rows
    .filter(([name]) => name.includes("/"))
    .sort(([a], [b]) => (spent.get(b) ?? 0) - (spent.get(a) ?? 0));
  return [...stages, ...rules].map(([name, time]) => `${name.padEnd(44)} ${time.padStart(10)}\n`).join("");
}
