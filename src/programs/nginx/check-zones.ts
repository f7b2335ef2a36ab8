import type { NginxWord } from "../../syntax/nginx/tree.ts";
import type { Complaints } from "./complaint.ts";
import { afterAll } from "./complaint.ts";
import { parseNumber, parseOffset, parseSize, parseTime } from "./parse-value.ts";
import type { PlacedDirective } from "./placement.ts";
import type { Declared, Refuse, SetterCall, SetterCheck } from "./setter-call.ts";

/** A shared memory zone, by name (src/core/ngx_cycle.c ngx_shared_memory_add). */
export interface Zone {
  /** The module that uses it. */
  readonly use: string;
  /** Bytes; 0 until some directive gives a size. */
  size: number;
  readonly first: PlacedDirective;
  readonly word: NginxWord;
  /** Where it is set up, not only named. */
  defined: PlacedDirective | undefined;
}

const page = 4096;

/** Adds a zone; undefined where nginx refuses it. */
function addZone(
  { placed, declared }: SetterCall,
  refuse: Refuse,
  { name, size, use, word }: { name: string; size: number; use: string; word: NginxWord },
): Zone | undefined {
  if (placed.directive.file.conditional) return undefined;
  const zone = declared.zones.get(name);
  if (zone === undefined) {
    const added: Zone = { use, size, first: placed, word, defined: undefined };
    declared.zones.set(name, added);
    return added;
  }
  const because = [{ message: "the name is used here first", at: zone.first.at }];
  if (zone.use !== use) {
    refuse(`the shared memory zone "${name}" is already declared for a different use`, word, { because });
    return undefined;
  }
  if (zone.size === 0) zone.size = size;
  if (size !== 0 && size !== zone.size) {
    refuse(
      `the size ${size} of shared memory zone "${name}" conflicts with already declared size ${zone.size}`,
      word,
      { because },
    );
    return undefined;
  }
  return zone;
}

/** `zone=name:size` of `limit_req_zone` and `limit_conn_zone`, whose other parameters are in order. */
export function addLimitZone(call: SetterCall, refuse: Refuse): void {
  const { placed } = call;
  const word = placed.directive.args.findLast(({ text }) => text.startsWith("zone="));
  const [, name = "", size = ""] = /^zone=([^:]*):(.*)$/s.exec(word?.text ?? "") ?? [];
  if (word === undefined) return;
  const zone = addZone(call, refuse, {
    name,
    size: parseSize(size) ?? 0,
    use: useOf(call, placed.name.replace(/_zone$/, "")),
    word,
  });
  if (zone === undefined) return;
  if (zone.defined === undefined) zone.defined = placed;
  else
    refuse(`${placed.name} "${name}" is already bound to key "${zone.defined.args[0] ?? ""}"`, word, {
      rule: "nginx/duplicate",
      because: [{ message: "it is defined here first", at: zone.defined.at }],
    });
}

/** A zone that a directive only names. */
export function nameZone(call: SetterCall, refuse: Refuse, name: string, use: string): void {
  const word = call.placed.directive.arg(0);
  if (word !== undefined) addZone(call, refuse, { name, size: 0, use: useOf(call, use), word });
}

/** A zone whose directive nginx refuses: what names it is in order. */
function refusedZone({ placed, declared }: SetterCall, name: string): void {
  declared.refusedZones.add(name);
  const zone = declared.zones.get(name);
  if (zone !== undefined) zone.defined = placed;
}

/** `shared:name:size` of `ssl_session_cache` and `ssl_ocsp_cache`: of one kind to nginx, which knows zones by their module. */
export function addSharedCache(call: SetterCall, refuse: Refuse, word: NginxWord): void {
  const [, name = "", size = ""] = /^shared:([^:]+):(.*)$/s.exec(word.text) ?? [];
  const kind = call.placed.name === "ssl_ocsp_cache" ? "OCSP cache" : "TLS session cache";
  addZone(call, refuse, { name, size: parseSize(size) ?? 0, use: useOf(call, kind), word });
}

