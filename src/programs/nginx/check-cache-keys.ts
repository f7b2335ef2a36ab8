import type { Complaints } from "./complaint.ts";
import type { Level, PlacedDirective } from "./placement.ts";

/** Protocols whose cache has no key unless it is set; `proxy_cache_key` has a default. */
const protocols = ["fastcgi", "uwsgi", "scgi"] as const;

/** Blocks that have settings of their own, which nginx merges with those around them. */
const merged = new Set(["location", "if", "limit_except"]);

interface InForce {
  readonly level: Level;
  /** The `..._cache` in force; undefined where there is none or it is off. */
  readonly cache: PlacedDirective | undefined;
  readonly key: boolean;
}

/**
 * A cache of answers without a key, at each level that has it (src/http/modules/ngx_http_fastcgi_module.c
 * ngx_http_fastcgi_merge_loc_conf and its like).
 *
 * @param used names of the `..._cache` directives that stand somewhere
 */
export function checkCacheKeys(
  http: PlacedDirective,
  block: Level,
  used: ReadonlySet<string>,
  complaints: Complaints,
): void {
  for (const protocol of protocols)
    if (used.has(`${protocol}_cache`)) checkProtocol(http, block, protocol, complaints);
}

function checkProtocol(
  http: PlacedDirective,
  block: Level,
  protocol: (typeof protocols)[number],
  complaints: Complaints,
): void {
  const said = `no "${protocol}_cache_key" for "${protocol}_cache"`;
  const { source } = http.directive.file;
  const line = { file: source, line: source.position(http.directive.close?.start ?? 0).line };
  const top = at(block, protocol, { level: block, cache: undefined, key: false });
  const inside = ({ level }: InForce, names: ReadonlySet<string>): Level[] =>
    level.directives.flatMap((each) => (names.has(each.name) ? (each.block ?? []) : []));
  const waiting = inside(top, new Set(["server"]))
    .map((level) => at(level, protocol, top))
    .reverse();
  for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
    const { cache, key } = state;
    if (cache !== undefined && !key) {
      complaints.printAt(http.closed, said, line);
      complaints.warn(
        cache,
        "nginx/cache-key",
        `${said}: every request gets the same answer from the cache`,
        {
          help: `Write ${protocol}_cache_key "$scheme$request_method$host$request_uri";`,
        },
      );
    }
    const outer = state;
    waiting.push(
      ...inside(state, merged)
        .map((level) => at(level, protocol, outer))
        .reverse(),
    );
  }
}

function at(level: Level, protocol: string, outer: InForce): InForce {
  const [own] = level.named(`${protocol}_cache`);
  const cache = own === undefined ? outer.cache : own.args[0] === "off" ? undefined : own;
  return { level, cache, key: outer.key || level.named(`${protocol}_cache_key`).length > 0 };
}
