import type { Version } from "../../model/facts.ts";
import type { NginxWord } from "../../syntax/nginx/tree.ts";
import { nearest } from "../../text/did-you-mean.ts";
import type { Complaints } from "./complaint.ts";
import { directivesNamed } from "./directives.ts";
import type { Level, PlacedDirective } from "./placement.ts";
import { variables } from "./variable-names.ts";
import { definedBy, namesIn, usedBy } from "./variable-uses.ts";

/** A use of a variable, or what defines one. */
interface Mention {
  /** In lower case, as nginx keeps it. */
  readonly name: string;
  readonly written: string;
  readonly word: NginxWord;
  readonly placed: PlacedDirective;
}

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Variables of the core modules that a file may not define again (no NGX_HTTP_VAR_CHANGEABLE), in 1.22.1. */
const fixed = {
  http: words(`
    http_host http_user_agent http_referer http_via http_x_forwarded_for http_cookie content_length content_type host
    binary_remote_addr remote_addr remote_port proxy_protocol_addr proxy_protocol_port proxy_protocol_server_addr
    proxy_protocol_server_port server_addr server_port server_protocol scheme https request_uri uri document_uri request
    document_root realpath_root query_string is_args request_filename server_name request_method remote_user bytes_sent
    body_bytes_sent pipe request_completion request_body request_body_file request_length request_time request_id status
    sent_http_content_type sent_http_content_length sent_http_location sent_http_last_modified sent_http_connection
    sent_http_keep_alive sent_http_transfer_encoding sent_http_cache_control sent_http_link connection
    connection_requests connection_time nginx_version hostname pid msec time_iso8601 time_local
  `),
  stream: words(`
    binary_remote_addr remote_addr remote_port proxy_protocol_addr proxy_protocol_port proxy_protocol_server_addr
    proxy_protocol_server_port server_addr server_port bytes_sent bytes_received session_time status connection
    nginx_version hostname pid msec time_iso8601 time_local protocol
  `),
};

const longestMisspelling = 2;

/** Variables of the environment that envsubst or sed may fill in before nginx reads the file. */
const placeholder = /^[A-Z][A-Z0-9_]*$/;

/**
 * Variables that nothing defines. nginx looks for them when http or stream ends, in the order in which they were
 * first used, those of request headers to a backend last (ngx_http_variables_init_vars). Quiet where a directive of
 * another module is used, which may define some.
 */
export function checkUnknownVariables(
  module: "http" | "stream",
  owner: PlacedDirective,
  block: Level,
  version: Version | undefined,
  complaints: Complaints,
): void {
  const mentions = mentionsIn(block, module === "http" && block.named("server").length > 0);
  if (mentions === undefined) return;
  const defined = new Set<string>();
  for (const { name, word, placed } of mentions.defined) {
    defined.add(name);
    if (!fixed[module].has(name)) continue;
    complaints.refuse(placed, "nginx/duplicate", `the duplicate "${name}" variable`, {
      at: word.span,
      help: `nginx itself sets $${name}; take another name.`,
    });
  }
  const told = new Set<string>();
  for (const { name, written, word } of mentions.used) {
    if (defined.has(name) || told.has(name) || isKnown(module, name, version)) continue;
    told.add(name);
    const near = nearest(name, [...variables[module].names, ...defined], longestMisspelling);
    complaints.refuseAt(
      owner.closed,
      { at: word.span },
      "nginx/value",
      `unknown "${name}" variable`,
      {
        help: near === undefined ? "Define it with set or map, or correct its name." : `Is $${near} meant?`,
        absent: true,
        ...(placeholder.test(written) ? { severity: "info" } : {}),
        ...(version === undefined && near === undefined && !placeholder.test(written)
          ? { severity: "warning" }
          : {}),
      },
      undefined,
    );
  }
}

function isKnown(module: "http" | "stream", name: string, version: Version | undefined): boolean {
  const { names, prefixes, newer, newerPrefixes } = variables[module];
  if (names.has(name) || prefixes.some((prefix) => name.startsWith(prefix))) return true;
  const older = version !== undefined && !version.atLeast("1.22.2");
  return !older && (newer.has(name) || newerPrefixes.some((prefix) => name.startsWith(prefix)));
}

/** undefined where it cannot be told what is defined. */
function mentionsIn(
  block: Level,
  withServers: boolean,
): { used: readonly Mention[]; defined: readonly Mention[] } | undefined {
  const used: Mention[] = [];
  const whenMerged: Mention[] = [];
  const defined: Mention[] = [];
  const waiting: { level: Level; next: number }[] = [{ level: block, next: 0 }];
  for (let frame = waiting.at(-1); frame !== undefined; frame = waiting.at(-1)) {
    const placed = frame.level.directives[frame.next];
    frame.next += 1;
    if (placed === undefined) {
      waiting.pop();
      continue;
    }
    const { directive } = placed;
    const inData = frame.level.owner !== undefined && dataBlocks.has(frame.level.owner.name);
    if (directive.file.template || directive.kind === "lua") return undefined;
    if (!inData && !directivesNamed(placed.name).some(({ built }) => built)) return undefined;
    for (const { name, word } of definedBy(placed, inData))
      defined.push({ name, written: name, word, placed });
    const { words, merged } = usedBy(placed, inData);
    for (const word of words)
      for (const name of namesIn(word.text))
        (merged ? whenMerged : used).push({
          name: name.toLowerCase(),
          written: name,
          word: word.word,
          placed,
        });
    if (placed.block !== undefined) waiting.push({ level: placed.block, next: 0 });
  }
  return { used: withServers ? [...used, ...whenMerged] : used, defined };
}

const dataBlocks = new Set(["map", "geo", "split_clients", "types", "charset_map"]);
