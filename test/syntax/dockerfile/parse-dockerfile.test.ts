import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Instruction } from "../../../src/syntax/dockerfile/instruction.ts";
import { parseDockerfile } from "../../../src/syntax/dockerfile/parse-dockerfile.ts";
import { SourceFile } from "../../../src/text/source-file.ts";
import { type Span, spanText } from "../../../src/text/span.ts";

const parse = (text: string) => parseDockerfile(new SourceFile("Dockerfile", text));

/** An instruction in short: keyword, flags, arguments. */
function short({ keyword, flags, arguments: given, heredocs, inner }: Instruction): unknown[] {
  const words =
    given.kind === "none"
      ? []
      : given.kind === "text"
        ? [given.word.text]
        : given.kind === "named"
          ? given.values.map(({ name, value }) => [name.text, value?.text])
          : given.words.map((word) => word.text);
  return [
    keyword,
    ...flags.map(({ name, value }) => (value === undefined ? `--${name}` : `--${name}=${value}`)),
    ...(given.kind === "exec" ? [words] : words),
    ...heredocs.map(({ text }) => ({ text })),
    ...(inner === undefined ? [] : [short(inner)]),
  ];
}

// Sources: frontend/dockerfile/parser of moby/buildkit (parser.go, line_parsers.go, split_command.go) and its tests.
const readings: readonly [string, string, readonly unknown[][]][] = [
  ["exec form", 'CMD ["a", "b c"]', [["CMD", ["a", "b c"]]]],
  ["exec form without blanks", 'CMD ["a","b"]', [["CMD", ["a", "b"]]]],
  ["exec form with escapes", 'CMD ["\\u0061\\n\\""]', [["CMD", ['a\n"']]]],
  ["empty exec form", "CMD []", [["CMD", []]]],
  ["single quotes are the shell form", "CMD ['a', 'b']", [["CMD", "['a', 'b']"]]],
  ["a trailing comma is the shell form", 'CMD ["a",]', [["CMD", '["a",]']]],
  ["text behind the bracket is the shell form", 'CMD ["a"] b', [["CMD", '["a"] b']]],
  ["an open bracket is the shell form", 'CMD ["a", "b"', [["CMD", '["a", "b"']]],
  ["a bare word in JSON is the shell form", 'CMD ["a", b]', [["CMD", '["a", b]']]],
  ["shell form", "CMD  exec  gunicorn a:b ", [["CMD", "exec  gunicorn a:b"]]],
  ["keyword in any case", "cMd a", [["CMD", "a"]]],
  ["exec form over lines", 'CMD ["a", \\\n  "b"]', [["CMD", ["a", "b"]]]],
  ["continuation", "RUN a \\\n  b", [["RUN", "a   b"]]],
  ["continuation with blanks behind it", "RUN a \\ \t\nb", [["RUN", "a b"]]],
  [
    "two escape characters end the line",
    "RUN a \\\\\nCMD b",
    [
      ["RUN", "a \\\\"],
      ["CMD", "b"],
    ],
  ],
  ["comment and empty line inside", "RUN a \\\n# no\n\n  # no\nb", [["RUN", "a b"]]],
  ["a # inside of a line is text", "CMD a # b", [["CMD", "a # b"]]],
  [
    "escape directive",
    "# escape=`\nRUN a `\n b\\\nCMD c",
    [
      ["RUN", "a  b\\"],
      ["CMD", "c"],
    ],
  ],
  [
    "escape behind a comment is none",
    "# x\n# escape=`\nRUN a `\nCMD c",
    [
      ["RUN", "a `"],
      ["CMD", "c"],
    ],
  ],
  [
    "CRLF",
    "FROM a\r\nRUN b \\\r\n c\r\n",
    [
      ["FROM", "a"],
      ["RUN", "b  c"],
    ],
  ],
  ["byte order mark", "\ufeffFROM a", [["FROM", "a"]]],
  [
    "flags",
    "COPY --from=x --link --chown=a:b  s d",
    [["COPY", "--from=x", "--link", "--chown=a:b", "s", "d"]],
  ],
  ["quoted flag", 'COPY --from="x" s d', [["COPY", "--from=x", "s", "d"]]],
  ["-- ends the flags", "RUN -- --mount a", [["RUN", "--mount a"]]],
  ["COPY in the exec form", 'COPY ["a b", "/c/"]', [["COPY", ["a b", "/c/"]]]],
  ["ENV with =", "ENV A=1 B='x y' C=a\\ b", [["ENV", ["A", "1"], ["B", "'x y'"], ["C", "a\\ b"]]]],
  ["old ENV takes the rest", "ENV A b  c=d", [["ENV", ["A", "b  c=d"]]]],
  ["ARG", "ARG A B=c", [["ARG", ["A", undefined], ["B", "c"]]]],
  [
    "heredoc",
    "COPY <<EOF /a\nx\n#y\nEOF\nCMD b",
    [
      ["COPY", "<<EOF", "/a", { text: "x\n#y\n" }],
      ["CMD", "b"],
    ],
  ],
  ["heredoc that drops tabs", "RUN <<-E\n\tx\n\t\tE\n", [["RUN", "<<-E", { text: "x\n" }]]],
  [
    "two heredocs",
    "COPY <<A <<B /c/\n1\nA\n2\nB",
    [["COPY", "<<A", "<<B", "/c/", { text: "1\n" }, { text: "2\n" }]],
  ],
  [
    "heredoc of CMD is none",
    "CMD <<EOF\nCMD x",
    [
      ["CMD", "<<EOF"],
      ["CMD", "x"],
    ],
  ],
  ["ONBUILD", "ONBUILD COPY a b", [["ONBUILD", ["COPY", "a", "b"]]]],
  ["HEALTHCHECK", "HEALTHCHECK --retries=3 CMD curl x", [["HEALTHCHECK", "--retries=3", ["CMD", "curl x"]]]],
  [
    "a template line is left out",
    "FROM a\n{% if x %}\nCMD b\n{% endif %}",
    [
      ["FROM", "a"],
      ["CMD", "b"],
    ],
  ],
];

