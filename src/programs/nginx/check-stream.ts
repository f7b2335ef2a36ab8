import type { Version } from "../../model/facts.ts";
import type { Complaints } from "./complaint.ts";
import type { Level, PlacedDirective } from "./placement.ts";
import type { SetterCheck } from "./setter-call.ts";

const handlers = ["proxy_pass", "return", "pass", "js_access", "js_preread"];

/** A server of stream that does nothing, which nginx before 1.27.1 refuses (ngx_stream_core_merge_srv_conf). */
export function checkHandlers(
  stream: PlacedDirective,
  block: Level,
  version: Version | undefined,
  complaints: Complaints,
): void {
  if (version === undefined || version.atLeast("1.27.1")) return;
  for (const server of block.named("server")) {
    const level = server.block;
    if (level === undefined || server.directive.file.template) continue;
    if (handlers.some((name) => level.named(name).length > 0)) continue;
    complaints.refuseAt(
      stream.closed,
      server,
      "nginx/value",
      "no handler for server",
      { at: server.directive.nameSpan, help: "Write proxy_pass or return into it." },
      { file: server.directive.file.source, line: server.directive.line },
    );
  }
}

/** `access_log` of stream, which has no default format (ngx_stream_log_set_log). */
export const checkStreamAccessLog: SetterCheck = ({ placed, declared, complete }, refuse) => {
  const [path, format] = placed.directive.args;
  if (path?.text === "off") {
    if (format !== undefined) refuse(`invalid parameter "${format.text}"`, format);
  } else if (format === undefined) refuse("log format is not specified", path);
  else if (complete && !declared.streamFormats.has(format.text.toLowerCase()))
    refuse(`unknown log format "${format.text}"`, format, {
      help: "A log_format in stream must stand before the access_log that uses it.",
    });
};

/** `log_format` of stream. */
export const checkStreamLogFormat: SetterCheck = ({ placed, declared }, refuse) => {
  const word = placed.directive.arg(0);
  const name = word?.text ?? "";
  const first = declared.streamFormats.get(name.toLowerCase());
  declared.streamFormats.set(name.toLowerCase(), placed);
  if (first !== undefined && first.args[0] === name && !placed.directive.file.conditional)
    refuse(`duplicate "log_format" name "${name}"`, word, {
      rule: "nginx/duplicate",
      because: [{ message: "it is defined here first", at: first.at }],
    });
};

/** In the order in which nginx looks, before and since 1.25.5. */
const notForUdp = ["backlog", "ssl", "so_keepalive", "proxy_protocol", "fastopen"];
const notForUdpNow = ["fastopen", "backlog", "deferred", "ssl", "so_keepalive", "proxy_protocol"];

/** A parameter of a stream `listen` that UDP does not have. */
export function udpFault(parameters: readonly string[], version: Version | undefined): string | undefined {
  const newer = version === undefined || version.atLeast("1.25.5");
  const has = (name: string): boolean =>
    parameters.some((text) => text === name || (text.startsWith(`${name}=`) && text !== "so_keepalive=off"));
  const wrong = (newer ? notForUdpNow : notForUdp).find(has);
  return wrong === undefined
    ? undefined
    : `"listen" directive "${wrong}" parameter is incompatible with "udp"`;
}
