import type { Version } from "../../model/facts.ts";
import { warnOfLowBits } from "./check-limits.ts";
import { inetNumber, type Network, parseNetwork } from "./cidr.ts";
import type { Complaints } from "./complaint.ts";
import type { PlacedDirective } from "./placement.ts";

/** The lines of a geo block (src/http/modules/ngx_http_geo_module.c, and that of stream, which knows no proxies). */
export function checkGeo(
  entries: readonly PlacedDirective[],
  { version, inStream }: { readonly version: Version | undefined; readonly inStream: boolean },
  complaints: Complaints,
): void {
  const geo = new GeoBlock(complaints);
  let byRange = false;
  let filled = false;
  for (const entry of entries) {
    const { name, args } = entry;
    const refuse = (rule: string, message: string): void =>
      complaints.refuse(entry, rule, message, { at: entry.directive.nameSpan });
    if (args.length === 0) {
      if (name === "ranges" && filled)
        refuse("nginx/value", 'the "ranges" directive must be the first directive inside "geo" block');
      if (name === "ranges") byRange = true;
      if (name === "ranges" || (name === "proxy_recursive" && !inStream)) continue;
      if (name === "volatile" && (version === undefined || version.atLeast("1.29.3"))) continue;
    }
    if (args.length !== 1) {
      refuse("nginx/arguments", "invalid number of the geo parameters");
      continue;
    }
    if (name === "include") continue;
    const ofProxy = name === "proxy" && !inStream;
    if (!ofProxy && !byRange) filled = true;
    if (byRange && !ofProxy) geo.range(entry);
    else geo.network(entry, ofProxy);
  }
}

interface Range {
  readonly start: number;
  readonly end: number;
  readonly entry: PlacedDirective;
}

/** What a geo block has so far. */
class GeoBlock {
  readonly #ranges: Range[] = [];
  /** Networks by family, prefix and address. */
  readonly #networks = new Map<string, PlacedDirective>();
  #fallback: PlacedDirective | undefined;

  constructor(readonly complaints: Complaints) {}

  /** ngx_http_geo_cidr, and the addresses of `proxy` */
  network(entry: PlacedDirective, ofProxy: boolean): void {
    const { name } = entry;
    if (name === "default") {
      // Once for each of the two families.
      const before = this.#add(keyOf(everything), entry);
      if (before === undefined) return;
      for (let family = 0; family < 2; family++)
        this.complaints.print(entry, duplicate("network", name, entry, before));
      this.#sayTwice(entry, before, "default");
      return;
    }
    const word = name === "delete" || ofProxy ? entry.directive.arg(0) : entry.directive.words[0];
    const text = word?.text ?? "";
    const network = text === "255.255.255.255" ? allOnes : parseNetwork(text);
    if (word === undefined || network === undefined) {
      this.#refuse(entry, `invalid network "${text}"`);
      return;
    }
    warnOfLowBits(entry, word, network, this.complaints);
    if (ofProxy) return;
    const key = keyOf(network);
    if (name === "delete") {
      // Of the shortest prefixes nginx makes nodes beforehand, which it finds.
      if (this.#networks.delete(key) || network.bits < 8) return;
      const said = `no network "${text}" to delete`;
      this.complaints.print(entry, said);
      this.complaints.warn(entry, "nginx/no-effect", said, {
        at: word.span,
        help: "Only a network that a line above has can be deleted, with the same prefix.",
      });
      return;
    }
    const before = this.#add(key, entry);
    if (before === undefined) return;
    // nginx shows the value of the most specific network that the address is in.
    const shown = this.#nearest(network) ?? before;
    this.complaints.print(entry, duplicate("network", text, entry, shown));
    this.#sayTwice(entry, before, text);
  }

  /** ngx_http_geo_range */
  range(entry: PlacedDirective): void {
    const { name } = entry;
    if (name === "default") {
      const before = this.#fallback;
      this.#fallback = entry;
      if (before === undefined) return;
      this.complaints.print(
        entry,
        `duplicate default geo range value: "${valueIn(entry)}", old value: "${valueIn(before)}"`,
      );
      this.#sayTwice(entry, before, "default");
      return;
    }
    const text = name === "delete" ? (entry.args[0] ?? "") : name;
    const range = parseRange(text);
    if (range === undefined) this.#refuse(entry, `invalid range "${text}"`);
    else if (name !== "delete") this.#addRange(entry, text, range);
  }

  /**
   * Puts a range among others, in order: one inside of another splits it, one that crosses or encloses another is
   * refused (ngx_http_geo_add_range). nginx does so for each block of 65536 addresses; only ranges in one are judged.
   */
  #addRange(entry: PlacedDirective, text: string, { start, end }: { start: number; end: number }): void {
    if (Math.floor(start / 65_536) !== Math.floor(end / 65_536)) return;
    const ranges = this.#ranges;
    const added = { start, end, entry };
    for (let at = ranges.length - 1; at >= 0; at--) {
      const other = ranges[at];
      if (other === undefined || end < other.start) continue;
      if (start > other.end) {
        ranges.splice(at + 1, 0, added);
        return;
      }
      if (start === other.start && end === other.end) {
        this.complaints.print(entry, duplicate("range", text, entry, other.entry));
        this.#sayTwice(entry, other.entry, text);
        ranges[at] = added;
        return;
      }
      // What stands at both ends of another is taken for an overlap, too.
      if (start < other.start || end > other.end) {
        this.#refuse(entry, `range "${text}" overlaps "${inetText(other.start)}-${inetText(other.end)}"`);
        return;
      }
      const before = start > other.start ? [{ ...other, end: start - 1 }] : [];
      const after = end < other.end ? [{ ...other, start: end + 1 }] : [];
      ranges.splice(at, 1, ...before, added, ...after);
      return;
    }
    ranges.unshift(added);
  }

