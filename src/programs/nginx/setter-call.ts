import type { Version } from "../../model/facts.ts";
import type { NginxWord } from "../../syntax/nginx/tree.ts";
import type { Target } from "./check-targets.ts";
import type { Extension, TypeList } from "./check-types.ts";
import type { Zone } from "./check-zones.ts";
import type { ComplaintDetails, Complaints } from "./complaint.ts";
import type { Context } from "./directives.ts";
import type { HostnameKeys } from "./hostname-keys.ts";
import type { Level, PlacedDirective } from "./placement.ts";
import type { MergingModule } from "./variable-texts.ts";

/** Protocols of an address, as sets of bits (`ngx_http_conf_addr_t`). */
export interface Protocols {
  /** Of all listens so far. */
  all: number;
  /** Of those that count as the usual ones. */
  usual: number | undefined;
  changed: boolean;
  readonly first: PlacedDirective;
}

/** An address that some listen named. */
export interface DeclaredSocket {
  /** The listen that sets options of the socket. */
  options: PlacedDirective | undefined;
  fallback: PlacedDirective | undefined;
  /** Undefined before the first listen. */
  protocols: Protocols | undefined;
  readonly servers: Map<PlacedDirective, PlacedDirective>;
}

/** What directives of one configuration have declared so far. */
export interface Declared {
  readonly sockets: Map<string, DeclaredSocket>;
  /** By name in lower case. */
  readonly upstreams: Map<string, PlacedDirective>;
  readonly streamUpstreams: Map<string, PlacedDirective>;
  /** What each `..._pass` names. */
  readonly targets: Target[];
  readonly streamTargets: Target[];
  /** The ports of each of them, by module and host. */
  readonly targetPorts: Map<string, Set<number>>;
  /** Each `secure_link_secret`. */
  readonly secretLinks: PlacedDirective[];
  /** Shared memory by name. */
  readonly zones: Map<string, Zone>;
  /** Names of zones that something was already said about. */
  readonly refusedZones: Set<string>;
  readonly cachePaths: Map<string, PlacedDirective>;
  readonly caches: { readonly placed: PlacedDirective; readonly zone: Zone }[];
  readonly streamFormats: Map<string, PlacedDirective>;
  /** Logs that are written through a buffer, by path. */
  readonly bufferedLogs: Map<string, { readonly buffer: string; readonly placed: PlacedDirective }>;
  readonly logFormats: Map<string, PlacedDirective>;
  /** In lower case, as `access_log` compares them. */
  readonly formatNames: Set<string>;
  /** What `types` of a level have said, by extension. */
  readonly extensions: Map<Level, Map<string, Extension>>;
  /** Lists of MIME types of a level, by directive. */
  readonly typeLists: Map<Level, Map<string, TypeList>>;
  /** Names of the `..._cache` directives that stand somewhere. */
  readonly cacheNames: Set<string>;
  /** Texts with faults that nginx reads when the levels are merged; `merged` is the module. */
  readonly unreadable: {
    readonly placed: PlacedDirective;
    readonly word: NginxWord;
    readonly fault: string;
    readonly merged: MergingModule;
  }[];
  /** `aio` directives that name a pool of threads. */
  readonly threadPools: PlacedDirective[];
  /** The names of `valid_referers` of a level. */
  readonly referers: Map<Level, HostnameKeys<PlacedDirective>>;
  /** First directive of each level by its name and the thing that it names: a zone, a pool. */
  readonly named: Map<Level, Map<string, PlacedDirective>>;
}

/** One directive, as its setter is called with it. No word of it is filled in by a template. */
export interface SetterCall {
  readonly placed: PlacedDirective;
  readonly context: Context;
  /** First directive of each name at this level. */
  readonly seen: ReadonlyMap<string, PlacedDirective>;
  readonly version: Version | undefined;
  readonly declared: Declared;
  /** Nothing of the configuration is missing here. */
  readonly complete: boolean;
  readonly complaints: Complaints;
}

/** Refuses a word, or the whole directive. */
export type Refuse = (
  message: string,
  word?: NginxWord,
  details?: ComplaintDetails & { rule?: string },
) => void;

export type SetterCheck = (call: SetterCall, refuse: Refuse) => void;

/** The directive of this level that named the same thing first; undefined where it is this one. */
export function namedBefore(
  { placed, declared }: Pick<SetterCall, "placed" | "declared">,
  thing: string,
): PlacedDirective | undefined {
  if (placed.directive.file.conditional) return undefined;
  let named = declared.named.get(placed.level);
  if (named === undefined) {
    named = new Map();
    declared.named.set(placed.level, named);
  }
  const key = `${placed.name} ${thing}`;
  const first = named.get(key);
  if (first === undefined) named.set(key, placed);
  return first;
}
