import type { NginxWord } from "../../syntax/nginx/tree.ts";
import { checkBuildable, hashSetting, sayNotOptimal } from "./check-hash.ts";
import type { Complaints } from "./complaint.ts";
import { fitsBucket, type HashSetting, isOptimal } from "./hash-size.ts";
import type { Level, PlacedDirective } from "./placement.ts";
import type { Declared, SetterCheck } from "./setter-call.ts";

/** An extension with the type that it has in the end. */
export interface Extension {
  readonly type: string;
  readonly place: PlacedDirective;
}

/** Lists of MIME types with those that nginx puts in front (`post` of ngx_http_types_slot). */
const typeLists: Readonly<Record<string, readonly string[]>> = {
  gzip_types: ["text/html"],
  addition_types: ["text/html"],
  ssi_types: ["text/html"],
  sub_filter_types: ["text/html"],
  xslt_types: ["text/xml"],
  charset_types: ["text/html"],
};

export const typeListNames: readonly string[] = Object.keys(typeLists);

/** Where the list stands; undefined: nginx has it itself. */
export type TypeList = Map<string, PlacedDirective | undefined>;

/** `gzip_types` and its like (src/http/ngx_http.c ngx_http_types_slot): types in lower case, each once; `*` is all. */
export const checkTypeList: SetterCheck = ({ placed, declared, complaints }) => {
  if (placed.directive.file.conditional) return;
  const key = placed.name;
  let lists = declared.typeLists.get(placed.level);
  if (lists === undefined) {
    lists = new Map();
    declared.typeLists.set(placed.level, lists);
  }
  let list = lists.get(key);
  if (list === undefined) {
    list = new Map((typeLists[key] ?? []).map((type) => [type, undefined]));
    lists.set(key, list);
  }
  if (list.has("*")) return;
  for (const word of placed.directive.args) {
    const type = word.text.toLowerCase();
    if (type === "*") {
      list.set(type, placed);
      return;
    }
    if (list.has(type)) sayTypeTwice(placed, word, list.get(type), complaints);
    else list.set(type, placed);
  }
};

function sayTypeTwice(
  placed: PlacedDirective,
  word: NginxWord,
  first: PlacedDirective | undefined,
  complaints: Complaints,
): void {
  const type = word.text.toLowerCase();
  const said = `duplicate MIME type "${type}"`;
  complaints.print(placed, said);
  complaints.warn(
    placed,
    "nginx/repeated-value",
    first === undefined ? `${said}: ${placed.name} always has it` : said,
    {
      at: word.span,
      ...(first === undefined || first === placed
        ? {}
        : { because: [{ message: "it stands here first", at: first.at }] }),
      help: `Remove ${word.text} here.`,
    },
  );
}

/** The lines of a `types` block; the last type of an extension counts (ngx_http_core_type). */
export function checkTypes(
  types: PlacedDirective,
  entries: readonly PlacedDirective[],
  { extensions }: Declared,
  complaints: Complaints,
): void {
  let known = extensions.get(types.level);
  if (known === undefined) {
    known = new Map();
    extensions.set(types.level, known);
  }
  for (const entry of entries) {
    if (entry.name === "include") continue;
    for (const word of entry.directive.args) {
      const extension = word.text.toLowerCase();
      const before = known.get(extension);
      known.set(extension, { type: entry.name, place: entry });
      if (before !== undefined) sayExtensionTwice(entry, word, before, complaints);
    }
  }
}

function sayExtensionTwice(
  entry: PlacedDirective,
  word: NginxWord,
  { type, place }: Extension,
  complaints: Complaints,
): void {
  const extension = word.text.toLowerCase();
  complaints.print(
    entry,
    `duplicate extension "${extension}", content type: "${entry.name}", previous content type: "${type}"`,
  );
  const same = type === entry.name;
  complaints.warn(
    entry,
    same ? "nginx/repeated-value" : "nginx/replaced-value",
    same
      ? `duplicate extension "${extension}": it has the content type "${type}" already`
      : `duplicate extension "${extension}": content type "${entry.name}" replaces "${type}"`,
    {
      at: word.span,
      because: [{ message: "it stands here first", at: place.at }],
      help: "Keep one of the two.",
    },
  );
}

const typesDefaults = { maxSize: 1024, bucketSize: 64 };

/**
 * The hashes of extensions and of lists of types, which nginx builds while it merges servers and locations
 * (ngx_http_core_merge_loc_conf, ngx_http_merge_types).
 */
export function checkTypeHashes(
  http: PlacedDirective,
  block: Level,
  { extensions, typeLists: lists }: Declared,
  complaints: Complaints,
): void {
  const [firstServer] = block.named("server").flatMap((server) => server.block ?? []);
  if (firstServer === undefined) return;
  checkBuildable(
    { name: "types_hash", levels: [firstServer, block], defaults: typesDefaults },
    [],
    http.closed,
    complaints,
  );
  for (const [level, known] of inOrder(extensions, block)) {
    // What stands in http is built for its first server, with the sizes of that one.
    const setting = hashSetting("types_hash", levelsOf(level === block ? firstServer : level), typesDefaults);
    if (setting !== undefined) checkHash(http, [...known], setting, complaints);
  }
  for (const [level, byName] of inOrder(lists, block))
    for (const [name, list] of byName) {
      if (list.has("*") || (level === block && !isInherited(block, name))) continue;
      checkHash(
        http,
        [...list].map(([type, place]) => [type, place === undefined ? undefined : { place }]),
        { name: "test_types_hash", maxSize: 2048, bucketSize: 64 },
        complaints,
      );
    }
}

/** Whether some server takes the list from http: only then its hash is built. */
function isInherited(block: Level, name: string): boolean {
  return block.named("server").some((server) => server.block?.named(name).length === 0);
}

/** Those of http first, as its first server is merged with it. */
function inOrder<T>(byLevel: ReadonlyMap<Level, T>, http: Level): [Level, T][] {
  const levels = [...byLevel].filter(([level]) => level === http || level.depth > http.depth);
  return levels.sort(
    ([a], [b]) => (a === http ? 0 : (a.owner?.order ?? 0)) - (b === http ? 0 : (b.owner?.order ?? 0)),
  );
}

function levelsOf(level: Level): Level[] {
  const levels: Level[] = [];
  for (let each: Level | undefined = level; each?.parent !== undefined; each = each.parent) levels.push(each);
  return levels;
}

function checkHash(
  http: PlacedDirective,
  names: readonly (readonly [name: string, found: { readonly place: PlacedDirective } | undefined])[],
  setting: HashSetting,
  complaints: Complaints,
): void {
  const long = names.find(([name]) => !fitsBucket(name, setting.bucketSize));
  const place = long?.[1]?.place;
  const { name, bucketSize } = setting;
  if (long !== undefined && place !== undefined) {
    const word = place.directive.args.find(({ text }) => text.toLowerCase() === long[0]);
    complaints.refuseAt(
      http.closed,
      place,
      "nginx/value",
      `could not build ${name}, you should increase ${name}_bucket_size: ${bucketSize}`,
      {
        at: word?.span ?? place.at,
        message: `could not build ${name}: "${long[0]}" is too long for a bucket of ${bucketSize} bytes`,
        help:
          name === "test_types_hash"
            ? `Its size cannot be set: ${place.name} takes types of up to 46 characters, or * for all.`
            : `Write ${name}_bucket_size ${bucketSize * 2};`,
      },
      undefined,
    );
    return;
  }
  const all = names.map(([each]) => each);
  if (isOptimal(all, setting) === false) sayNotOptimal(http, http.closed, all, setting, complaints);
}
