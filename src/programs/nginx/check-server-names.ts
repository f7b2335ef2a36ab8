import type { Version } from "../../model/facts.ts";
import { checkBuildable, hashSetting, sayNotOptimal } from "./check-hash.ts";
import { afterAll, type Complaints } from "./complaint.ts";
import { fitsBucket, type HashSetting, isOptimal, notOptimal } from "./hash-size.ts";
import { isKey } from "./hostname-keys.ts";
import type { Level, PlacedDirective } from "./placement.ts";
import type { Declared } from "./setter-call.ts";
import { hashesOf, namesByKind } from "./wildcard-names.ts";

/** The socket of an http server block without `listen` (nginx started by root). */
const withoutListen = "S tcp 0.0.0.0:80";

/** `server_name` in stream is of 1.25.5; before, an address has one server. */
const streamNames = "1.25.5";

/** The servers of stream (src/stream/ngx_stream.c ngx_stream_server_names). */
export function checkStreamNames(
  stream: PlacedDirective,
  block: Level,
  declared: Declared,
  version: Version | undefined,
  complaints: Complaints,
): void {
  if (version?.atLeast(streamNames) === true) checkServerNames(stream, block, declared, complaints, true);
}

const hashDefaults = { maxSize: 512, bucketSize: 64 };

/**
 * The names of the servers of each address of http or stream that has several (src/http/ngx_http.c ngx_http_server_names): nginx warns
 * of names that an earlier server of the address has, and ignores them; names compare in lower case, regular
 * expressions never conflict. Then it builds the hash of the names.
 *
 * @param complete nothing of the configuration is missing here
 */
export function checkServerNames(
  module: PlacedDirective,
  block: Level,
  { sockets }: Declared,
  complaints: Complaints,
  complete: boolean,
): void {
  const told = new Set<string>();
  let before: { servers: readonly PlacedDirective[]; bad: string[][] } | undefined;
  const setting = hashSetting("server_names_hash", [block], hashDefaults);
  for (const { address, servers, first } of addressesOf(module.name, block, sockets)) {
    if (servers.length < 2 && !capturesIn(first)) continue;
    const names = takenNames(servers, (name, place, clash) => {
      const message = `conflicting server name "${name}" on ${address}, ignored`;
      complaints.printAt(module.closed, message, undefined);
      const id = `${place.order} ${name}`;
      if (told.has(id)) return;
      told.add(id);
      complaints.warn(place, "nginx/conflicting-server-name", message, {
        at: wordOf(place, name),
        because: [
          {
            message: "an earlier server has it",
            at: clash.name === "server" ? clash.directive.nameSpan : clash.at,
          },
        ],
      });
    });
    const wrong = servers.flatMap(namesOf).find(({ name }) => !isKey(name));
    if (wrong !== undefined) {
      complaints.refuseAt(
        module.closed,
        wrong.place,
        "nginx/value",
        `invalid server name or wildcard "${wrong.name}" on ${address}`,
        {
          at: wordOf(wrong.place, wrong.name),
          help: "A * stands alone at the start before a dot, or at the end after one.",
        },
        undefined,
      );
      return;
    }
    if (setting === undefined) {
      if (complete && names.some(({ name }) => name !== ""))
        checkBuildable(
          { name: "server_names_hash", levels: [block], defaults: hashDefaults },
          [],
          module.closed,
          complaints,
        );
      continue;
    }
    // Most addresses have the servers of the one before: port 80 and port 443.
    if (before !== undefined && isSame(before.servers, servers))
      for (const _ of before.bad) complaints.printAt(module.closed, notOptimal(setting), undefined);
    else before = { servers, bad: checkHash(module, names, setting, complete, complaints) };
  }
}

interface ListenedAddress {
  /** As nginx prints it. */
  readonly address: string;
  /** In the order in which they stand. */
  readonly servers: readonly PlacedDirective[];
  /** The server of requests for other names. */
  readonly first: PlacedDirective | undefined;
}

/**
 * The addresses in the order in which nginx looks at them: ports as they are met first, of each the addresses with
 * options of their own before the others and the wildcard last (ngx_http_cmp_conf_addrs).
 */
