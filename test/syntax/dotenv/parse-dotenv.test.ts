import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDotenv } from "../../../src/syntax/dotenv/parse-dotenv.ts";
import { SourceFile } from "../../../src/text/source-file.ts";
import { spanText } from "../../../src/text/span.ts";

const parse = (text: string) => parseDotenv(new SourceFile(".env", text));

describe("dotenv files", () => {
  // dotenv/parser.go and godotenv_test.go of compose-go
  it.each<[string, [string, string | undefined][]]>([
    ["A=1", [["A", "1"]]],
    ["A=1 # comment", [["A", "1"]]],
    ["A=1#no comment", [["A", "1#no comment"]]],
    ["A = 1", [["A", "1"]]],
    ["A: 1", [["A", "1"]]],
    ["export A=1", [["A", "1"]]],
    [
      "A=\nB=2",
      [
        ["A", ""],
        ["B", "2"],
      ],
    ],
    [
      "A\nB=2\n",
      [
        ["A", undefined],
        ["B", "2"],
      ],
    ],
    [
      "A='x # y' # z\nB=2",
      [
        ["A", "x # y"],
        ["B", "2"],
      ],
    ],
    ['A="a\\nb"', [["A", "a\nb"]]],
    ["A='a\\nb'", [["A", "a\\nb"]]],
    ["A='it\\'s'", [["A", "it's"]]],
    [
      'A="a\nb"\nB=2',
      [
        ["A", "a\nb"],
        ["B", "2"],
      ],
    ],
    ['A="\\$x"', [["A", "$$x"]]],
    ['A="\\\\"', [["A", "\\"]]],
    [
      "# comment\n\n  A=1\r\nB=2\r\n",
      [
        ["A", "1"],
        ["B", "2"],
      ],
    ],
    ["\ufeffA=1", [["A", "1"]]],
    ["A=a=b:c", [["A", "a=b:c"]]],
  ])("%j", (text, expected) => {
    const { assignments, problems } = parse(text);
    expect(assignments.map(({ name, value }) => [name, value])).toEqual(expected);
    expect(problems).toEqual([]);
  });

  it.each([
    ["A!=1\nB=2", "! cannot stand in the name of a variable"],
    ["A B=1\nB=2", "the name A B contains a blank"],
    ['A="x\nB=2', "the quoted value of A does not end"],
  ])("%j is refused, and the next line still read", (text, message) => {
    const { assignments, problems } = parse(text);
    expect(problems.map((each) => each.message)).toEqual([message]);
    expect(assignments.map(({ name }) => name)).toEqual(["B"]);
  });

  it("points at name and value", () => {
    expect(parse("A=1\n  export B='x y' # z\n").assignments.map(({ at }) => spanText(at))).toEqual([
      "A=1",
      "B='x y'",
    ]);
  });

  it("takes any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."Aab=:# \\\"'$\n\r\texport\0é") }), (text) => {
        let last = 0;
        for (const { at } of parse(text).assignments) {
          expect(at.start).toBeGreaterThanOrEqual(last);
          expect(at.end).toBeLessThanOrEqual(text.length);
          last = at.end;
        }
      }),
    );
  });
});
