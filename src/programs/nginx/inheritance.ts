import type { Level, PlacedDirective } from "./placement.ts";

/** Blocks at which a value stops to be handed down: what stands above belongs to other directives. */
const outermost = new Set(["http", "stream", "mail", "events", "upstream"]);

/**
 * The directives of this name in force at a level, the innermost level that has any first, then those that it
 * overrides. A level that has an entry of an array directive (add_header, proxy_set_header, access_log, ...)
 * takes nothing from outside (ngx_conf_merge_*; seen with 1.22.1 and 1.31.4).
 */
export function levelsWith(level: Level, name: string): (readonly PlacedDirective[])[] {
  const found: (readonly PlacedDirective[])[] = [];
  for (let each: Level | undefined = level; each !== undefined; each = each.parent) {
    const named = each.named(name);
    if (named.length > 0) found.push(named);
    if (each.owner !== undefined && outermost.has(each.owner.name)) break;
  }
  return found;
}

/** The directives of this name in force in a server: its own, else those of the block around it. */
export function inForce(server: Level, outer: Level, name: string): readonly PlacedDirective[] {
  const own = server.named(name);
  return own.length > 0 ? own : outer.named(name);
}

/** Whether all of them stand there as they are: no template fills them in or leaves them out. */
export function isWhole(places: readonly PlacedDirective[]): boolean {
  return !places.some(({ directive }) => directive.hole || directive.file.conditional);
}

/** The block of this name around a level, the level's own included. */
export function enclosing(level: Level, name: string): PlacedDirective | undefined {
  for (let owner = level.owner; owner !== undefined; owner = owner.level.owner)
    if (owner.name === name) return owner;
  return undefined;
}

/**
 * What a default assumes of blocks that are not here; undefined where all blocks around the level are here.
 */
export function missingBlocks(level: Level): string | undefined {
  if (enclosing(level, "http") !== undefined || enclosing(level, "stream") !== undefined) return undefined;
  return enclosing(level, "server") !== undefined
    ? "the http block, which is not here, does not set it"
    : "the http and server blocks, which are not here, do not set it";
}