/** `zone=name:size` of `sticky learn`. */
export function addStickyZone(call: SetterCall, refuse: Refuse): void {
  const word = call.placed.directive.args.find(({ text }) => text.startsWith("zone="));
  const [, name = "", size = ""] = /^zone=([^:]*):(.*)$/s.exec(word?.text ?? "") ?? [];
  if (word === undefined) return;
  const zone = addZone(call, refuse, { name, size: parseSize(size) ?? 0, use: "sticky", word });
  if (zone === undefined) return;
  const first = zone.defined;
  if (first === undefined) zone.defined = call.placed;
  else
    refuse(`sticky zone "${name}" is already used in upstream "${first.level.owner?.args[0] ?? ""}"`, word, {
      because: [{ message: "it is used here", at: first.at }],
    });
}

function useOf({ context }: SetterCall, use: string): string {
  if ("AB".includes(context)) return `mail ${use}`;
  return "TVW".includes(context) ? `stream ${use}` : use;
}

/** `zone` of an upstream (src/http/modules/ngx_http_upstream_zone_module.c). */
export const checkUpstreamZone: SetterCheck = (call, refuse) => {
  const [word, sizeWord] = call.placed.directive.args;
  if (word === undefined) return;
  const name = word.text;
  if (name === "") {
    refuse(`invalid zone name "${name}"`, word);
    return;
  }
  const size = sizeWord === undefined ? 0 : parseSize(sizeWord.text);
  if (size === undefined) refuse(`invalid zone size "${sizeWord?.text}"`, sizeWord);
  else if (sizeWord !== undefined && size < 8 * page)
    refuse(`zone "${name}" is too small`, sizeWord, { help: "Write 32k or more." });
  else addZone(call, refuse, { name, size, use: useOf(call, "upstream"), word });
};

/** Parameters of `proxy_cache_path` with a value, and whether nginx takes it. */
const cacheParameters: Readonly<Record<string, (value: string) => boolean>> = {
  inactive: (value) => parseTime(value, "seconds") !== undefined,
  max_size: (value) => parseOffset(value) !== undefined,
  min_free: (value) => parseOffset(value) !== undefined,
  loader_files: (value) => parseNumber(value) !== undefined,
  loader_sleep: (value) => parseTime(value, "milliseconds") !== undefined,
  loader_threshold: (value) => parseTime(value, "milliseconds") !== undefined,
  manager_files: (value) => parseNumber(value) !== undefined,
  manager_sleep: (value) => parseTime(value, "milliseconds") !== undefined,
  manager_threshold: (value) => parseTime(value, "milliseconds") !== undefined,
};

/** `proxy_cache_path` and its like (src/http/ngx_http_file_cache.c ngx_http_file_cache_set_slot). */
export const checkCachePath: SetterCheck = (call, refuse) => {
  const { placed, declared } = call;
  const [path, ...parameters] = placed.directive.args;
  let keys: { name: string; size: number; word: NginxWord } | undefined;
  for (const word of parameters) {
    const fault = cacheParameterFault(call, word.text);
    if (fault !== undefined) {
      refuse(fault, word);
      refusedZone(call, /(?:^|\s)keys_zone=([^:\s]*)/.exec(placed.args.join(" "))?.[1] ?? "");
      return;
    }
    const [, name = "", size = ""] = /^keys_zone=([^:]*):(.*)$/s.exec(word.text) ?? [];
    if (word.text.startsWith("keys_zone=")) keys = { name, size: parseSize(size) ?? 0, word };
  }
  if (keys === undefined || keys.name === "") {
    refuse(`"${placed.name}" must have "keys_zone" parameter`);
    return;
  }
  if (path === undefined || placed.directive.file.conditional) return;
  const folder = path.text.replace(/\/$/, "");
  const same = declared.cachePaths.get(folder);
  if (same !== undefined) {
    const { source } = same.directive.file;
    refuse(
      `the same path name "/${folder.replace(/^\//, "")}" used in /${source.path}:${same.directive.line} and`,
      path,
      { rule: "nginx/duplicate", because: [{ message: "it is used here first", at: same.at }] },
    );
    return;
  }
  declared.cachePaths.set(folder, placed);
  const zone = addZone(call, refuse, { ...keys, use: cacheUse(placed.name) });
  if (zone === undefined) return;
  if (zone.defined === undefined) zone.defined = placed;
  else
    refuse(`duplicate zone "${keys.name}"`, keys.word, {
      rule: "nginx/duplicate",
      because: [{ message: "it is defined here first", at: zone.defined.at }],
    });
};

function cacheUse(directive: string): string {
  return directive.replace(/_cache(?:_path)?$/, " cache");
}

