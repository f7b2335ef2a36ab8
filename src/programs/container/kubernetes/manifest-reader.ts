import { type Known, unknown, type Value, written } from "../../../model/value.ts";
import type { Problem } from "../../../syntax/problem.ts";
import {
  isNull,
  valueAt,
  type YamlMapping,
  type YamlNode,
  type YamlScalar,
} from "../../../syntax/yaml/tree.ts";
import { type Span, spanText } from "../../../text/span.ts";
import { templateHole } from "../../../text/template-hole.ts";
import { booleanValue, type JsonType, jsonType, wholeNumber } from "./plain-scalar.ts";

const longestHole = 10_000;
const mostProblems = 200;

/**
 * Reads fields of the API with the types that the API server wants, and says where one has another type: then the
 * server refuses the whole object. A field that holds a template hole is unknown and never wrong.
 */
export class ManifestReader {
  readonly #problems = new Map<string, Problem>();

  get problems(): readonly Problem[] {
    return [...this.#problems.values()];
  }

  /** Reports once for each place, however often the place is read. */
  report(at: Span, message: string, more: Omit<Problem, "rule" | "message" | "at"> = {}): void {
    const key = `${at.file.path}:${at.start}:${message}`;
    if (this.#problems.size < mostProblems && !this.#problems.has(key))
      this.#problems.set(key, { rule: "container/manifest", message, at, ...more });
  }

  /** The mapping under a key; undefined where there is none. */
  mapping(parent: YamlNode | undefined, key: string): YamlMapping | undefined {
    const node = valueAt(parent, key);
    return node === undefined ? undefined : this.asMapping(node, key);
  }

  asMapping(node: YamlNode, label: string): YamlMapping | undefined {
    if (node.kind === "mapping") return node;
    this.#refuse(node, `${label} must be a mapping, and is ${describe(node)}`);
    return undefined;
  }

  /** The items of the sequence under a key; empty where there is none. */
  items(parent: YamlNode | undefined, key: string): readonly YamlNode[] {
    const node = valueAt(parent, key);
    if (node === undefined) return [];
    if (node.kind === "sequence") return node.items;
    this.#refuse(node, `${key} must be a list, and is ${describe(node)}`);
    return [];
  }

  /** The mappings in the list under a key. */
  mappings(parent: YamlNode | undefined, key: string): readonly YamlMapping[] {
    return this.items(parent, key).flatMap((item) => {
      const mapping = this.asMapping(item, `an item of ${key}`);
      return mapping === undefined ? [] : [mapping];
    });
  }

  /** A text; undefined where nothing is written, which is also true of `null`. */
  text(parent: YamlNode | undefined, key: string, label = key): Value<string> | undefined {
    const node = valueAt(parent, key);
    return node === undefined || isNull(node) ? undefined : this.asText(node, label);
  }

  /** A text where only what is known helps: names and keys. */
  name(parent: YamlNode | undefined, key: string): Known<string> | undefined {
    const value = this.text(parent, key);
    return value?.known === true ? value : undefined;
  }

  /**
   * @param shell the text may go to a shell, so `${X}` is no hole
   */
  asText(node: YamlNode, label: string, shell = false): Value<string> {
    const scalar = this.#scalar(node, label, "string", shell);
    return "known" in scalar ? scalar : written(label, scalar.text, scalar.at);
  }

  /** A whole number; undefined where nothing is written. */
  number(parent: YamlNode | undefined, key: string, label = key): Value<number> | undefined {
    const node = valueAt(parent, key);
    if (node === undefined || isNull(node)) return undefined;
    const scalar = this.#scalar(node, label, "number");
    if ("known" in scalar) return scalar;
    const value = wholeNumber(scalar);
    if (value !== undefined) return written(label, value, scalar.at);
    this.#refuse(node, `${label} must be a whole number, and is ${scalar.text}`);
    return unknown(label, "it is no whole number", { at: node.at });
  }

  /** A truth value; undefined where nothing is written. */
  boolean(parent: YamlNode | undefined, key: string, label = key): Value<boolean> | undefined {
    const node = valueAt(parent, key);
    if (node === undefined || isNull(node)) return undefined;
    const scalar = this.#scalar(node, label, "boolean");
    return "known" in scalar ? scalar : written(label, booleanValue(scalar), scalar.at);
  }

  /** The scalar when it has the type; otherwise why it is not known. */
  #scalar(node: YamlNode, label: string, wanted: JsonType, shell = false): YamlScalar | Value<never> {
    const hole = holeOf(node, shell);
    if (hole !== undefined) return unknown(label, `a template fills in ${hole}`, { at: node.at });
    if (node.kind === "scalar") {
      const type = jsonType(node);
      if (type === wanted) return node;
      if (type === "null") return { ...node, text: "" };
      const help =
        wanted === "string"
          ? `write "${node.text}" in quotes`
          : type === "string" && node.style !== "plain"
            ? `write ${node.text} without quotes`
            : undefined;
      this.report(
        node.at,
        `${label} must be ${article[wanted]}, and ${node.text} is ${article[type]}: the API server refuses the object`,
        help === undefined ? {} : { help },
      );
    } else this.#refuse(node, `${label} must be ${article[wanted]}, and is ${describe(node)}`);
    return unknown(label, `it is not ${article[wanted]}`, { at: node.at });
  }

  #refuse(node: YamlNode, message: string): void {
    if (isNull(node) || holeOf(node) !== undefined) return;
    this.report(node.at, message);
  }
}

const article: Readonly<Record<JsonType, string>> = {
  string: "a string",
  number: "a number",
  boolean: "a boolean",
  null: "null",
};

function describe(node: YamlNode): string {
  if (node.kind === "mapping") return "a mapping";
  return node.kind === "sequence" ? "a list" : article[jsonType(node)];
}

/** The first template hole in what is written for a node. */
export function holeOf(node: YamlNode, shell = false): string | undefined {
  const text = node.kind === "scalar" ? node.text : spanText(node.at).slice(0, longestHole);
  return templateHole(shell ? text.replaceAll("${", "$ ") : text);
}
