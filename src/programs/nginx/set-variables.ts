import { enclosing } from "./inheritance.ts";
import type { Level, PlacedDirective } from "./placement.ts";

/**
 * The text with every `$name` replaced that a `set` makes a constant there, as `set $up web:8000; proxy_pass
 * http://$up;`, which people write so that nginx asks its resolver for each request. A variable counts where a `set`
 * stands at the level or around it and every `set` of it in the server writes the same text without variables
 * (ngx_http_rewrite_module: all of them run before the content handler); others stay.
 */
export function withConstants(text: string, level: Level): string {
  if (!text.includes("$")) return text;
  const server = enclosing(level, "server")?.block;
  if (server === undefined) return text;
  const sets = setsBelow(server);
  return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced, plain) => {
    const name = `$${String(braced ?? plain)}`;
    const own = sets.filter(({ directive }) => directive.args[0] === name);
    const values = new Set(own.map(({ directive }) => directive.args[1]));
    const [value] = values;
    const runs = own.some(({ at }) => isAround(at, level));
    return runs && values.size === 1 && value !== undefined && /^[^${}<%]+$/.test(value) ? value : whole;
  });
}

interface PlacedSet {
  readonly directive: PlacedDirective;
  readonly at: Level;
}

function setsBelow(server: Level): PlacedSet[] {
  const found: PlacedSet[] = [];
  const waiting: Level[] = [server];
  for (let level = waiting.pop(); level !== undefined; level = waiting.pop()) {
    for (const directive of level.directives) {
      if (directive.name === "set") found.push({ directive, at: level });
      if (directive.block !== undefined) waiting.push(directive.block);
    }
  }
  return found;
}

function isAround(outer: Level, level: Level): boolean {
  for (let each: Level | undefined = level; each !== undefined; each = each.parent)
    if (each === outer) return true;
  return false;
}
