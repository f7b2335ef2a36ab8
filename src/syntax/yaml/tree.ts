import type { Span } from "../../text/span.ts";

/**
 * One node of a YAML document. Aliases are resolved to the node that they name: the same object may stand at
 * several places, so a document is a graph without circles and not a tree. Walk it with a bound.
 */
export type YamlNode = YamlMapping | YamlSequence | YamlScalar;

interface Located {
  /** From the first character of the value to its end, without anchor and tag; where nothing is written, empty. */
  readonly at: Span;
  /** As written, such as `!reset`; undefined where none is written. */
  readonly tag: string | undefined;
}

export interface YamlMapping extends Located {
  readonly kind: "mapping";
  /** Each key once: own keys in order, then those that merge keys (`<<`) bring. */
  readonly entries: readonly YamlEntry[];
}

export interface YamlEntry {
  readonly key: YamlScalar;
  readonly value: YamlNode;
}

export interface YamlSequence extends Located {
  readonly kind: "sequence";
  readonly items: readonly YamlNode[];
}

export interface YamlScalar extends Located {
  readonly kind: "scalar";
  /** Decoded source text, never converted: `22:22`, `0x10`, `yes`; empty where nothing is written. */
  readonly text: string;
  /** What the core schema of YAML 1.2 makes of it. */
  readonly value: string | number | boolean | null;
  readonly style: "plain" | "single" | "double" | "block";
  /**
   * Offset in the file at which each line of `text` begins: of a block scalar whose lines are only indented in the
   * file (`|`), and of a scalar of one line without escapes. Undefined where the text was folded or unescaped.
   */
  readonly lineStarts: readonly number[] | undefined;
}

/** The entry of a key. */
export function entryOf(node: YamlNode | undefined, key: string): YamlEntry | undefined {
  if (node?.kind !== "mapping") return undefined;
  return indexOf(node).get(key);
}

/** The value of a key; undefined for anything that is no mapping or does not have the key. */
export function valueAt(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return entryOf(node, key)?.value;
}

/** Nothing written, `~` or `null`. */
export function isNull(node: YamlNode): boolean {
  return node.kind === "scalar" && node.value === null;
}

const indexes = new WeakMap<YamlMapping, ReadonlyMap<string, YamlEntry>>();

function indexOf(mapping: YamlMapping): ReadonlyMap<string, YamlEntry> {
  const known = indexes.get(mapping);
  if (known !== undefined) return known;
  const index = new Map(mapping.entries.map((entry) => [entry.key.text, entry]));
  indexes.set(mapping, index);
  return index;
}
