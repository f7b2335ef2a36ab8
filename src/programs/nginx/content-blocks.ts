import type { Version } from "../../model/facts.ts";
import { checkGeo } from "./check-geo.ts";
import { checkMapHash } from "./check-map-hash.ts";
import { regexFault } from "./check-regex.ts";
import { checkTypes } from "./check-types.ts";
import { variableHelp } from "./check-variables.ts";
import type { Complaints } from "./complaint.ts";
import type { Context } from "./directives.ts";
import { HostnameKeys } from "./hostname-keys.ts";
import type { Level, PlacedDirective } from "./placement.ts";
import type { Declared } from "./setter-call.ts";
import { variableFault } from "./variable-texts.ts";

const blocks: Readonly<Record<string, string>> = {
  types: "HSL",
  map: "HT",
  geo: "HT",
  split_clients: "HT",
  charset_map: "H",
};

/** Whether the words in a block are data that its own handler reads. */
export function isContentBlock(name: string, context: Context | undefined): boolean {
  return context !== undefined && (blocks[name] ?? "").includes(context);
}

/** What the handler of a block with data refuses (src/http/modules/ngx_http_map_module.c and its like). */
export function checkContent(
  placed: PlacedDirective,
  block: Level,
  version: Version | undefined,
  declared: Declared,
  complaints: Complaints,
): void {
  const entries = block.directives.filter(
    ({ directive }) => directive.kind === "simple" && !directive.hole && !directive.file.conditional,
  );
  if (placed.name === "map") {
    checkMap(placed, entries, complaints);
    if (!placed.directive.file.template) checkMapHash(placed, entries, complaints);
  } else if (placed.name === "geo" && !placed.directive.file.template)
    checkGeo(entries, { version, inStream: placed.level.owner?.name === "stream" }, complaints);
  else if (placed.name === "types") {
    for (const entry of entries) includeCount(entry, complaints);
    checkTypes(placed, entries, declared, complaints);
  } else if (placed.name === "split_clients") checkSplit(placed, entries, complaints);
  else if (placed.name === "charset_map") {
    checkCharsetNames(placed, version, complaints);
    checkCharsets(placed, entries, version, complaints);
  }
}

function includeCount(entry: PlacedDirective, complaints: Complaints): boolean {
  if (entry.name !== "include" || entry.directive.argCount === 1) return false;
  complaints.refuse(entry, "nginx/arguments", 'invalid number of arguments in "include" directive');
  return true;
}

function checkMap(map: PlacedDirective, entries: readonly PlacedDirective[], complaints: Complaints): void {
  const keys = new HostnameKeys<PlacedDirective>();
  let fallback: PlacedDirective | undefined;
  let hostnames = false;
  for (const entry of entries) {
    const { name } = entry;
    const [value, ...more] = entry.directive.args;
    if (value === undefined && name === "hostnames") hostnames = true;
    if (value === undefined && (name === "hostnames" || name === "volatile")) continue;
    if (value === undefined || more.length > 0) {
      complaints.refuse(entry, "nginx/arguments", "invalid number of the map parameters", {
        help: `A line of ${map.name} is one value and what it becomes.`,
      });
      continue;
    }
    if (name === "include") continue;
    const unreadable = variableFault({ text: value.text, word: value, form: "script" });
    if (unreadable !== undefined && !value.hole) {
      complaints.refuse(entry, "nginx/value", unreadable, { at: value.span, help: variableHelp });
      continue;
    }
    if (name === "default") {
      if (fallback !== undefined)
        complaints.refuse(entry, "nginx/duplicate", "duplicate default map parameter", {
          because: [{ message: "it is set here first", at: fallback.at }],
        });
      fallback ??= entry;
      continue;
    }
    if (name.startsWith("~")) {
      const fault = regexFault(name.replace(/^~\*?/, ""));
      if (fault !== undefined)
        complaints.refuse(entry, "nginx/value", fault, { at: entry.directive.nameSpan });
      continue;
    }
    const key = name.replace(/^\\/, "");
    const answer = keys.add(key, entry, hostnames);
    if (answer === "no name")
      complaints.refuse(entry, "nginx/value", `invalid hostname or wildcard "${key}"`, {
        at: entry.directive.nameSpan,
      });
    else if (answer === "known")
      complaints.refuse(entry, "nginx/duplicate", `conflicting parameter "${key.toLowerCase()}"`, {
        ...(keys.met === undefined
          ? {}
          : { because: [{ message: "it is mapped here first", at: keys.met.at }] }),
      });
  }
}

