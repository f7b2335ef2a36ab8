import { isAlias, isMap, isScalar, isSeq, type ParsedNode } from "yaml";
import type { SourceFile } from "../../text/source-file.ts";
import { type Span, span } from "../../text/span.ts";
import { literalLineStarts } from "./block-lines.ts";
import { coreValue } from "./core-schema.ts";
import { filler, type MaskedText } from "./mask-holes.ts";
import type { YamlEntry, YamlMapping, YamlNode, YamlScalar, YamlSequence } from "./tree.ts";

/** Entries that merge keys may add in one file; a chain of them can ask for the square of the file's size. */
const mostMergedEntries = 200_000;

const composeTags = new Set(["!reset", "!override"]);
const ownTags = "tag:yaml.org,2002:";

/** Makes the nodes of one document, aliases and merge keys resolved. */
export class GraphBuilder {
  readonly #file: SourceFile;
  readonly #source: MaskedText;
  readonly #report: (message: string, at: Span, severity?: "info") => void;
  /** What each anchor names at this point; `open` while the node itself is being made. */
  #anchors = new Map<string, YamlNode | "open">();
  #merged = 0;

  constructor(
    file: SourceFile,
    source: MaskedText,
    report: (message: string, at: Span, severity?: "info") => void,
  ) {
    this.#file = file;
    this.#source = source;
    this.#report = report;
  }

  /** Anchors do not reach from one document into the next. */
  document(contents: ParsedNode | null): YamlNode | undefined {
    this.#anchors = new Map();
    if (contents === null) return undefined;
    const node = this.#node(contents);
    return node.kind === "scalar" && node.text === "" && node.style === "plain" ? undefined : node;
  }

