import type { Complaints } from "./complaint.ts";
import { parseFlag } from "./parse-value.ts";
import type { Level, PlacedDirective } from "./placement.ts";

/**
 * Servers that speak TLS without a certificate, or with one that has no key
 * (src/http/modules/ngx_http_ssl_module.c ngx_http_ssl_merge_srv_conf, ngx_http_ssl_init).
 */
export function checkCertificates(http: PlacedDirective, block: Level, complaints: Complaints): void {
  const defaults = new Map<
    string,
    { server: PlacedDirective; chosen: boolean; ssl: PlacedDirective | undefined }
  >();
  for (const server of block.named("server")) {
    const level = server.block;
    if (level === undefined) continue;
    const certificates = inForce(level, block, "ssl_certificate");
    const keys = inForce(level, block, "ssl_certificate_key");
    const last = certificates.at(-1);
    const [on] = inForce(level, block, "ssl").filter(({ args }) => parseFlag(args[0] ?? "") === true);
    if (on !== undefined && isWhole([on]) && (last === undefined || keys.length === 0))
      complaints.refuseAt(
        http.closed,
        on,
        "nginx/value",
        `no "${last === undefined ? "ssl_certificate" : "ssl_certificate_key"}" is defined for the "ssl" directive`,
        {},
        { file: on.directive.file.source, line: on.directive.line },
      );
    else if (last !== undefined && keys.length < certificates.length && isWhole([...certificates, ...keys]))
      complaints.refuseAt(
        http.closed,
        last,
        "nginx/value",
        `no "ssl_certificate_key" is defined for certificate "${last.args[0]}"`,
        {},
        undefined,
      );
    for (const listen of level.named("listen")) {
      const [address = "", ...parameters] = listen.args;
      const ssl = parameters.includes("ssl") || parameters.includes("quic") ? listen : undefined;
      const chosen = parameters.includes("default_server") || parameters.includes("default");
      const before = defaults.get(address);
      if (before === undefined || (chosen && !before.chosen))
        defaults.set(address, { server, chosen, ssl: ssl ?? before?.ssl });
      else before.ssl ??= ssl;
    }
  }
  for (const { server, ssl } of defaults.values()) {
    const level = server.block;
    if (ssl === undefined || level === undefined || !isWhole([server, ssl])) continue;
    if (inForce(level, block, "ssl_certificate").length > 0) continue;
    if (inForce(level, block, "ssl_reject_handshake").some(({ args }) => parseFlag(args[0] ?? "") === true))
      continue;
    complaints.refuseAt(
      http.closed,
      server,
      "nginx/value",
      `no "ssl_certificate" is defined for the "listen ... ${ssl.args.includes("ssl") ? "ssl" : "quic"}" directive`,
      { at: ssl.at },
      { file: server.directive.file.source, line: server.directive.line },
    );
  }
}

function inForce(level: Level, http: Level, name: string): readonly PlacedDirective[] {
  const own = level.named(name);
  return own.length > 0 ? own : http.named(name);
}

function isWhole(places: readonly PlacedDirective[]): boolean {
  return !places.some(({ directive }) => directive.hole || directive.file.conditional);
}
