import type { Complaints } from "./complaint.ts";
import { parseNumber } from "./parse-value.ts";
import type { Level, PlacedDirective } from "./placement.ts";
import type { Declared } from "./setter-call.ts";

/** The socket of a server block without `listen` (nginx started by root). */
const withoutListen = "S tcp 0.0.0.0:80";

/**
 * Names that an earlier server of the same address has: nginx warns and ignores them (src/http/ngx_http.c
 * ngx_http_server_names). Names compare in lower case; regular expressions never conflict.
 */
export function checkServerNames(
  http: PlacedDirective,
  block: Level,
  { sockets }: Declared,
  complaints: Complaints,
): void {
  const told = new Set<string>();
  const bare = block.named("server").filter((server) => server.block?.named("listen").length === 0);
  const implicit = sockets.get(withoutListen)?.servers ?? new Map<PlacedDirective, PlacedDirective>();
  const addresses: [string, Iterable<PlacedDirective>][] = [...sockets].flatMap(([key, { servers }]) =>
    key.startsWith("S tcp ") && key !== withoutListen
      ? [[key, servers.keys()] as [string, Iterable<PlacedDirective>]]
      : [],
  );
  const atDefault = [...implicit.keys(), ...bare].sort((a, b) => a.order - b.order);
  addresses.push([withoutListen, atDefault]);
  for (const [key, servers] of addresses) {
    checkHash(http, block, [...servers], complaints);
    const taken = new Map<string, PlacedDirective>();
    const address = key.slice("S tcp ".length);
    for (const server of servers)
      for (const { name, place } of namesOf(server)) {
        const clash = keysOf(name)
          .map((each) => taken.get(each))
          .find((each) => each !== undefined);
        if (clash === undefined) {
          for (const each of keysOf(name)) taken.set(each, place);
          continue;
        }
        const id = `${place.order} ${name}`;
        if (told.has(id)) continue;
        told.add(id);
        complaints.warn(
          place,
          "nginx/conflicting-server-name",
          `conflicting server name "${name}" on ${address}, ignored`,
          {
            at: place === server ? server.directive.nameSpan : wordOf(place, name),
            because: [
              {
                message: "an earlier server has it",
                at: clash.name === "server" ? clash.directive.nameSpan : clash.at,
              },
            ],
          },
        );
      }
  }
}

function wordOf({ directive, at }: PlacedDirective, name: string): PlacedDirective["at"] {
  return directive.args.findLast((word) => word.text.toLowerCase() === name)?.span ?? at;
}

function namesOf(server: PlacedDirective): { name: string; place: PlacedDirective }[] {
  const places = server.block?.named("server_name") ?? [];
  if (
    server.directive.file.conditional ||
    places.some(({ directive }) => directive.hole || directive.file.conditional)
  )
    return [];
  if (places.length === 0) return [{ name: "", place: server }];
  return places.flatMap((place) =>
    place.args.filter((name) => !name.startsWith("~")).map((name) => ({ name: name.toLowerCase(), place })),
  );
}

/** `.x` stands for x and for *.x. */
function keysOf(name: string): string[] {
  return name.startsWith(".") ? [name.slice(1), `*${name}`] : [name];
}

/** Bytes that a bucket of the hash has unless set: a cache line. */
const defaultBucket = 64;

/**
 * Names too long for a bucket of the hash, which is built where an address has several servers. An element is a
 * pointer, two bytes of length and the name, rounded up to 8 (NGX_HASH_ELT_SIZE; of a wildcard name each label is
 * an element).
 */
function checkHash(
  http: PlacedDirective,
  block: Level,
  servers: readonly PlacedDirective[],
  complaints: Complaints,
): void {
  if (servers.length < 2) return;
  const [setting] = block.named("server_names_hash_bucket_size");
  if (setting?.directive.hole === true || setting?.directive.file.conditional === true) return;
  const set = setting === undefined ? defaultBucket : parseNumber(setting.args[0] ?? "");
  if (set === undefined) return;
  const bucket = Math.ceil(set / 64) * 64;
  for (const server of servers)
    for (const { name, place } of namesOf(server)) {
      const parts = /^\*?\.|\.\*$/.test(name) ? name.split(".") : [name];
      if (parts.every((part) => 16 + Math.ceil((part.length + 2) / 8) * 8 <= bucket)) continue;
      complaints.refuseAt(
        http.closed,
        place,
        "nginx/value",
        `could not build server_names_hash, you should increase server_names_hash_bucket_size: ${bucket}`,
        { at: place === server ? server.directive.nameSpan : wordOf(place, name) },
        undefined,
      );
      return;
    }
}