  #node(node: ParsedNode): YamlNode {
    if (isAlias(node)) return this.#alias(node.source, this.#span(node.range));
    const anchor = node.anchor;
    if (anchor !== undefined) this.#anchors.set(anchor, "open");
    const at = this.#span(node.range);
    const tag = this.#tag(node.tag, at);
    const made = this.#bare(node, at, tag);
    if (anchor !== undefined) this.#anchors.set(anchor, made);
    return made;
  }

  #bare(node: ParsedNode, at: Span, tag: string | undefined): YamlNode {
    if (isMap(node)) return this.#mapping(node.items, at, tag);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.#item(item as ParsedNode | PairOfFlow));
      return { kind: "sequence", at, tag, items } satisfies YamlSequence;
    }
    return isScalar(node) ? this.#scalar(node, at, tag) : this.#nothing(at, tag);
  }

  /** `[a: b]` holds a pair, which is a mapping of one key. */
  #item(item: ParsedNode | PairOfFlow): YamlNode {
    if (!("key" in item && "value" in item && !("range" in item))) return this.#node(item as ParsedNode);
    return this.#mapping([item], this.#span((item.key ?? item.value)?.range), undefined);
  }

  #alias(name: string, at: Span): YamlNode {
    const target = this.#anchors.get(name);
    if (target !== undefined && target !== "open") return target;
    this.#report(
      target === "open"
        ? `*${name} stands inside of what &${name} names`
        : `no anchor &${name} stands before this`,
      at,
    );
    return this.#nothing(at, undefined);
  }

  #mapping(pairs: readonly PairOfFlow[], at: Span, tag: string | undefined): YamlMapping {
    const entries = new Map<string, YamlEntry>();
    const sources: YamlMapping[] = [];
    for (const { key: keyNode, value: valueNode } of pairs) {
      const key = keyNode === null ? this.#nothing(at, undefined) : this.#node(keyNode);
      const value =
        valueNode === null
          ? this.#nothing(span(at.file, key.at.end, key.at.end), undefined)
          : this.#node(valueNode);
      if (key.kind !== "scalar") this.#report("expected a name before the colon", key.at);
      else if (key.text === "<<" && key.style === "plain") sources.push(...this.#mergeSources(value, key.at));
      else {
        if (entries.has(key.text)) this.#report(`the key ${key.text} stands twice in this mapping`, key.at);
        entries.set(key.text, { key, value });
      }
    }
    for (const source of sources) this.#merge(source, entries, at);
    return { kind: "mapping", at, tag, entries: [...entries.values()] };
  }

  #mergeSources(value: YamlNode, at: Span): YamlMapping[] {
    const candidates = value.kind === "sequence" ? value.items : [value];
    return candidates.filter((each) => {
      if (each.kind === "mapping") return true;
      this.#report("<< takes a mapping, or a list of mappings", at);
      return false;
    }) as YamlMapping[];
  }

  /** The first mapping that has a key decides. */
  #merge(source: YamlMapping, entries: Map<string, YamlEntry>, at: Span): void {
    if (this.#merged > mostMergedEntries) return;
    this.#merged += source.entries.length;
    if (this.#merged > mostMergedEntries)
      this.#report(`more than ${mostMergedEntries} keys from merge keys, the rest is left out`, at);
    for (const entry of source.entries) if (!entries.has(entry.key.text)) entries.set(entry.key.text, entry);
  }

  #scalar(
    node: { readonly value: unknown; readonly source?: string; readonly type?: string },
    at: Span,
    tag: string | undefined,
  ): YamlScalar {
    const style = styles[node.type ?? "PLAIN"] ?? "plain";
    const decoded = style === "plain" ? (node.source ?? "") : String(node.value ?? "");
    const text = this.#withHoles(decoded, at);
    return {
      kind: "scalar",
      at,
      tag,
      text,
      value: style === "plain" && tag !== "!!str" ? coreValue(text) : text,
      style,
      lineStarts: lineStartsOf(text, style, at),
    };
  }

  #nothing(at: Span, tag: string | undefined): YamlScalar {
    return { kind: "scalar", at, tag, text: "", value: null, style: "plain", lineStarts: [at.start] };
  }

  /** Puts the template's own text back where fillers stand. */
  #withHoles(text: string, at: Span): string {
    if (this.#source.holes.length === 0 || !text.includes(filler)) return text;
    const { holes } = this.#source;
    let index = firstFrom(holes, at.start);
    return text.replace(/\uE000+/g, (run) => {
      let put = "";
      for (; put.length < run.length && index < holes.length; index++) put += holes[index]?.text ?? "";
      return put;
    });
  }

  #tag(tag: string | undefined, at: Span): string | undefined {
    if (tag === undefined) return undefined;
    if (tag.startsWith(ownTags)) return `!!${tag.slice(ownTags.length)}`;
    if (!composeTags.has(tag)) this.#report(`unknown tag ${tag}, read as if it were not there`, at, "info");
    return tag;
  }

  /** Without the line ends and blanks behind the value. */
  #span(range: readonly [number, number, number] | null | undefined): Span {
    const { text } = this.#file;
    const start = Math.min(range?.[0] ?? 0, text.length);
    let end = Math.min(Math.max(range?.[1] ?? start, start), text.length);
    while (end > start && " \t\r\n".includes(text.charAt(end - 1))) end -= 1;
    return span(this.#file, start, end);
  }
}

/** Index of the first hole that does not start before the offset. */
function firstFrom(holes: MaskedText["holes"], offset: number): number {
  let low = 0;
  let high = holes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((holes[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface PairOfFlow {
  readonly key: ParsedNode | null;
  readonly value: ParsedNode | null;
}

const styles: { readonly [type: string]: YamlScalar["style"] } = {
  PLAIN: "plain",
  QUOTE_SINGLE: "single",
  QUOTE_DOUBLE: "double",
  BLOCK_LITERAL: "block",
  BLOCK_FOLDED: "block",
};

function lineStartsOf(text: string, style: YamlScalar["style"], at: Span): readonly number[] | undefined {
  if (style === "block") return literalLineStarts(text, at);
  const inside = style === "plain" ? at.start : at.start + 1;
  return at.file.text.startsWith(text, inside) ? [inside] : undefined;
}
