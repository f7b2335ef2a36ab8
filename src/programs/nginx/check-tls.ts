import type { Version } from "../../model/facts.ts";
import type { Complaints } from "./complaint.ts";
import { inForce, isWhole } from "./inheritance.ts";
import { parseTarget } from "./parse-address.ts";
import { parseFlag } from "./parse-value.ts";
import type { Level, PlacedDirective } from "./placement.ts";

/**
 * Certificates of servers of mail, and of stream before 1.25.5, that speak TLS by a parameter of `listen` or by
 * `starttls` (ngx_mail_ssl_merge_conf, ngx_stream_ssl_merge_srv_conf).
 */
export function checkStartedTls(
  module: PlacedDirective,
  block: Level,
  version: Version | undefined,
  complaints: Complaints,
): void {
  for (const server of block.named("server")) {
    const level = server.block;
    const start = level === undefined ? undefined : startOf(level, block);
    if (level === undefined || start === undefined) continue;
    const certificates = inForce(level, block, "ssl_certificate");
    const keys = inForce(level, block, "ssl_certificate_key");
    if (!isWhole([server, start.placed, ...certificates, ...keys])) continue;
    const place = { file: start.placed.directive.file.source, line: start.placed.directive.line };
    const last = certificates.at(-1);
    const missing =
      last === undefined
        ? `no "ssl_certificate" is defined for the "${start.mode}" directive`
        : keys.length === 0
          ? `no "ssl_certificate_key" is defined for the "${start.mode}" directive`
          : keys.length < certificates.length
            ? `no "ssl_certificate_key" is defined for certificate "${last.args[0]}" and the "${start.mode}" directive`
            : undefined;
    if (missing !== undefined) {
      complaints.refuseAt(module.closed, start.placed, "nginx/value", missing, {}, place);
      return;
    }
    if (checkVerification(module, level, block, version, complaints)) return;
  }
}

/** The directive that makes a server speak TLS: the last of its listens with `ssl`, before `starttls`. */
function startOf(level: Level, outer: Level): { mode: string; placed: PlacedDirective } | undefined {
  const listen = level.named("listen").findLast(({ args }) => args.slice(1).includes("ssl"));
  if (listen !== undefined) return { mode: "listen ... ssl", placed: listen };
  const enabled = inForce(level, outer, "ssl").find(({ args }) => parseFlag(args[0] ?? "") === true);
  if (enabled !== undefined) return { mode: "ssl", placed: enabled };
  const [starttls] = inForce(level, outer, "starttls");
  return starttls === undefined || /^off$/i.test(starttls.args[0] ?? "")
    ? undefined
    : { mode: "starttls", placed: starttls };
}

/** Clients are to show a certificate, and there is nothing to check it by; whether that is so. */
export function checkVerification(
  module: PlacedDirective,
  level: Level,
  outer: Level,
  version: Version | undefined,
  complaints: Complaints,
): boolean {
  const [verify] = inForce(level, outer, "ssl_verify_client");
  if (verify === undefined || !/^(?:on|optional)$/i.test(verify.args[0] ?? "")) return false;
  if (version === undefined || inForce(level, outer, "ssl_client_certificate").length > 0) return false;
  // Since 1.27.1 ssl_trusted_certificate is enough.
  const newer = version.atLeast("1.27.1");
  if (newer && inForce(level, outer, "ssl_trusted_certificate").length > 0) return false;
  complaints.refuseAt(
    module.closed,
    verify,
    "nginx/value",
    newer
      ? "no ssl_client_certificate or ssl_trusted_certificate for ssl_verify_client"
      : "no ssl_client_certificate for ssl_verify_client",
    { help: "Name the certificates that sign those of the clients with ssl_client_certificate." },
    undefined,
  );
  return true;
}

/** Since 1.25.5 stream looks at the certificates of each server, whether it speaks TLS or not. */
export function checkStreamKeys(
  stream: PlacedDirective,
  block: Level,
  version: Version | undefined,
  complaints: Complaints,
): void {
  for (const server of block.named("server")) {
    const level = server.block;
    if (level === undefined) continue;
    const certificates = inForce(level, block, "ssl_certificate");
    const keys = inForce(level, block, "ssl_certificate_key");
    const last = certificates.at(-1);
    if (last === undefined || !isWhole([...certificates, ...keys])) continue;
    if (keys.length < certificates.length) {
      complaints.refuseAt(
        stream.closed,
        last,
        "nginx/value",
        `no "ssl_certificate_key" is defined for certificate "${last.args[0]}"`,
        {},
        undefined,
      );
      return;
    }
    if (checkVerification(stream, level, block, version, complaints)) return;
  }
}

