import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  assumptionsOf,
  byDefault,
  derive,
  fact,
  holds,
  isWritten,
  placeOf,
  settled,
  unknown,
  type Value,
  written,
} from "../../src/model/value.ts";
import { SourceFile } from "../../src/text/source-file.ts";
import { span } from "../../src/text/span.ts";

const file = new SourceFile("a.conf", "a 1;\nb 2;\n");
const one = written("a", 1, span(file, 2, 3));
const oneOf = (...values: number[]): Value<number> =>
  unknown<number>("version", "the version is not declared", {
    candidates: values.map((value) =>
      byDefault("version", value, { program: "x", versions: "all", source: "x" }),
    ),
  });

describe("derive", () => {
  it("computes from known values and remembers them", () => {
    const sum = derive("sum", "a + b", [one, fact("b", 2, "--b 2")], (a, b) => a + b);
    expect(sum).toMatchObject({ known: true, value: 3, origin: { kind: "derived", how: "a + b" } });
    expect(placeOf(sum)).toEqual(span(file, 2, 3));
    expect(isWritten(sum)).toBe(true);
  });

  it("is unknown where an input is, for the same reason", () => {
    const sum = derive("sum", "a + b", [one, unknown<number>("b", "b is a template hole")], (a, b) => a + b);
    expect(sum).toMatchObject({ known: false, origin: { why: "b is a template hole" } });
  });

  it("keeps the candidates, and is known where they agree", () => {
    const sum = derive("sum", "a + b", [one, oneOf(128, 4096)], (a, b) => a + b);
    expect(sum.known ? [] : sum.candidates?.map((each) => each.value)).toEqual([129, 4097]);
    const smaller = derive("smaller", "min", [one, oneOf(128, 4096)], (a, b) => Math.min(a, b));
    expect(smaller).toMatchObject({ known: true, value: 1 });
  });
});

describe("holds", () => {
  it("answers only what every candidate answers alike", () => {
    expect(holds([oneOf(128, 4096)], (value) => value < 65535)).toBe("yes");
    expect(holds([oneOf(128, 4096)], (value) => value > 65535)).toBe("no");
    expect(holds([oneOf(128, 4096)], (value) => value < 511)).toBe("unknown");
    expect(holds([unknown<number>("a", "why")], () => true)).toBe("unknown");
  });

  it("never says yes and no of one question", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 5 }), fc.integer(), (values, limit) => {
        const below = holds([oneOf(...values)], (value) => value < limit);
        const notBelow = holds([oneOf(...values)], (value) => value >= limit);
        expect([below, notBelow].sort()).toEqual(
          below === "unknown" ? ["unknown", "unknown"] : ["no", "yes"],
        );
      }),
    );
  });
});

it("settles on candidates that are all the same", () => {
  expect(settled(oneOf(5, 5))).toMatchObject({ known: true, value: 5 });
  expect(settled(oneOf(5, 6))).toMatchObject({ known: false });
});

it("collects the assumptions that a value stands on", () => {
  const assumed = byDefault("limit", 1024, {
    program: "systemd",
    versions: "all",
    source: "x",
    assuming: "it is a service",
  });
  expect(assumptionsOf(derive("double", "2 x limit", [assumed, assumed], (a, b) => a + b))).toEqual([
    "it is a service",
  ]);
});
