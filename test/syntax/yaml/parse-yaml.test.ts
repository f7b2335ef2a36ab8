import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseYaml } from "../../../src/syntax/yaml/parse-yaml.ts";
import { placeInScalar } from "../../../src/syntax/yaml/scalar-places.ts";
import { entryOf, valueAt, type YamlNode } from "../../../src/syntax/yaml/tree.ts";
import { SourceFile } from "../../../src/text/source-file.ts";
import { spanText } from "../../../src/text/span.ts";

const parse = (text: string) => parseYaml(new SourceFile("compose.yaml", text));
const plain = (node: YamlNode | undefined): unknown => {
  if (node === undefined) return undefined;
  if (node.kind === "scalar") return node.value;
  if (node.kind === "sequence") return node.items.map(plain);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key.text, plain(value)]));
};
const messages = (text: string): string[] => parse(text).problems.map(({ message }) => message);

describe("YAML", () => {
  it("reads scalars by the core schema of 1.2", () => {
    const { documents, problems } = parse(
      "a: 22:22\nb: yes\nc: 0777\nd: 0x10\ne: ~\nf: '1'\ng: 1.5\nh:\ni: true\n",
    );
    expect(plain(documents[0])).toEqual({
      a: "22:22",
      b: "yes",
      c: 777,
      d: 16,
      e: null,
      f: "1",
      g: 1.5,
      h: null,
      i: true,
    });
    expect(problems).toEqual([]);
  });

  it("merges keys, own ones first, and the first of several mappings", () => {
    const { documents } = parse("x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz: {<<: [*x, *y], a: 9}\n");
    expect(plain(valueAt(documents[0], "z"))).toEqual({ a: 9, b: 1, c: 2 });
  });

  it("shares the node of an alias", () => {
    const [root] = parse("a: &a [1]\nb: *a\n").documents;
    expect(valueAt(root, "a")).toBe(valueAt(root, "b"));
  });

  it("keeps the tags of compose quietly, and mentions others", () => {
    const { documents, problems } = parse("a: !reset null\nb: !override [1]\nc: !vault x\n");
    expect(entryOf(documents[0], "a")?.value.tag).toBe("!reset");
    expect(problems.map(({ message, severity }) => [message, severity])).toEqual([
      ["unknown tag !vault, read as if it were not there", "info"],
    ]);
  });

  it("separates documents", () => {
    expect(parse("a: 1\n---\n---\nb: 2\n").documents.map(plain)).toEqual([{ a: 1 }, undefined, { b: 2 }]);
  });

  it.each([
    ["a: &a [*a]", "*a stands inside of what &a names"],
    ["a: *b", "no anchor &b stands before this"],
    ["a: 1\na: 2", "the key a stands twice in this mapping"],
    ["\ta: 1", "indented by a tab; YAML takes blanks only"],
    ["<<: 1", "<< takes a mapping, or a list of mappings"],
    ["? [a]\n: b", "expected a name before the colon"],
    ["[".repeat(100_000), "nested deeper than 200 levels, not read"],
    ["- ".repeat(100_000), "nested deeper than 200 levels, not read"],
    ["a: 1\n".repeat(500_000), "larger than 2000000 characters, not read"],
  ])("%# is a problem", (text, message) => {
    expect(messages(text)).toContain(message);
  });

  it("expands no laughs", () => {
    const lines = Array.from({ length: 60 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}, *a${n}]`);
    expect(messages(["a0: &a0 [x]", ...lines].join("\n"))).toEqual([]);
  });

  it("reads template holes as words, and complains of nothing then", () => {
    const { documents, problems } = parse("a: {{ x }}\n{% if y %}\nb: z{{ y }}\n{% endif %}\n");
    expect(plain(documents[0])).toEqual({ a: "{{ x }}", b: "z{{ y }}" });
    expect(problems).toEqual([]);
  });

  it.each([
    ["a: one two", "two"],
    ["a: 'it''s two'", "two"],
    ['a: "x\\ty two"', "two"],
    ["a: >\n  one\n    more\n\n  two\n", "two"],
    ["a: |\r\n  one\r\n  two\r\n", "two"],
    ["a: one\n   two\n", "two"],
  ])("finds a word of %j in the file", (text, word) => {
    const scalar = valueAt(parse(text).documents[0], "a");
    if (scalar?.kind !== "scalar") throw new Error("no scalar");
    const at = scalar.text.indexOf(word);
    const place = placeInScalar(scalar, at, at + word.length);
    expect(place && spanText(place)).toBe(word);
  });

  it("knows where the lines of a block begin", () => {
    const text = "a: |\n  one\n\n   two\n";
    const scalar = valueAt(parse(text).documents[0], "a");
    expect(scalar?.kind === "scalar" && scalar.lineStarts).toEqual([7, 11, 14]);
  });

  it("takes any text, and every node lies inside of it", () => {
    const unit = fc.constantFrom(..."ab:-?{}[],&*!|>'\"%#~<{{}} \n\t\r\0", "<<: ", "\n  ", "- ", "&a ", "*a");
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 80 }), (text) => {
        const { documents, problems } = parse(text);
        const seen = new Set<YamlNode>();
        const check = (node: YamlNode): void => {
          if (seen.has(node)) return;
          seen.add(node);
          expect(node.at.start).toBeGreaterThanOrEqual(0);
          expect(node.at.end).toBeGreaterThanOrEqual(node.at.start);
          expect(node.at.end).toBeLessThanOrEqual(text.length);
          if (node.kind === "sequence") node.items.forEach(check);
          if (node.kind === "mapping") for (const { value } of node.entries) check(value);
        };
        for (const document of documents) if (document !== undefined) check(document);
        for (const { at } of problems) expect(at.end).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 1000 },
    );
  });
});
