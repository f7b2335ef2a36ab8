import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shellWords } from "../../../../src/programs/container/compose/shell-words.ts";

const words = (line: string): string[] => shellWords(line).words.map(({ text }) => text);

describe("words of a command string", () => {
  // shellwords_test.go of mattn/go-shellwords
  it.each<[string, string[]]>([
    ["", []],
    ['""', [""]],
    ["''", [""]],
    ["var --bar=baz", ["var", "--bar=baz"]],
    ['var --bar="baz"', ["var", "--bar=baz"]],
    ["var \"--bar='baz'\"", ["var", "--bar='baz'"]],
    ["var --bar=`baz`", ["var", "--bar=`baz`"]],
    ['var "--bar=\\"baz\'"', ["var", "--bar=\"baz'"]],
    ["var --bar='\\'", ["var", "--bar=\\"]],
    ['var  --"bar baz"', ["var", "--bar baz"]],
    ["foo bar\\  ", ["foo", "bar "]],
    ["foo \"\" bar ''", ["foo", "", "bar", ""]],
    ["foo \\\\", ["foo", "\\"]],
    ["foo \\& bar", ["foo", "&", "bar"]],
    ["echo $(echo foo)", ["echo", "$(echo foo)"]],
    ["a \\\n -b", ["a", "\n", "-b"]],
    ["a \\ -b", ["a", " -b"]],
  ])("%j", (line, expected) => {
    expect(words(line)).toEqual(expected);
  });

  it.each<[string, string[], number]>([
    ["migrate && gunicorn app", ["migrate"], 8],
    ["a;b", ["a"], 1],
    ["a 2>&1", ["a"], 3],
    ["a x>y", ["a", "x"], 3],
    ["cat|more", ["cat"], 3],
  ])("%j stops at its operator", (line, expected, at) => {
    expect(words(line)).toEqual(expected);
    expect(shellWords(line).stoppedAt).toBe(at);
  });

  it.each(["foo '", 'foo "', "foo `", "foo (bar)", "foo )", "foo \\"])("%j cannot be split", (line) => {
    expect(shellWords(line).invalid).toBe(true);
  });

  it("keeps places in order and inside the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..." ab\\\"'`$();&|<>\n\t2") }), (line) => {
        let last = 0;
        for (const { start, end } of shellWords(line).words) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThanOrEqual(start);
          last = end;
        }
        expect(last).toBeLessThanOrEqual(line.length);
      }),
    );
  });
});