function addressesOf(module: string, block: Level, sockets: Declared["sockets"]): ListenedAddress[] {
  const isHttp = module === "http";
  const kind = isHttp ? /^S tcp / : /^V (?:tcp|udp) /;
  const bare = isHttp
    ? block.named("server").filter((server) => server.block?.named("listen").length === 0)
    : [];
  const ports = new Map<string, { readonly rank: number; readonly listened: ListenedAddress }[]>();
  const orders = new Map<string, number>();
  const add = (key: string, servers: readonly PlacedDirective[], order: number): void => {
    const address = key.replace(kind, "");
    const socket = sockets.get(key);
    const port = address.startsWith("unix:")
      ? "unix"
      : `${key.slice(0, "S tcp".length)} ${address.startsWith("[")} ${address.slice(address.lastIndexOf(":"))}`;
    const wildcard = /^(?:0\.0\.0\.0|\[::\]):/.test(address);
    const rank = wildcard ? 2 : socket?.options === undefined ? 1 : 0;
    const first = socket?.fallback?.level.owner ?? servers[0];
    const listened = { address, servers, first };
    const same = ports.get(port);
    if (same === undefined) ports.set(port, [{ rank, listened }]);
    else same.push({ rank, listened });
    orders.set(port, Math.min(orders.get(port) ?? order, order));
  };
  for (const [key, { servers }] of sockets) {
    if (!kind.test(key) || key === withoutListen) continue;
    const [listen] = servers.values();
    add(key, [...servers.keys()], listen?.order ?? 0);
  }
  const explicit = isHttp ? sockets.get(withoutListen)?.servers : undefined;
  const [listen] = explicit?.values() ?? [];
  const atDefault = [...(explicit?.keys() ?? []), ...bare].sort((a, b) => a.order - b.order);
  // A server without listen takes its address at its end.
  const order = Math.min(listen?.order ?? afterAll, bare[0]?.closed ?? afterAll);
  if (atDefault.length > 0) add(withoutListen, atDefault, order);
  return [...ports]
    .sort(([a], [b]) => (orders.get(a) ?? 0) - (orders.get(b) ?? 0))
    .flatMap(([, addresses]) => addresses.sort((a, b) => a.rank - b.rank))
    .map(({ listened }) => listened);
}

/** Whether a name of the server is a regular expression with parentheses, for which nginx looks at one server too. */
function capturesIn(server: PlacedDirective | undefined): boolean {
  const places = server?.block?.named("server_name") ?? [];
  return places.some(({ args }) => args.some((name) => name.startsWith("~") && /\((?!\?[:=!>])/.test(name)));
}

interface Name {
  readonly name: string;
  readonly place: PlacedDirective;
}

/** The names that are not ignored. */
function takenNames(
  servers: readonly PlacedDirective[],
  conflict: (name: string, place: PlacedDirective, clash: PlacedDirective) => void,
): Name[] {
  const taken = new Map<string, PlacedDirective>();
  const names: Name[] = [];
  for (const server of servers)
    for (const { name, place } of namesOf(server)) {
      const clash = taken.get(name.startsWith(".") ? name.slice(1) : name);
      if (clash === undefined) {
        // `.x` stands for x and for *.x, and takes x where another server has *.x.
        if (name.startsWith(".")) taken.set(name.slice(1), place);
        const wildcard = name.startsWith(".") ? taken.get(`*${name}`) : undefined;
        if (wildcard === undefined) {
          taken.set(name.startsWith(".") ? `*${name}` : name, place);
          names.push({ name, place });
        } else conflict(name, place, wildcard);
      } else conflict(name, place, clash);
    }
  return names;
}

function wordOf({ directive, at, name: kind }: PlacedDirective, name: string): PlacedDirective["at"] {
  if (kind === "server") return directive.nameSpan;
  return directive.args.findLast((word) => word.text.toLowerCase() === name)?.span ?? at;
}

function namesOf(server: PlacedDirective): Name[] {
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

function isSame(servers: readonly PlacedDirective[], others: readonly PlacedDirective[]): boolean {
  return servers.length === others.length && servers.every((server, index) => server === others[index]);
}

/**
 * Names too long for a bucket of the hash, or too many of them.
 *
 * @returns the names of each hash that nginx cannot build as it is told
 */
function checkHash(
  module: PlacedDirective,
  names: readonly Name[],
  setting: HashSetting,
  complete: boolean,
  complaints: Complaints,
): string[][] {
  const kinds = names.map(({ name }) => namesByKind(name));
  const long = kinds.findIndex(({ labels }) => labels.some((name) => !fitsBucket(name, setting.bucketSize)));
  const found = names[long];
  if (found !== undefined) {
    complaints.refuseAt(
      module.closed,
      found.place,
      "nginx/value",
      `could not build server_names_hash, you should increase server_names_hash_bucket_size: ${setting.bucketSize}`,
      { at: wordOf(found.place, found.name) },
      undefined,
    );
    return [];
  }
  // The machine's own name is not known.
  if (!complete || names.some(({ name }) => name === "$hostname")) return [];
  const bad = hashesOf(kinds).filter((each) => each.length > 0 && isOptimal(each, setting) === false);
  for (const each of bad) sayNotOptimal(module, module.closed, each, setting, complaints);
  return bad;
}