describe("reading", () => {
  test.each(readings)("%s", (_, text, expected) => {
    expect(parse(text).instructions.map(short)).toEqual(expected);
  });
});

const refusals: readonly [string, string, readonly string[]][] = [
  ["no instruction", "# only\n", ["There is no instruction in this file"]],
  ["a typo", "FORM a", ["FORM is no instruction, did you mean FROM?"]],
  [
    "lines behind a missing continuation are one finding",
    "FROM a\nRUN x\n  curl \\\n  wget\n  git",
    ["curl is no instruction"],
  ],
  [
    "numbers in the exec form",
    "FROM a\nCMD [1]",
    ["The JSON array of CMD holds something that is not a string, so the build stops here"],
  ],
  ["ENV without value", "FROM a\nENV X", ["ENV needs a name and a value; X has no value"]],
  [
    "ENV with an unquoted blank",
    "FROM a\nENV X=a b",
    ["b of ENV has no =, so the build stops here; quote a value that holds blanks"],
  ],
  [
    "COPY without destination",
    "FROM a\nCOPY x",
    ["COPY needs a source and a destination; only one path is written"],
  ],
  ["an open heredoc", "FROM a\nRUN <<EOF\nx\n", ["No line EOF ends this heredoc", "x is no instruction"]],
  ["an unknown flag", "FROM a\nCOPY --form=b c d", ["COPY has no flag --form, did you mean from?"]],
  ["FROM with two words", "FROM a b", ["FROM takes an image, or an image AS a name; b is neither"]],
  [
    "a stage name",
    "FROM a AS 1x",
    ["1x is no name for a stage: it begins with a letter and holds letters, digits, - _ ."],
  ],
  ["chained ONBUILD", "FROM a\nONBUILD ONBUILD RUN x", ["ONBUILD cannot hold ONBUILD"]],
  ["SHELL", "FROM a\nSHELL bash", ['SHELL takes the JSON form only: SHELL ["/bin/sh", "-c"]']],
  [
    "escape twice",
    "# escape=`\n# escape=`\nFROM a",
    ["The parser directive escape is written twice, so the build stops here"],
  ],
  ["a template hole is no fault", "FROM {{ image }}\nCOPY {{ x }}\nUSER\t@USER@", []],
];

