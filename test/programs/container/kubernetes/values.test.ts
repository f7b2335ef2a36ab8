import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonType, wholeNumber } from "../../../../src/programs/container/kubernetes/plain-scalar.ts";
import {
  parseQuantity,
  thousandths,
  wholeUnits,
} from "../../../../src/programs/container/kubernetes/quantity.ts";
import { variableReferences } from "../../../../src/programs/container/kubernetes/variable-references.ts";
import { parseYaml } from "../../../../src/syntax/yaml/parse-yaml.ts";
import { valueAt } from "../../../../src/syntax/yaml/tree.ts";
import { SourceFile } from "../../../../src/text/source-file.ts";

interface Recorded {
  readonly quantities: readonly { text: string; refused?: boolean; value?: string; milli?: string }[];
  readonly scalars: readonly { text: string; type: string; json: unknown }[];
}
const recorded: Recorded = JSON.parse(
  readFileSync(new URL("../../../../fixtures/programs/kubernetes/recorded.json", import.meta.url), "utf8"),
);

/** Above 2^63-1 the API's own arithmetic overflows; nobody gives a container so much, and here it is capped. */
const overflowing = new Set(["9223372036854775808", "100000000000000000000", "1e19", "1e30", "12E"]);

describe("quantities", () => {
  it.each(recorded.quantities)("$text", ({ text, refused, value, milli }) => {
    const quantity = parseQuantity(text);
    if (refused === true) return expect(quantity).toBeUndefined();
    if (quantity === undefined) return expect.fail("refused");
    if (overflowing.has(text)) return expect(wholeUnits(quantity)).toBe(2 ** 63);
    // A negative amount parses, and validation refuses it afterwards.
    if (text.startsWith("-")) return expect(quantity.nano <= 0n).toBe(true);
    expect(wholeUnits(quantity)).toBe(Number(value));
    if (BigInt(value ?? 0) < 2n ** 53n) expect(thousandths(quantity)).toBe(Number(milli));
    return undefined;
  });

  it("never throws and never takes long", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[-+]?[\d.]{0,9}[a-zA-Z]{0,2}[-+]?\d{0,12}$/)),
        (text) => {
          const quantity = parseQuantity(text);
          if (quantity !== undefined) expect(quantity.nano < 2n ** 63n * 10n ** 9n).toBe(true);
        },
      ),
    );
  });

  it("refuses a number of a million digits", () => {
    expect(parseQuantity("9".repeat(1_000_000))).toBeUndefined();
  });
});

describe("types of scalars", () => {
  it.each(recorded.scalars)("$text is a $type", ({ text, type, json }) => {
    const { documents } = parseYaml(new SourceFile("a.yaml", `v: ${text}\n`));
    const node = valueAt(documents[0], "v");
    if (node?.kind !== "scalar") return expect.fail("no scalar");
    expect(jsonType(node)).toBe(type);
    if (Number.isSafeInteger(json)) expect(wholeNumber(node)).toBe(json);
    return undefined;
  });
});

describe("references to variables", () => {
  const values: Readonly<Record<string, string>> = { A: "a", B: "b", REFERENCE: "$(A)", EMPTY: "" };
  const expanded = (text: string): string =>
    variableReferences(text)
      .map((piece) => (piece.kind === "text" ? piece.text : (values[piece.name] ?? `$(${piece.name})`)))
      .join("");

  // kubernetes third_party/forked/golang/expansion/expand_test.go names each of these situations.
  it.each([
    ["$(A)", "a"],
    ["x$(A)$(B)y", "xaby"],
    ["$$(A)", "$(A)"],
    ["$$$(A)", "$a"],
    ["$$$$(A)", "$$(A)"],
    ["$$NAME", "$NAME"],
    ["$(REFERENCE)", "$(A)"],
    ["[$(EMPTY)]", "[]"],
    ["$(NONE)", "$(NONE)"],
    ["$(A$(B))", "$(A$(B))"],
    ["$(A$(B)", "$(A$(B)"],
    ["$(A", "$(A"],
    ["$(", "$("],
    ["a)$(", "a)$("],
    ["$($($(", "$($($("],
    ["price$", "price$"],
    ["$", "$"],
    ["${A} $A $?", "${A} $A $?"],
    ["\\$(A)", "\\a"],
    ["", ""],
  ])("%s becomes %s", (text, result) => {
    expect(expanded(text)).toBe(result);
  });

  it("keeps every text without a dollar", () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes("$")),
        (text) => expanded(text) === text,
      ),
    );
  });

  it("loses nothing but the escapes", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[$()AB ]{0,30}$/), (text) => {
        const back = variableReferences(text)
          .map((piece) => (piece.kind === "text" ? piece.text.replaceAll("$", "") : `(${piece.name})`))
          .join("");
        expect(back.replaceAll("$", "")).toBe(text.replaceAll("$", ""));
      }),
    );
  });

  it("reads a megabyte of openings in linear time", () => {
    expect(expanded("$(".repeat(500_000))).toHaveLength(1_000_000);
  });
});