interface SecureAddress {
  readonly servers: PlacedDirective[];
  /** The server for names that no other has. */
  fallback: PlacedDirective;
  chosen: boolean;
  /** A listen that asks for TLS. */
  secure: PlacedDirective | undefined;
}

/**
 * An address that speaks TLS, whose servers have no certificate: the one for all other names needs one, or rejects
 * what comes to it; then all others need one (ngx_http_ssl_init, and ngx_stream_ssl_init since 1.25.5).
 */
export function checkSecureListens(module: PlacedDirective, block: Level, complaints: Complaints): void {
  const addresses = new Map<string, SecureAddress>();
  for (const server of block.named("server"))
    for (const listen of server.block?.named("listen") ?? []) {
      const [address = "", ...parameters] = listen.args;
      const secure = parameters.includes("ssl") || parameters.includes("quic") ? listen : undefined;
      const chosen = parameters.includes("default_server") || parameters.includes("default");
      const before = addresses.get(address);
      if (before === undefined)
        addresses.set(address, { servers: [server], fallback: server, chosen, secure });
      else {
        before.servers.push(server);
        before.secure ??= secure;
        if (!chosen || before.chosen) continue;
        before.fallback = server;
        before.chosen = true;
      }
    }
  for (const { servers, fallback, secure } of addresses.values()) {
    if (secure === undefined || has(fallback, block, "ssl_certificate")) continue;
    const bare = (server: PlacedDirective): boolean =>
      !has(server, block, "ssl_certificate") && !rejects(server, block);
    const server = rejects(fallback, block) ? servers.find(bare) : fallback;
    if (server === undefined || !isWhole([server, secure])) continue;
    complaints.refuseAt(
      module.closed,
      server,
      "nginx/value",
      `no "ssl_certificate" is defined for the "listen ... ${secure.args.includes("ssl") ? "ssl" : "quic"}" directive`,
      { at: secure.at },
      { file: server.directive.file.source, line: server.directive.line },
    );
    return;
  }
}

function has({ block: level }: PlacedDirective, outer: Level, name: string): boolean {
  return level === undefined || inForce(level, outer, name).length > 0;
}

/** Whether a server rejects all handshakes. */
export function rejects({ block: level }: PlacedDirective, outer: Level): boolean {
  const [reject] = level === undefined ? [] : inForce(level, outer, "ssl_reject_handshake");
  return parseFlag(reject?.args[0] ?? "") === true;
}

/** Whether nginx reads variables in the names of certificates and keys: some server has as many keys as certificates. */
export function readsCertificates(block: Level): boolean {
  return block.named("server").some(({ block: level }) => {
    if (level === undefined) return false;
    const certificates = inForce(level, block, "ssl_certificate").length;
    return certificates > 0 && inForce(level, block, "ssl_certificate_key").length >= certificates;
  });
}

/** `ssl_ocsp_responder` where clients' certificates are checked by OCSP (src/event/ngx_event_openssl_stapling.c ngx_ssl_ocsp). */
export function checkOcspResponders(module: PlacedDirective, block: Level, complaints: Complaints): void {
  for (const { block: level } of block.named("server")) {
    if (level === undefined || inForce(level, block, "ssl_certificate").length === 0) continue;
    const [checked] = inForce(level, block, "ssl_ocsp");
    const [responder] = inForce(level, block, "ssl_ocsp_responder");
    const word = responder?.directive.arg(0);
    if (checked === undefined || /^off$/i.test(checked.args[0] ?? "")) continue;
    if (responder === undefined || word === undefined || word.text === "" || !isWhole([checked, responder]))
      continue;
    const [, rest] = /^http:\/\/(.+)$/is.exec(word.text) ?? [];
    const parsed = rest === undefined ? undefined : parseTarget(rest.replace(/[/?#].*$/s, ""), 80);
    if (parsed?.ok === true) continue;
    const fault = parsed === undefined ? "invalid URL prefix" : parsed.error;
    complaints.refuseAt(
      module.closed,
      responder,
      "nginx/value",
      `${fault} in OCSP responder "${rest ?? word.text}" in "ssl_ocsp_responder"`,
      { at: word.span, help: "Write a URL that begins with http://." },
      undefined,
    );
    return;
  }
}
