import { rejects } from "./check-tls.ts";
import type { Complaints } from "./complaint.ts";
import { inForce, isWhole } from "./inheritance.ts";
import { parseFlag } from "./parse-value.ts";
import type { Level, PlacedDirective } from "./placement.ts";

/** Certificates of each server (src/http/modules/ngx_http_ssl_module.c ngx_http_ssl_merge_srv_conf). */
export function checkCertificates(http: PlacedDirective, block: Level, complaints: Complaints): void {
  for (const server of block.named("server")) {
    const level = server.block;
    if (level === undefined) continue;
    const certificates = inForce(level, block, "ssl_certificate");
    const keys = inForce(level, block, "ssl_certificate_key");
    const last = certificates.at(-1);
    const [on] = inForce(level, block, "ssl").filter(({ args }) => parseFlag(args[0] ?? "") === true);
    if (on !== undefined) {
      const missing = withSsl(certificates, keys, rejects(server, block));
      if (missing !== undefined && isWhole([on, ...certificates, ...keys]))
        complaints.refuseAt(
          http.closed,
          on,
          "nginx/value",
          missing,
          {},
          { file: on.directive.file.source, line: on.directive.line },
        );
    } else if (last !== undefined && keys.length < certificates.length && isWhole([...certificates, ...keys]))
      complaints.refuseAt(
        http.closed,
        last,
        "nginx/value",
        `no "ssl_certificate_key" is defined for certificate "${last.args[0]}"`,
        {},
        undefined,
      );
  }
}

/** What a server with `ssl on` lacks, which nginx knows up to 1.25.0. */
function withSsl(
  certificates: readonly PlacedDirective[],
  keys: readonly PlacedDirective[],
  rejected: boolean,
): string | undefined {
  const last = certificates.at(-1);
  if (last === undefined)
    return rejected ? undefined : 'no "ssl_certificate" is defined for the "ssl" directive';
  if (keys.length === 0) return 'no "ssl_certificate_key" is defined for the "ssl" directive';
  return keys.length < certificates.length
    ? `no "ssl_certificate_key" is defined for certificate "${last.args[0]}" and the "ssl" directive`
    : undefined;
}
