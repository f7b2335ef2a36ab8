import type { Version } from "../../model/facts.ts";
import { checkVerification } from "./check-tls.ts";
import type { Complaints } from "./complaint.ts";
import { inForce } from "./inheritance.ts";
import { parseFlag, parseSize } from "./parse-value.ts";
import type { Level, PlacedDirective } from "./placement.ts";

const defaultBuffer = 8192;
/** 64 pointers. */
const defaultPool = 512;

/** What the core module finds when it merges a server (ngx_http_core_merge_srv_conf). */
export function checkHeaderBuffers(http: PlacedDirective, block: Level, complaints: Complaints): void {
  for (const server of block.named("server")) {
    const level = server.block;
    if (level === undefined) continue;
    const [buffers] = inForce(level, block, "large_client_header_buffers");
    const [pool] = inForce(level, block, "connection_pool_size");
    const size = buffers === undefined ? defaultBuffer : parseSize(buffers.args[1] ?? "");
    const least = pool === undefined ? defaultPool : parseSize(pool.args[0] ?? "");
    const place = buffers ?? pool;
    if (size === undefined || least === undefined || place === undefined || size >= least) continue;
    refuseAtEnd(
      http,
      place,
      'the "large_client_header_buffers" size must be equal to or greater than "connection_pool_size"',
      complaints,
    );
    return;
  }
}

/** A client certificate that is to be checked, with nothing to check it by (ngx_http_ssl_merge_srv_conf). */
export function checkClientVerification(
  http: PlacedDirective,
  block: Level,
  version: Version | undefined,
  complaints: Complaints,
): void {
  for (const server of block.named("server")) {
    const level = server.block;
    if (level === undefined || inForce(level, block, "ssl_certificate").length === 0) continue;
    if (checkVerification(http, level, block, version, complaints)) return;
  }
}

/** Verification of a backend's certificate without trusted ones (ngx_http_proxy_set_ssl and its like). */
export function checkBackendVerification(
  http: PlacedDirective,
  block: Level,
  protocol: string,
  complaints: Complaints,
): void {
  if (protocol !== "proxy" && protocol !== "uwsgi" && protocol !== "grpc") return;
  const verify = firstWith(block, `${protocol}_ssl_verify`, ({ args }) => parseFlag(args[0] ?? "") === true);
  if (verify === undefined) return;
  const certificates = `${protocol}_ssl_trusted_certificate`;
  const secure = firstWith(block, `${protocol}_pass`, ({ args }) =>
    /^(?:https|suwsgi|grpcs):|\$/.test(args[0] ?? ""),
  );
  if (secure === undefined || firstWith(block, certificates, () => true) !== undefined) return;
  complaints.refuseAt(
    http.closed,
    verify,
    "nginx/value",
    `no ${certificates} for ${protocol}_ssl_verify`,
    { help: `Name the certificates with ${certificates}.` },
    undefined,
  );
}

function firstWith(
  block: Level,
  name: string,
  test: (placed: PlacedDirective) => boolean,
): PlacedDirective | undefined {
  const waiting = [block];
  for (let level = waiting.pop(); level !== undefined; level = waiting.pop())
    for (const placed of level.directives) {
      if (placed.name === name && test(placed)) return placed;
      if (placed.block !== undefined) waiting.push(placed.block);
    }
  return undefined;
}

function refuseAtEnd(
  http: PlacedDirective,
  place: PlacedDirective,
  message: string,
  complaints: Complaints,
): void {
  const { directive } = http;
  const { source } = directive.file;
  complaints.refuseAt(
    http.closed,
    place,
    "nginx/value",
    message,
    {},
    {
      file: source,
      line: source.position(directive.close?.start ?? 0).line,
    },
  );
}