function cacheParameterFault({ version }: SetterCall, text: string): string | undefined {
  const [, key = text, value = ""] = /^([a-z_]+)=(.*)$/s.exec(text) ?? [];
  if (key === "levels")
    return /^(?:[12](?::[12]){0,2})?$/.test(value) ? undefined : `invalid "levels" "${text}"`;
  if (key === "use_temp_path")
    return /^(?:on|off)$/.test(value)
      ? undefined
      : `invalid use_temp_path value "${text}", it must be "on" or "off"`;
  if (key === "keys_zone") {
    const [, size] = /^[^:]*:(.*)$/s.exec(value) ?? [];
    const bytes = size === undefined ? undefined : parseSize(size);
    if (bytes === undefined) return `invalid keys zone size "${text}"`;
    return bytes < 2 * page ? `keys zone "${text}" is too small` : undefined;
  }
  const takes = cacheParameters[key];
  if (takes !== undefined && text.includes("="))
    return takes(value) ? undefined : `invalid ${key} value "${text}"`;
  // nginx Plus has a purger.
  return version === undefined && key.startsWith("purger") ? undefined : `invalid parameter "${text}"`;
}

/** `proxy_cache` and its like: `off`, a zone, or a text with variables. */
export const checkCache: SetterCheck = (call, refuse) => {
  const { placed, declared } = call;
  const word = placed.directive.arg(0);
  if (word === undefined || word.text === "off") return;
  const store = placed.name.replace(/_cache$/, "_store");
  const stored = call.seen.get(store);
  if (stored !== undefined && stored.args[0] !== "off") {
    refuse(`"${placed.name}" directive is incompatible with "${store}"`, undefined, {
      because: [{ message: "it is set here", at: stored.at }],
    });
    return;
  }
  declared.cacheNames.add(placed.name);
  if (word.text.includes("$")) return;
  const zone = addZone(call, refuse, { name: word.text, size: 0, use: cacheUse(placed.name), word });
  if (zone !== undefined) declared.caches.push({ placed, zone });
};

/** `proxy_store` and its like beside a cache. */
export const checkStore: SetterCheck = (call, refuse) => {
  const path = call.placed.directive.arg(0);
  // Since 1.27.3.
  if (path?.text === "" && call.version?.atLeast("1.27.3") === true) {
    refuse("empty path", path);
    return;
  }
  const cache = call.placed.name.replace(/_store$/, "_cache");
  const cached = call.seen.get(cache);
  if (call.placed.args[0] === "off" || cached === undefined || cached.args[0] === "off") return;
  refuse(`"${call.placed.name}" directive is incompatible with "${cache}"`, undefined, {
    because: [{ message: "it is set here", at: cached.at }],
  });
};

/** A cache of a protocol whose zone no `..._cache_path` defines; nginx says so when it merges the levels. */
export function checkCaches(
  http: PlacedDirective,
  protocol: string,
  { caches, refusedZones: refused }: Pick<Declared, "caches" | "refusedZones">,
  complaints: Complaints,
): void {
  const { directive } = http;
  for (const { placed, zone } of caches) {
    const name = placed.args[0] ?? "";
    if (zone.defined !== undefined || refused.has(name) || placed.name !== `${protocol}_cache`) continue;
    refused.add(name);
    complaints.refuseAt(
      http.closed,
      placed,
      "nginx/value",
      `"${placed.name}" zone "${name}" is unknown`,
      {
        at: placed.directive.arg(0)?.span ?? placed.at,
        help: `Define it with ${placed.name}_path in http.`,
        absent: true,
      },
      { file: directive.file.source, line: directive.file.source.position(directive.close?.start ?? 0).line },
    );
  }
}

/** Zones that no directive gives a size; nginx says so after it has read everything. */
export function checkSizes({ zones, refusedZones }: Declared, complaints: Complaints): void {
  for (const [name, { size, first, word, use }] of zones)
    if (size === 0 && !refusedZones.has(name))
      complaints.refuseAt(
        afterAll,
        first,
        "nginx/value",
        `zero size shared memory zone "${name}"`,
        {
          absent: true,
          at: word.span,
          help: use.includes("limit")
            ? `Define it with ${use.replace(/^stream /, "")}_zone.`
            : "Write its size.",
        },
        undefined,
      );
}
