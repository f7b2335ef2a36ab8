import type { Version } from "../../model/facts.ts";
import { checkProxyBuffers } from "./check-buffers.ts";
import { checkCacheKeys } from "./check-cache-keys.ts";
import { checkCertificates } from "./check-certificates.ts";
import { locationName } from "./check-location.ts";
import { checkServerNames } from "./check-server-names.ts";
import {
  checkBackendVerification,
  checkClientVerification,
  checkHeaderBuffers,
  checkVariablesHash,
} from "./check-servers.ts";
import { checkPorts, checkResolve } from "./check-targets.ts";
import { checkTypeHashes } from "./check-types.ts";
import { checkUnknownVariables } from "./check-unknown-variables.ts";
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
  if (complete) {
    checkTypeHashes(http, block, declared, complaints);
    checkResolve(http, block, complaints);
    checkPorts(http, declared.targets, declared.upstreams, complaints);
    checkHeaderBuffers(http, block, complaints);
    checkClientVerification(block, http.closed, version, complaints);
    checkCertificates(http, block, complaints);
    if (block.named("server").length > 0) checkCaches(http, declared, complaints);
    checkCacheKeys(http, block, declared.cacheNames, complaints);
    checkBackendVerification(http, block, complaints);
  }
  checkProxyBuffers(http, block, complaints);
  for (const server of block.named("server"))
    if (server.block !== undefined) checkLocations(http, server.block, complaints);
  if (complete) {
    checkUnknownVariables("http", http, block, version, complaints);
    checkVariablesHash(http, block, complaints);
  }
  checkServerNames(http, block, declared, complaints, complete);
  checkWildcards(declared, complaints);
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
