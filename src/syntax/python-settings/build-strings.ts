import type { SyntaxNode } from "@lezer/common";
import { stringShape, unescapeString } from "./literals.ts";
import { childrenOf, type PythonSource } from "./source.ts";
import type { Expression, StringPart } from "./tree.ts";

/** `\N{BULLET}`: the names of Unicode's characters are not here. */
const namesCharacter = /(?:^|[^\\])(?:\\\\)*\\N\{/;

/** Turns string nodes into their parts; replacement fields go through `expression`. */
export class StringBuilder {
  readonly #source: PythonSource;
  readonly #expression: (node: SyntaxNode) => Expression;

  constructor(source: PythonSource, expression: (node: SyntaxNode) => Expression) {
    this.#source = source;
    this.#expression = expression;
  }

  /** Parts of a String, FormatString or ContinuedString; undefined for bytes. */
  parts(node: SyntaxNode): StringPart[] | undefined {
    if (node.name === "ContinuedString") {
      const all = childrenOf(node).map((child) => this.parts(child));
      return all.includes(undefined) ? undefined : all.flatMap((parts) => parts ?? []);
    }
    const shape = stringShape(this.#source.text(node));
    if (shape.bytes) return undefined;
    const [from, to] = [node.from + shape.start, node.from + shape.end];
    if (node.name === "FormatString") return this.#formatted(node, from, to, shape.raw);
    return this.#plain(from, to, shape.raw);
  }

  #plain(from: number, to: number, raw: boolean): StringPart[] {
    const parts: StringPart[] = [];
    let done = from;
    for (const hole of this.#source.holesIn(from, to)) {
      parts.push(this.#text(done, hole.start, raw), { kind: "hole", text: hole.text });
      done = hole.end;
    }
    parts.push(this.#text(done, to, raw));
    return parts;
  }

  #text(from: number, to: number, raw: boolean): StringPart {
    const text = this.#source.text({ from, to });
    if (!raw && namesCharacter.test(text)) return { kind: "unread", text };
    return { kind: "text", text: raw ? text.replaceAll("\r\n", "\n") : unescapeString(text) };
  }

  #formatted(node: SyntaxNode, from: number, to: number, raw: boolean): StringPart[] {
    const parts: StringPart[] = [];
    let done = from;
    for (const child of childrenOf(node)) {
      if (child.name !== "FormatReplacement") continue;
      parts.push(this.#braces(done, child.from, raw), ...this.#replacement(child, raw));
      done = child.to;
    }
    parts.push(this.#braces(done, to, raw));
    return parts;
  }

  #braces(from: number, to: number, raw: boolean): StringPart {
    const text = this.#source.text({ from, to }).replaceAll("{{", "{").replaceAll("}}", "}");
    return { kind: "text", text: raw ? text : unescapeString(text) };
  }

  #replacement(node: SyntaxNode, raw: boolean): StringPart[] {
    const children = childrenOf(node);
    const value = children.find((child) => /^[A-Z]/.test(child.name) && !child.name.startsWith("Format"));
    const inner = children.find((child) => child.name === "FormatString") ?? value;
    if (inner === undefined || children.some((child) => child.type.isError))
      return [{ kind: "hole", text: this.#source.text(node) }];
    const conversion = children.find((child) => child.name === "FormatConversion");
    const spec = children.find((child) => child.name === "FormatSpec");
    const documents = children.find((child) => child.name === "FormatSelfDoc");
    // `{n=}` shows the expression, then its repr() unless a conversion or a format says otherwise.
    const otherwise = documents !== undefined && spec === undefined ? "r" : "";
    const letter = conversion === undefined ? otherwise : this.#source.text(conversion).replace("!", "");
    const replacement: StringPart = {
      kind: "replacement",
      value: this.#expression(inner),
      conversion: letter === "r" || letter === "s" || letter === "a" ? letter : "",
      format: spec === undefined ? [] : this.#formatted(spec, spec.from + 1, spec.to, raw),
    };
    if (documents === undefined) return [replacement];
    const shown = this.#source.text({ from: node.from + 1, to: documents.to });
    return [{ kind: "text", text: shown }, replacement];
  }
}
