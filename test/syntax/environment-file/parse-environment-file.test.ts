import fc from "fast-check";
import { expect, test } from "vitest";
import { parseEnvironmentFile } from "../../../src/syntax/environment-file/parse-environment-file.ts";
import { SourceFile } from "../../../src/text/source-file.ts";
import { spanText } from "../../../src/text/span.ts";

const parse = (text: string) => parseEnvironmentFile(new SourceFile("env", text));
const pairs = (text: string) => parse(text).map(({ name, value }) => [name, value]);

test.each([
  [
    "A=1\n  B = 2 \n",
    [
      ["A", "1"],
      ["B", "2"],
    ],
  ],
  [
    "C=\"x y\" 'z'\nD='p\nq'\n",
    [
      ["C", "x yz"],
      ["D", "p\nq"],
    ],
  ],
  ["F=a b  c # d\n", [["F", "a b  c # d"]]],
  [
    'G=a\\\nb\nH="m\\\nn"\n',
    [
      ["G", "ab"],
      ["H", "mn"],
    ],
  ],
  [
    'J=$A\nK="a\\"b\\$c\\d"\n',
    [
      ["J", "$A"],
      ["K", 'a"b$c\\d'],
    ],
  ],
  [
    'L=a"b c"d\nM\nN=\n',
    [
      ["L", 'a"b c"d'],
      ["N", ""],
    ],
  ],
  [
    "export E=5\r\n# x\r\n;y\r\nO=1\r\n",
    [
      ["export E", "5"],
      ["O", "1"],
    ],
  ],
  ['P="open\nA=1', [["P", "open\nA=1"]]],
])("%j", (text, expected) => {
  expect(pairs(text)).toEqual(expected);
});

test("the line after a comment that ends in a backslash is marked", () => {
  expect(parse("# a \\\nA=1\nB=2\n").map(({ afterContinuedComment }) => afterContinuedComment)).toEqual([
    true,
    false,
  ]);
});

test("the place reaches from the name to the end of the value", () => {
  expect(parse("  A = 'x' \nB=2").map(({ at }) => spanText(at))).toEqual(["A = 'x'", "B=2"]);
});

test("any text: spans in order, inside the text and starting with the name", () => {
  const pieces = fc.constantFrom("A", "=", '"', "'", "\\", "\n", "\r", " ", "#", ";", "\0", "ä");
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces).map((parts) => parts.join("")),
      ),
      (text) => {
        let last = 0;
        for (const { at, name } of parse(text)) {
          expect(at.start >= last && at.end <= text.length && spanText(at).startsWith(name)).toBe(true);
          last = at.end;
        }
      },
    ),
    { numRuns: 2000 },
  );
});
