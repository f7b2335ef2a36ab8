import type { Version } from "../../model/facts.ts";
import { checkGeo } from "./check-geo.ts";
import { checkMapHash, isHostname } from "./check-map-hash.ts";
import { regexFault } from "./check-regex.ts";
import { checkTypes } from "./check-types.ts";
import type { Complaints } from "./complaint.ts";
import type { Context } from "./directives.ts";
import type { Level, PlacedDirective } from "./placement.ts";
import type { Declared } from "./setter-call.ts";

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
  } else if (placed.name === "geo" && !placed.directive.file.template) checkGeo(entries, version, complaints);
  else if (placed.name === "types") {
    for (const entry of entries) includeCount(entry, complaints);
    checkTypes(placed, entries, declared, complaints);
  } else if (placed.name === "split_clients") checkSplit(entries, complaints);
  else if (placed.name === "charset_map") {
    checkCharsetNames(placed, version, complaints);
    checkCharsets(entries, complaints);
  }
}

function includeCount(entry: PlacedDirective, complaints: Complaints): boolean {
  if (entry.name !== "include" || entry.directive.argCount === 1) return false;
  complaints.refuse(entry, "nginx/arguments", 'invalid number of arguments in "include" directive');
  return true;
}

function checkMap(map: PlacedDirective, entries: readonly PlacedDirective[], complaints: Complaints): void {
  const keys = new Map<string, PlacedDirective>();
  let fallback: PlacedDirective | undefined;
  const hostnames = entries.some((entry) => entry.name === "hostnames" && entry.directive.argCount === 0);
  for (const entry of entries) {
    const count = entry.directive.argCount;
    const { name } = entry;
    if (count === 0 && (name === "hostnames" || name === "volatile")) continue;
    if (count !== 1) {
      complaints.refuse(entry, "nginx/arguments", "invalid number of the map parameters", {
        help: `A line of ${map.name} is one value and what it becomes.`,
      });
      continue;
    }
    const fault = name.startsWith("~") ? regexFault(name.replace(/^~\*?/, "")) : undefined;
    if (fault !== undefined) complaints.refuse(entry, "nginx/value", fault, { at: entry.directive.nameSpan });
    if (name === "include" || name.startsWith("~")) continue;
    if (name === "default") {
      if (fallback !== undefined)
        complaints.refuse(entry, "nginx/duplicate", "duplicate default map parameter", {
          because: [{ message: "it is set here first", at: fallback.at }],
        });
      fallback ??= entry;
      continue;
    }
    const key = name.replace(/^\\/, "").toLowerCase();
    if (hostnames && !isHostname(key)) {
      complaints.refuse(entry, "nginx/value", `invalid hostname or wildcard "${name.replace(/^\\/, "")}"`, {
        at: entry.directive.nameSpan,
      });
      continue;
    }
    if (hostnames && /^[*.]|\.\*$/.test(key)) continue;
    const first = keys.get(key);
    if (first === undefined) keys.set(key, entry);
    else
      complaints.refuse(entry, "nginx/duplicate", `conflicting parameter "${name.replace(/^\\/, "")}"`, {
        because: [{ message: "it is mapped here first", at: first.at }],
      });
  }
}

function checkSplit(entries: readonly PlacedDirective[], complaints: Complaints): void {
  let total = 0;
  for (const entry of entries) {
    const { name } = entry;
    if (name === "*") continue;
    const digits = /^(\d+)(?:\.(\d{1,2}))?%$/.exec(name);
    const part = digits === null ? 0 : Number(digits[1]) * 100 + Number((digits[2] ?? "").padEnd(2, "0"));
    if (part === 0) {
      complaints.refuse(entry, "nginx/value", `invalid percent value "${name}"`, {
        at: entry.directive.nameSpan,
      });
      continue;
    }
    total += part;
    if (total > 10_000) {
      complaints.refuse(entry, "nginx/value", "percent total is greater than 100%");
      return;
    }
  }
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
  else if (from.toLowerCase() === "utf-8" && version?.atLeast("1.31.0") === true)
    complaints.refuse(
      placed,
      "nginx/value",
      '"charset_map" with "utf-8" charset should be given in the second column',
    );
}

function checkCharsets(entries: readonly PlacedDirective[], complaints: Complaints): void {
  for (const entry of entries) {
    const wrong = [entry.name].find((text) => !/^[0-9a-fA-F]{1,2}$/.test(text));
    if (wrong === undefined || entry.directive.argCount !== 1) continue;
    complaints.refuse(entry, "nginx/value", `invalid value "${wrong}"`, { at: entry.directive.nameSpan });
  }
}
