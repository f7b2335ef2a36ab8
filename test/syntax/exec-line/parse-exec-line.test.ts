import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseExecLine } from "../../../src/syntax/exec-line/parse-exec-line.ts";
import { parseUnit } from "../../../src/syntax/unit/parse-unit.ts";
import { SourceFile } from "../../../src/text/source-file.ts";
import { spanText } from "../../../src/text/span.ts";

function parse(text: string, shellPrefix = false) {
  const [assignment] = parseUnit(new SourceFile("a.service", `[Service]\nExecStart=${text}\n`)).assignments;
  if (assignment === undefined) throw new Error("no assignment");
  return parseExecLine(assignment.value, shellPrefix);
}

const words = (text: string) =>
  parse(text).commands.map((command) => [
    command.prefixes,
    command.program.text,
    ...command.words.map((word) => word.text),
  ]);

describe("words", () => {
  test.each([
    ['/bin/a "b c" \'d e\' f"g h"i', [["", "/bin/a", "b c", "d e", "fg hi"]]],
    ['/bin/a e\\x20f g\\th \\\\ \\"', [["", "/bin/a", "e f", "g\th", "\\", '"']]],
    ["/bin/a \\xc3\\xa4 \\303\\244 \\u00e4", [["", "/bin/a", "ä", "ä", "ä"]]],
    ["/bin/a m\\ n", [["", "/bin/a", "m\\ n"]]],
    [
      "/bin/a ; /bin/b \\; c ;d ;",
      [
        ["", "/bin/a"],
        ["", "/bin/b", ";", "c", ";d"],
      ],
    ],
    ["-@:+/bin/a zero b", [["-@:+", "/bin/a", "zero", "b"]]],
    ["!!/bin/a", [["!!", "/bin/a"]]],
    ["+!/bin/a", [["+", "!/bin/a"]]],
    ["--/bin/a", [["-", "-/bin/a"]]],
    ['"/bin/a b" c', [["", "/bin/a b", "c"]]],
  ])("%s", (text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  test("a word knows its place, over a continuation too", () => {
    const [command] = parse('/bin/a \\\n  "b c"').commands;
    const at = command?.words[0]?.at;
    expect(at && [spanText(at), at.file.position(at.start)]).toEqual(['"b c"', { line: 3, column: 3 }]);
  });

  test("a template hole is one word, whatever is in it", () => {
    const [command] = parse("/bin/a {{ x | default('a b') }} -b {{ y }}:80").commands;
    expect(command?.words.map((word) => [word.raw, word.holes.length])).toEqual([
      ["{{ x | default('a b') }}", 1],
      ["-b", 0],
      ["{{ y }}:80", 1],
    ]);
  });

  test("an open quote loses the command; in the first word the line", () => {
    expect(parse('/bin/a "b c').commands[0]?.unbalanced).toBeDefined();
    const first = parse('"/bin/a b');
    expect([first.commands.length, first.unbalanced !== undefined]).toEqual([0, true]);
  });

  test("`|` is a prefix since 258 only", () => {
    expect(parse("|/bin/a", true).commands[0]?.prefixes).toBe("|");
    expect(parse("|/bin/a").commands[0]?.program.text).toBe("|/bin/a");
  });
});

test("any line: spans in order and inside the value", () => {
  const pieces = fc.constantFrom(
    '"',
    "'",
    "\\",
    ";",
    " ",
    "a",
    "\\x",
    "\\x41",
    "\\;",
    "{{",
    "}}",
    "$A",
    "%",
    "-",
    "@",
    "\\\n",
    "ä",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
      const text = parts.join("");
      if (text.trim() === "") return;
      const file = `[Service]\nExecStart=${text}\n`;
      let last = 0;
      for (const command of parse(text).commands)
        for (const word of [command.program, ...command.words]) {
          expect(word.at.start >= last && word.at.end >= word.at.start && word.at.end <= file.length).toBe(
            true,
          );
          last = word.at.start;
        }
    }),
    { numRuns: 2000 },
  );
});

test("a long line is read in one go", () => {
  expect(parse(`/bin/a ${'"b" '.repeat(200_000)}`).commands[0]?.words.length).toBe(200_000);
});
