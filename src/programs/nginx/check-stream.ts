import type { Version } from "../../model/facts.ts";
import { checkEscaping } from "./check-logs.ts";
import { checkStreamNames } from "./check-server-names.ts";
import { checkPorts, checkResolve, checkSpares } from "./check-targets.ts";
import { checkOcspResponders, checkSecureListens, checkStartedTls, checkStreamKeys } from "./check-tls.ts";
import { checkUnknownVariables } from "./check-unknown-variables.ts";
import { checkMergedTexts } from "./check-variables.ts";
import type { Complaints } from "./complaint.ts";
import type { Level, PlacedDirective } from "./placement.ts";
import type { Declared, SetterCheck } from "./setter-call.ts";

/**
 * What nginx finds at the end of the stream block, in its order: merging module by module, then certificates,
 * variables and names (src/stream/ngx_stream.c ngx_stream_block).
 */
export function checkStream(
  stream: PlacedDirective,
  block: Level,
  declared: Declared,
  version: Version | undefined,
  complaints: Complaints,
): void {
  const newer = version?.atLeast("1.25.5") === true;
  checkHandlers(stream, block, version, complaints);
  checkSpares(stream, block, complaints);
  checkResolve(stream, block, complaints);
  checkPorts(stream, declared.streamTargets, declared.streamUpstreams, complaints);
  if (newer) {
    checkStreamKeys(stream, block, version, complaints);
    checkMergedTexts(stream, block, "ssl", declared, complaints);
    checkOcspResponders(stream, block, complaints);
    checkSecureListens(stream, block, complaints);
  } else if (version !== undefined) checkStartedTls(stream, block, version, complaints);
  checkUnknownVariables("stream", stream, block, version, complaints);
  checkStreamNames(stream, block, declared, version, complaints);
}

const handlers = ["proxy_pass", "return", "pass", "js_access", "js_preread"];

/** A server of stream that does nothing, which nginx before 1.27.1 refuses (ngx_stream_core_merge_srv_conf). */
function checkHandlers(
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
  else checkEscaping(placed, refuse);
};
