import type { Complaints } from "./complaint.ts";
import type { Level, PlacedDirective } from "./placement.ts";

/** Blocks whose levels are merged. */
const merged = new Set(["server", "location", "if", "limit_except"]);

/** Answers are to be recoded, and no `charset_map` says how (ngx_http_charset_postconfiguration). */
export function checkCharsetMaps(http: PlacedDirective, block: Level, complaints: Complaints): void {
  if (!hasBelow(block, "source_charset")) return;
  const mapped = new Set(
    block.named("charset_map").flatMap(({ args }) => {
      const [from = "", to = ""] = args.map((each) => each.toLowerCase());
      return [`${from} ${to}`, `${to} ${from}`];
    }),
  );
  // nginx shows a charset as it was first written.
  const written = new Map<string, string>();
  const waiting = [block];
  for (let level = waiting.pop(); level !== undefined; level = waiting.pop()) {
    for (const { name, args } of level.directives)
      if (/^(?:source_charset|charset|charset_map)$/.test(name))
        for (const each of args) if (!written.has(each.toLowerCase())) written.set(each.toLowerCase(), each);
    waiting.push(...level.directives.flatMap((each) => each.block ?? []).reverse());
  }
  const levels: { level: Level; to: PlacedDirective | undefined; from: PlacedDirective | undefined }[] = [
    { level: block, to: undefined, from: undefined },
  ];
  for (let state = levels.pop(); state !== undefined; state = levels.pop()) {
    const to = state.level.named("charset")[0] ?? state.to;
    const from = state.level.named("source_charset")[0] ?? state.from;
    const [source = "", target = "off"] = [from, to].map((each) => each?.args[0]?.toLowerCase());
    const whole = ![from, to].some((each) => each?.directive.hole || each?.directive.file.conditional);
    const recodes = from !== undefined && target !== "off" && source !== target && !source.startsWith("$");
    if (
      state.level !== block &&
      recodes &&
      whole &&
      !target.startsWith("$") &&
      !mapped.has(`${source} ${target}`)
    ) {
      complaints.refuseAt(
        http.closed,
        from,
        "nginx/value",
        `no "charset_map" between the charsets "${written.get(source)}" and "${written.get(target)}"`,
        { help: "Define it with charset_map in http." },
        undefined,
      );
      return;
    }
    for (const each of [...state.level.directives].reverse())
      if (each.block !== undefined && merged.has(each.name)) levels.push({ level: each.block, to, from });
  }
}

function hasBelow(block: Level, name: string): boolean {
  const waiting = [block];
  for (let level = waiting.pop(); level !== undefined; level = waiting.pop()) {
    if (level.named(name).length > 0) return true;
    for (const each of level.directives)
      if (each.block !== undefined && merged.has(each.name)) waiting.push(each.block);
  }
  return false;
}
