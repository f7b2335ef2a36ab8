import type { Version } from "../../model/facts.ts";
import type { Complaints } from "./complaint.ts";
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
    const buffers = inForce(level, block, "large_client_header_buffers");
    const pool = inForce(level, block, "connection_pool_size");
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
  block: Level,
  order: number,
  version: Version | undefined,
  complaints: Complaints,
): void {
  for (const server of block.named("server")) {
    const level = server.block;
    if (level === undefined) continue;
    const verify = inForce(level, block, "ssl_verify_client");
    if (verify === undefined || !/^(?:on|optional)$/i.test(verify.args[0] ?? "")) continue;
    if (inForce(level, block, "ssl_client_certificate") !== undefined) continue;
    const trusted = inForce(level, block, "ssl_trusted_certificate") !== undefined;
    // Since 1.27.1 ssl_trusted_certificate is enough.
    if (trusted && (version === undefined || version.atLeast("1.27.1"))) continue;
    if (inForce(level, block, "ssl_certificate") === undefined || version === undefined) continue;
    complaints.refuseAt(
      order,
      verify,
      "nginx/value",
      version.atLeast("1.27.1")
        ? "no ssl_client_certificate or ssl_trusted_certificate for ssl_verify_client"
        : "no ssl_client_certificate for ssl_verify_client",
      {},
      undefined,
    );
    return;
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

function inForce(level: Level, outer: Level, name: string): PlacedDirective | undefined {
  return level.named(name)[0] ?? outer.named(name)[0];
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
