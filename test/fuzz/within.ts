import type { SourceFile } from "../../src/text/source-file.ts";

/** Nobody looks at more things than this in one tree. */
const most = 20_000;

/** The first place in a tree that is not inside its text; undefined where all are. */
export function within(tree: unknown, file: SourceFile): unknown {
  const seen = new Set<unknown>();
  const waiting: unknown[] = [tree];
  for (let each = waiting.pop(); waiting.length > 0 || each !== undefined; each = waiting.pop()) {
    if (typeof each !== "object" || each === null || seen.has(each) || seen.size > most) continue;
    seen.add(each);
    const { file: of, start, end } = each as { file?: unknown; start?: unknown; end?: unknown };
    if (typeof start === "number" && typeof end === "number" && of === file)
      if (!(0 <= start && start <= end && end <= file.text.length)) return { start, end };
    if (each === file) continue;
    if (each instanceof Map) waiting.push(...each.keys(), ...each.values());
    else if (each instanceof Set || Array.isArray(each)) for (const member of each) waiting.push(member);
    else if (!ArrayBuffer.isView(each)) for (const member of Object.values(each)) waiting.push(member);
  }
  return undefined;
}