describe("refusing", () => {
  test.each(refusals)("%s", (_, text, expected) => {
    expect(parse(text).problems.map((problem) => problem.message)).toEqual(expected);
  });
});

describe("places", () => {
  test("a word behind a continuation stands where it is written", () => {
    const [instruction] = parse('CMD ["a", \\\n  # no\n  "b"]\n').instructions;
    const given = instruction?.arguments;
    expect(given?.kind === "exec" ? given.words.map((word) => spanText(word.at)) : []).toEqual([
      '"a"',
      '"b"',
    ]);
  });

  test("every line of a heredoc knows its place", () => {
    const text = "FROM a\nCOPY <<-EOF /x\n\tone\n\t\ttwo\n\tEOF\n";
    const heredoc = parse(text).instructions[1]?.heredocs[0];
    expect(heredoc?.text).toBe("one\ntwo\n");
    expect(heredoc?.lineStarts.map((start) => text.slice(start, start + 3))).toEqual(["one", "two"]);
  });
});

function spansOf({ at, keywordAt, flags, arguments: given, heredocs, inner }: Instruction): Span[] {
  const words =
    given.kind === "none"
      ? []
      : given.kind === "text"
        ? [given.word.at]
        : given.kind === "named"
          ? given.values.flatMap(({ name, value }) => (value === undefined ? [name.at] : [name.at, value.at]))
          : given.words.map((word) => word.at);
  return [
    at,
    keywordAt,
    ...flags.map((flag) => flag.at),
    ...words,
    ...heredocs.flatMap((heredoc) => [heredoc.at, heredoc.body]),
    ...(inner === undefined ? [] : spansOf(inner)),
  ];
}

describe("any text", () => {
  const token = fc.constantFrom(
    "FROM a",
    "RUN ",
    "COPY ",
    "CMD ",
    "ENV ",
    "ONBUILD ",
    "HEALTHCHECK ",
    '["',
    '"]',
    ", ",
    "\\\n",
    "`",
    "\n",
    "\r\n",
    "<<EOF",
    "<<-'E F'",
    "EOF",
    "'",
    '"',
    "$X",
    "${",
    "{{ x }}",
    "# escape=`\n",
    "#",
    " ",
    "\t",
    "\0",
    "\ufeff",
    "\u00a0",
    "--a=b ",
    "é😀",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(token, { maxLength: 60 }).map((parts) => parts.join("")),
  );

  test("never throws; spans lie inside of the text, instructions follow each other", () => {
    fc.assert(
      fc.property(text, (written) => {
        const { instructions, problems } = parse(written);
        let before = 0;
        for (const instruction of instructions) {
          expect(instruction.at.start).toBeGreaterThanOrEqual(before);
          before = instruction.at.end;
        }
        for (const { start, end } of [...instructions.flatMap(spansOf), ...problems.map(({ at }) => at)]) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(start).toBeLessThanOrEqual(end);
          expect(end).toBeLessThanOrEqual(written.length);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ["brackets", `CMD ${"[".repeat(200_000)}`],
    ["continuations", `RUN a${" \\\n".repeat(200_000)}`],
    ["heredocs without end", "RUN <<A\n".repeat(50_000)],
    ["ONBUILD", "ONBUILD ".repeat(100_000)],
    ["quotes", `ENV A=${"'\"".repeat(200_000)}`],
    ["one long line", `FROM ${"a".repeat(2_000_000)}`],
    ["escapes", `RUN ${"\\".repeat(500_000)}`],
    ["words", `COPY ${"a ".repeat(200_000)}`],
  ])("hostile: %s", (_, hostile) => {
    expect(parse(hostile).file.text).toBe(hostile);
  });
});
