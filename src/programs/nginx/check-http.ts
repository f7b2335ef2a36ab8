import type { Version } from "../../model/facts.ts";
import { bufferedProtocols, checkProxyBuffers } from "./check-buffers.ts";
import { checkCacheKeys } from "./check-cache-keys.ts";
import { checkCertificates } from "./check-certificates.ts";
import { checkCharsetMaps } from "./check-charsets.ts";
import { checkBuildable } from "./check-hash.ts";
import { locationName } from "./check-location.ts";
import { checkReferersOf } from "./check-referers.ts";
import { checkSecretLinks } from "./check-secure-link.ts";
import { checkServerNames } from "./check-server-names.ts";
import { checkBackendVerification, checkClientVerification, checkHeaderBuffers } from "./check-servers.ts";
import { checkPorts, checkResolve, checkSpares } from "./check-targets.ts";
import { checkOcspResponders, checkSecureListens } from "./check-tls.ts";
import { checkTypeHashes } from "./check-types.ts";
import { checkUnknownVariables } from "./check-unknown-variables.ts";
import { checkMergedTexts } from "./check-variables.ts";
import { checkWildcards } from "./check-wildcards.ts";
import { checkCaches } from "./check-zones.ts";
import type { Complaints } from "./complaint.ts";
import type { Level, PlacedDirective } from "./placement.ts";
import type { Declared } from "./setter-call.ts";

/**
 * What nginx finds at the end of the http block, in its order: merging, locations, then addresses and names
 * (src/http/ngx_http.c ngx_http_block).
 *
 * @param complete nothing of the configuration is missing here
 */
export function checkHttp(
  http: PlacedDirective,
  block: Level,
  declared: Declared,
  complaints: Complaints,
  { complete, version }: { readonly complete: boolean; readonly version: Version | undefined },
): void {
  const servers = block.named("server");
  if (complete) {
    checkTypeHashes(http, block, declared, complaints);
    checkHeaderBuffers(http, block, complaints);
    checkSpares(http, block, complaints);
    checkResolve(http, block, complaints);
    checkPorts(http, declared.targets, declared.upstreams, complaints);
    checkCertificates(http, block, complaints);
    checkClientVerification(http, block, version, complaints);
  }
  if (servers.length > 0) checkBackends(http, block, declared, complaints, complete);
  if (complete) {
    checkReferersOf(http, declared, complaints);
    checkSecretLinks(http, declared, complaints);
  }
  if (complete) checkCacheKeys(http, block, declared.cacheNames, complaints);
  for (const server of servers)
    if (server.block !== undefined) checkLocations(http, server.block, complaints);
  if (complete) {
    checkSecureListens(http, block, complaints);
    checkCharsetMaps(http, block, complaints);
    checkUnknownVariables("http", http, block, version, complaints);
  }
  checkServerNames(http, block, declared, complaints, complete);
  checkWildcards(declared, complaints);
}

/** What the modules of the protocols find when they merge their levels, one module after the other. */
function checkBackends(
  http: PlacedDirective,
  block: Level,
  declared: Declared,
  complaints: Complaints,
  complete: boolean,
): void {
  const buffered = bufferedProtocols(block);
  const [first] = block.named("server").flatMap((server) => server.block ?? []);
  checkMergedTexts(http, block, "ssl", declared, complaints);
  if (complete) checkOcspResponders(http, block, complaints);
  for (const protocol of ["proxy", "fastcgi", "uwsgi", "scgi", "grpc"] as const) {
    if (protocol !== "grpc" && buffered.has(protocol)) checkProxyBuffers(http, block, protocol, complaints);
    if (complete) {
      checkCaches(http, protocol, declared, complaints);
      checkBackendVerification(http, block, protocol, complaints);
    }
    checkMergedTexts(http, block, protocol, declared, complaints);
    if (protocol === "proxy" && first !== undefined && complete)
      checkBuildable(
        { name: "proxy_headers_hash", levels: [first, block], defaults: { maxSize: 512, bucketSize: 64 } },
        [],
        http.closed,
        complaints,
      );
  }
}

/** ngx_http_init_static_location_trees: inner locations first, then those of a level in the order of their names. */
function checkLocations(http: PlacedDirective, level: Level, complaints: Complaints): void {
  const locations = level.named("location").flatMap((placed) => {
    const location = placed.directive.hole ? undefined : locationName(placed);
    return location === undefined ? [] : [{ placed, ...location }];
  });
  if (locations.length === 0) return;
  const fixed = locations.filter(({ kind }) => kind === "exact" || kind === "prefix");
  fixed.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  for (const { placed } of locations)
    if (placed.block !== undefined) checkLocations(http, placed.block, complaints);
  const first = new Map<string, PlacedDirective>();
  for (const { placed, kind, name } of fixed) {
    const key = `${kind} ${name}`;
    const before = first.get(key);
    if (before === undefined) first.set(key, placed);
    else if (!placed.directive.file.conditional && !before.directive.file.conditional)
      complaints.refuseAt(
        http.closed,
        placed,
        "nginx/duplicate",
        `duplicate location "${name}"`,
        { because: [{ message: "it is defined here first", at: before.at }] },
        { file: placed.directive.file.source, line: placed.directive.line },
      );
  }
}
