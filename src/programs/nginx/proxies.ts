import type { Address } from "../../model/address.ts";
import type { NginxProxy, NginxUpstream } from "../../model/nginx.ts";
import type { Seconds } from "../../model/units.ts";
import { unknown, type Value, written } from "../../model/value.ts";
import type { NginxWord } from "../../syntax/nginx/tree.ts";
import { defaultOf, defaults } from "./defaults.ts";
import { enclosing, levelsWith, missingBlocks } from "./inheritance.ts";
import { parseTarget } from "./parse-address.ts";
import type { Level, PlacedDirective } from "./placement.ts";
import { flagKind, holeIn, isChosen, measured, type Reader, secondsKind, type ValueKind } from "./reader.ts";
import { withConstants } from "./set-variables.ts";

/** What `proxy_pass` is read against. */
export interface ProxySurroundings {
  readonly upstreams: readonly NginxUpstream[];
  /** Server blocks with an address that speaks HTTP/2 or QUIC. */
  readonly multiplexed: ReadonlySet<PlacedDirective>;
}

/** Blocks of the http module in which a `proxy_pass` can stand or through which one is reached. */
const httpBlocks = new Set(["server", "location", "if", "limit_except"]);

/**
 * Every `proxy_pass` below a level of the http module. A nested location does not inherit it; `if` and
 * `limit_except` do and are no places of their own (seen with 1.22.1 and 1.31.4).
 */
export function collectProxies(http: Level, surroundings: ProxySurroundings, reader: Reader): NginxProxy[] {
  const proxies: NginxProxy[] = [];
  const names = new Map(surroundings.upstreams.map((upstream) => [upstream.name.toLowerCase(), upstream]));
  const settings = kinds(reader);
  const waiting: Level[] = [http];
  for (let level = waiting.pop(); level !== undefined; level = waiting.pop()) {
    for (const [name, kind] of settings) reader.value(level.named(name), kind);
    for (const pass of passesOf(level)) proxies.push(toProxy(pass, names, surroundings.multiplexed, reader));
    for (let index = level.directives.length - 1; index >= 0; index--) {
      const directive = level.directives[index];
      if (directive?.block !== undefined && httpBlocks.has(directive.name)) waiting.push(directive.block);
    }
  }
  return proxies;
}

function toProxy(
  pass: PlacedDirective,
  upstreams: ReadonlyMap<string, NginxUpstream>,
  multiplexed: ReadonlySet<PlacedDirective>,
  reader: Reader,
): NginxProxy {
  const { level } = pass;
  const word = pass.directive.arg(0);
  const target =
    word === undefined
      ? unknown<Target>("proxy_pass", "no address is written", { at: pass.at })
      : readTarget(word, level);
  const upstream = target.known ? upstreams.get(target.value.host) : undefined;
  const server = enclosing(level, "server");
  const at = pass.at;
  return {
    at,
    upstream,
    address: upstream === undefined ? targetAddress(target, word) : undefined,
    location: locationText(level),
    readTimeout: measured<Seconds>(reader.inForce(level, defaults.proxy_read_timeout, secondsKind, at)),
    sendTimeout: measured<Seconds>(reader.inForce(level, defaults.proxy_send_timeout, secondsKind, at)),
    connectTimeout: measured<Seconds>(reader.inForce(level, defaults.proxy_connect_timeout, secondsKind, at)),
    httpVersion: reader.inForce(level, defaults.proxy_http_version, httpVersionKind(reader), at),
    connectionHeader: connectionHeader(level, at, reader),
    buffering: reader.inForce(level, defaults.proxy_buffering, flagKind, at),
    requestBuffering: reader.inForce(level, defaults.proxy_request_buffering, flagKind, at),
    bound: (levelsWith(level, "proxy_bind")[0]?.[0]?.args[0] ?? "off") !== "off",
    multiplexed: (server !== undefined && multiplexed.has(server)) || http2IsOn(level),
  };
}

/** The first `proxy_pass` of a level; each one where a template chooses between several. */
function passesOf(level: Level): readonly PlacedDirective[] {
  const passes = level.named("proxy_pass");
  const [first] = passes;
  if (first === undefined || passes.some(isChosen)) return passes;
  return [first];
}

/** The settings that are read here, so that a refused one is told also where no proxy_pass uses it. */
function kinds(reader: Reader): [name: string, kind: ValueKind<unknown>][] {
  return [
    [defaults.proxy_connect_timeout.label, secondsKind],
    [defaults.proxy_send_timeout.label, secondsKind],
    [defaults.proxy_read_timeout.label, secondsKind],
    [defaults.proxy_http_version.label, httpVersionKind(reader)],
    [defaults.proxy_buffering.label, flagKind],
    [defaults.proxy_request_buffering.label, flagKind],
  ];
}