/** Shares are counted in hundredths of a percent; `*` takes all that is left (ngx_conf_split_clients_block). */
function checkSplit(
  placed: PlacedDirective,
  entries: readonly PlacedDirective[],
  complaints: Complaints,
): void {
  const whole = 10_000;
  let total = 0;
  let beyond: PlacedDirective | undefined;
  for (const entry of entries) {
    const { name } = entry;
    const [, percent = "", hundredths = ""] = /^(\d*)(?:\.(\d{0,2}))?%$/.exec(name) ?? [];
    const part = Number(percent) * 100 + Number(hundredths.padEnd(2, "0"));
    if (name !== "*" && part === 0)
      complaints.refuse(entry, "nginx/value", `invalid percent value "${name}"`, {
        at: entry.directive.nameSpan,
        help: "Write a share such as 0.5% with up to two digits behind the dot, or * for the rest.",
      });
    total = name === "*" ? whole : total + part;
    if (total > whole) beyond ??= entry;
  }
  const { close, file } = placed.directive;
  if (beyond === undefined || close === undefined) return;
  complaints.refuseAt(
    placed.closed,
    beyond,
    "nginx/value",
    "percent total is greater than 100%",
    { at: beyond.directive.nameSpan, help: "Behind * nothing is left." },
    { file: file.source, line: file.source.position(close.start).line },
  );
}

/** src/http/modules/ngx_http_charset_filter_module.c ngx_http_charset_map_block */
function checkCharsetNames(
  placed: PlacedDirective,
  version: Version | undefined,
  complaints: Complaints,
): void {
  const [from = "", to = ""] = placed.args;
  if (placed.directive.hole) return;
  if (from.toLowerCase() === to.toLowerCase())
    complaints.refuse(placed, "nginx/value", `"charset_map" between the same charsets "${from}" and "${to}"`);
  else if (from.toLowerCase() === "utf-8" && version?.atLeast("1.31.3") === true)
    complaints.refuse(
      placed,
      "nginx/value",
      '"charset_map" with "utf-8" charset should be given in the second column',
    );
}

const longestUtf8 = 4;

function checkCharsets(
  map: PlacedDirective,
  entries: readonly PlacedDirective[],
  version: Version | undefined,
  complaints: Complaints,
): void {
  const utf8 = map.args[1]?.toLowerCase() === "utf-8";
  for (const entry of entries) {
    if (entry.directive.argCount !== 1) {
      complaints.refuse(entry, "nginx/arguments", "invalid parameters number", {
        help: "A line of charset_map is two codes in hexadecimal digits.",
      });
      continue;
    }
    const target = entry.args[0] ?? "";
    const right = utf8 ? isUtf8Code(target, version) : isByte(target);
    const wrong = isByte(entry.name) ? (right ? undefined : target) : entry.name;
    if (wrong === undefined) continue;
    complaints.refuse(entry, "nginx/value", `invalid value "${wrong}"`, {
      at:
        wrong === target && wrong !== entry.name
          ? (entry.directive.arg(0)?.span ?? entry.at)
          : entry.directive.nameSpan,
      help: "Write a code in hexadecimal digits such as A3.",
    });
  }
}

/** ngx_hextoi, up to 255. */
function isByte(text: string): boolean {
  return /^0*[0-9a-fA-F]{1,2}$/.test(text);
}

/** A character of more than one byte and not above FFFF, each byte as two digits. */
function isUtf8Code(text: string, version: Version | undefined): boolean {
  // Since 1.27.5; before, more bytes were written behind the end.
  const tooLong = Math.floor(text.length / 2) >= longestUtf8 && version?.atLeast("1.27.5") === true;
  if (tooLong || !/^(?:[0-9a-fA-F]{2})+$/.test(text)) return false;
  const bytes = Array.from(text.matchAll(/../g), ([byte]) => Number.parseInt(byte, 16));
  const [lead = 0, ...rest] = bytes;
  const length = lead >= 0xe0 ? 2 : 1;
  const following = rest.slice(0, length);
  if (lead < 0xc2 || lead >= 0xf0 || following.length < length) return false;
  if (following.some((byte) => byte < 0x80 || byte > 0xbf)) return false;
  return lead !== 0xe0 || (following[0] ?? 0) >= 0xa0;
}