  #add(key: string, entry: PlacedDirective): PlacedDirective | undefined {
    const before = this.#networks.get(key);
    this.#networks.set(key, entry);
    return before;
  }

  #nearest(network: Network): PlacedDirective | undefined {
    const width = network.family === "inet" ? 32 : 128;
    for (let bits = width; bits > network.bits; bits--) {
      const found = this.#networks.get(keyOf({ ...network, bits }));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #refuse(entry: PlacedDirective, message: string): void {
    this.complaints.refuse(entry, "nginx/value", message, { at: entry.directive.nameSpan });
  }

  #sayTwice(entry: PlacedDirective, before: PlacedDirective, text: string): void {
    const same = valueIn(entry) === valueIn(before);
    this.complaints.warn(
      entry,
      same ? "nginx/repeated-value" : "nginx/replaced-value",
      same
        ? `${text} stands twice with the value "${valueIn(entry)}"`
        : `${text} stands twice: the value "${valueIn(entry)}" replaces "${valueIn(before)}"`,
      { because: [{ message: "it stands here first", at: before.at }], help: "Keep one of the two." },
    );
  }
}

const everything: Network = { family: "inet", address: 0n, bits: 0, lowBits: false };
const allOnes: Network = { family: "inet", address: 0xff_ff_ff_ffn, bits: 32, lowBits: false };

function keyOf({ family, address, bits }: Network): string {
  return `${family} ${address}/${bits}`;
}

function valueIn(entry: PlacedDirective): string {
  return entry.args[0] ?? "";
}

function duplicate(what: string, text: string, entry: PlacedDirective, before: PlacedDirective): string {
  return `duplicate ${what} "${text}", value: "${valueIn(entry)}", old value: "${valueIn(before)}"`;
}

function parseRange(text: string): { start: number; end: number } | undefined {
  const [first = "", last, ...more] = text.split("-");
  const start = inetNumber(first);
  const end = last === undefined ? undefined : inetNumber(last);
  if (start === undefined || end === undefined || start > end || more.length > 0) return undefined;
  return { start, end };
}

function inetText(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