/** `2` is known since 1.29.4 (CHANGES; 1.26.3 refuses it). */
function httpVersionKind({ version }: Reader): ValueKind<string> {
  const two = !version.known || version.value.atLeast("1.29.4");
  return {
    parse: (text) => (text === "1.0" || text === "1.1" || (text === "2" && two) ? text : undefined),
  };
}

/** The authority of a proxy_pass URL: what stands between the scheme and the path. */
interface Target {
  /** In lower case, as upstream names compare. */
  readonly host: string;
  readonly authority: string;
  readonly defaultPort: number;
}

/** Variables that begin with the path of a request, so that what stands before them is the whole authority. */
const pathVariables = /\$\{?(?:request_uri|uri|document_uri)\b/;

function readTarget(word: NginxWord, level: Level): Value<Target> {
  const hole = holeIn(word);
  const text = withConstants(word.text, level);
  const scheme = /^https?:\/\//i.exec(text);
  if (hole !== undefined && (scheme === null || authorityHasHole(word)))
    return unknown("proxy_pass", `a template fills in ${hole}`, { at: word.span });
  if (scheme === null) {
    if (text.includes("$")) return unknown("proxy_pass", `${text} depends on the request`, { at: word.span });
    return unknown("proxy_pass", `"${text}" has no http:// or https://`, { at: word.span });
  }
  const rest = text.slice(scheme[0].length);
  const unix = /^unix:/i.test(rest);
  const end = unix ? rest.indexOf(":", "unix:".length) : rest.search(/[/?]/);
  const before = end === -1 ? rest : rest.slice(0, end);
  const path = pathVariables.exec(before);
  const authority = path === null ? before : before.slice(0, path.index);
  if (authority.includes("$"))
    return unknown("proxy_pass", `${text} depends on the request`, { at: word.span });
  const host = /^\[[^\]]*\]|^[^:]*/.exec(authority)?.[0] ?? "";
  return written(
    "proxy_pass",
    { host: host.toLowerCase(), authority, defaultPort: scheme[0].toLowerCase() === "https://" ? 443 : 80 },
    word.span,
  );
}

/** Whether a template fills in a part before the path. */
function authorityHasHole(word: NginxWord): boolean {
  const { raw } = word;
  const slashes = raw.indexOf("//");
  const path = raw.indexOf("/", slashes + 2);
  const end = path === -1 ? word.end : word.start + path;
  return word.file.holes.some((hole) => hole.start < end && hole.end > word.start);
}

function targetAddress(target: Value<Target>, word: NginxWord | undefined): Value<Address> {
  if (!target.known) return target as Value<never>;
  const parsed = parseTarget(target.value.authority, target.value.defaultPort);
  if (parsed.ok) return { ...target, value: parsed.address };
  return unknown("proxy_pass", `${parsed.error} in "${target.value.authority}"`, word && { at: word.span });
}

/**
 * The Connection header to the backend. `proxy_set_header` entries of the innermost level that has any count; a
 * built-in header stays unless that level names it, and an empty text sends none.
 */
function connectionHeader(
  level: Level,
  at: PlacedDirective["at"],
  reader: Reader,
): Value<string | undefined> {
  const [entries = [], ...outer] = levelsWith(level, "proxy_set_header");
  const entry = entries.findLast(isConnection);
  const word = entry?.directive.arg(1);
  if (entry === undefined || word === undefined)
    return defaultOf(
      defaults.connection,
      reader.version,
      at,
      entries.length > 0 ? undefined : missingBlocks(level),
    );
  const hole = holeIn(word);
  if (hole !== undefined) return unknown("Connection", `a template fills in ${hole}`, { at: word.span });
  const { text } = word;
  if (text.includes("$")) return unknown("Connection", `${text} depends on the request`, { at: word.span });
  const overrode = outer.flatMap((entries) =>
    entries.filter(isConnection).map((each) => written("Connection", each.args[1], each.at)),
  );
  return written("Connection", text === "" ? undefined : text, word.span, overrode);
}

function isConnection(entry: PlacedDirective): boolean {
  return entry.directive.arg(0)?.text.toLowerCase() === "connection";
}

/** `http2 on` (since 1.25.1) at the server or in http. */
function http2IsOn(level: Level): boolean {
  const server = enclosing(level, "server")?.block;
  const [entries] = server === undefined ? [] : levelsWith(server, "http2");
  return entries?.[0]?.directive.arg(0)?.text.toLowerCase() === "on";
}

function locationText(level: Level): string {
  const location = enclosing(level, "location");
  if (location !== undefined) return location.args.join(" ");
  const server = enclosing(level, "server");
  return server?.block?.named("server_name")[0]?.args[0] ?? "server";
}
