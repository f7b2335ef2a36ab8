import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseUnit } from "../../../src/syntax/unit/parse-unit.ts";
import { SourceFile } from "../../../src/text/source-file.ts";
import { spanText } from "../../../src/text/span.ts";

const parse = (text: string, path = "a.service") => parseUnit(new SourceFile(path, text));
const pairs = (text: string, path?: string) =>
  parse(text, path).assignments.map(({ key, value }) => [key, value.text.text]);

describe("lines", () => {
  test("a continuation becomes one value whose characters lead back to the file", () => {
    const unit = parse("[Service]\nExecStart=/bin/echo a \\\n# no\n   b\\\n c\nUser=x\n");
    const [exec] = unit.assignments;
    expect(exec?.value.text.text).toBe("/bin/echo a     b  c");
    expect(exec?.line).toBe(5);
    const at = exec?.value.text.text.indexOf("c", 12) ?? 0;
    const place = exec?.value.text.span(at, at + 1);
    expect(place && [spanText(place), place.file.position(place.start)]).toEqual([
      "c",
      { line: 5, column: 2 },
    ]);
    expect(unit.assignments[1]?.key).toBe("User");
  });

  test("two backslashes at the end are no continuation", () => {
    expect(pairs("[Service]\nA=x\\\\\nB=y\n")).toEqual([
      ["A", "x\\\\"],
      ["B", "y"],
    ]);
  });

  test.each([
    ["CRLF", "\r\n"],
    ["a lone CR", "\r"],
    ["NUL", "\0"],
  ])("%s ends a line", (_, end) => {
    expect(pairs(`[Service]${end}A=1${end}B=2${end}`)).toEqual([
      ["A", "1"],
      ["B", "2"],
    ]);
  });

  test("a byte order mark is no part of the first line", () => {
    expect(pairs("\ufeff[Service]\nA=1")).toEqual([["A", "1"]]);
  });
});

describe("faults", () => {
  const faults = (text: string, sections?: ReadonlySet<string>) =>
    parseUnit(new SourceFile("a.service", text), sections).faults.map(
      (fault) => `${fault.line} ${fault.kind}`,
    );

  test("each has its line, and what follows is still read", () => {
    const text = "A=1\n[Service]\nnothing\n=x\n[service]\nB=2\nalso nothing\n[X-Mine]\nc\n[Service]\nC=3\n";
    const sections = new Set(["Service"]);
    expect(faults(text, sections)).toEqual([
      "1 outside-section",
      "3 no-equals",
      "4 no-key",
      "5 section-unknown",
    ]);
    expect(parseUnit(new SourceFile("a", text), sections).assignments.map(({ key }) => key)).toEqual(["C"]);
  });

  test("the header that is missing is the one that has the key", () => {
    const help = (text: string) =>
      parseUnit(new SourceFile("a.socket", text)).problems.map((each) => each.help);
    expect(help("Description=web\nListenStream=80\n")).toEqual([
      "put a header such as [Unit] above it",
      "put a header such as [Service] above it",
    ]);
  });

  test("a header without its bracket makes the file fail, with the lines before it in force", () => {
    const unit = parse("[Service]\nA=1\n[Install\nB=2\n");
    expect(unit.failure?.kind).toBe("section-unclosed");
    expect(unit.assignments.map(({ key }) => key)).toEqual(["A"]);
    expect(unit.lines.flatMap((line) => (line.kind === "assignment" ? [line.key] : []))).toEqual(["A", "B"]);
  });

  test("invalid UTF-8 fails outside of comments only", () => {
    const read = (text: string) =>
      parseUnit(
        SourceFile.fromBytes(
          "a",
          Uint8Array.from(text, (c) => c.charCodeAt(0)),
        ),
      );
    expect(read("# \xff\n[Service]\nA=1\n").failure).toBeUndefined();
    expect(read("[Service]\nA=\xff\nB=1\n").failure?.kind).toBe("not-utf8");
  });

  test("a line of 1 MiB fails, a comment too", () => {
    expect(parse(`[Service]\n#${"x".repeat(1024 * 1024)}\nA=1\n`).failure?.kind).toBe("too-long");
    expect(parse(`[Service]\n#${"x".repeat(1024 * 1024 - 2)}\nA=1\n`).failure).toBeUndefined();
    expect(parse(`[Service]\nA=${"ä".repeat(600 * 1024)}\n`).failure?.kind).toBe("too-long");
  });
});

describe("templates", () => {
  test("holes are part of a value, and no syntax error", () => {
    const unit = parse(
      "{{ ansible_managed | comment }}\n[Service]\nUser={{ a == b }}\n{% if x %}\nA=1\n{% endif %}\n{{ more }}\nB=__B__\n",
    );
    expect(unit.faults).toEqual([]);
    expect(
      unit.assignments.map(({ key, conditional, value }) => [key, conditional, value.holes.length]),
    ).toEqual([
      ["User", false, 1],
      ["A", true, 0],
      ["B", false, 1],
    ]);
  });

  test("a statement over several lines is one line", () => {
    const unit = parse("[Service]\n{% set x =\n  [1,\n  2] %}\nA=1\n");
    expect(unit.faults).toEqual([]);
    expect(unit.assignments.map(({ key }) => key)).toEqual(["A"]);
  });

  test.each([
    ["a.service", 0],
    ["a.service.template", 1],
  ])("dollars in %s give %i holes", (path, count) => {
    expect(parse("[Service]\nUser=${APP_USER}\n", path).assignments[0]?.value.holes.length).toBe(count);
  });

  test("dates for strftime are no marks", () => {
    expect(parse("[Service]\nExecStart=/bin/date +%%Y%%m%%d\n").assignments[0]?.value.holes).toEqual([]);
  });
});

describe("any text", () => {
  const pieces = fc.constantFrom(
    "[Service]",
    "[",
    "]",
    "\n",
    "\r\n",
    "\r",
    "\0",
    "\\\n",
    "\\",
    "=",
    "A=b",
    "#",
    ";",
    " ",
    "\t",
    "{{",
    "}}",
    "{% if a %}",
    "{%",
    "%}",
    "<%",
    "%>",
    "@A@",
    "__B__",
    "\ufeff",
    "ä",
    "\u{1f600}",
    '"',
  );
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join("")),
  );

  test("lines cover the text in order and every span lies inside", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const unit = parse(text);
        expect(unit.lines.map((line) => spanText(line.at)).join("")).toBe(text);
        for (const { keyAt, value } of unit.assignments) {
          const { at } = value.text;
          expect(0 <= keyAt.start && keyAt.start <= keyAt.end && keyAt.end <= at.start + 1).toBe(true);
          expect(at.start <= at.end && at.end <= text.length).toBe(true);
        }
        for (const problem of unit.problems)
          expect(problem.at.start <= problem.at.end && problem.at.end <= text.length).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("a value without continuations and holes stands in the file as it is", () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const { value } of parse(text).assignments)
          if (!spanText(value.text.at).includes("\\")) expect(spanText(value.text.at)).toBe(value.text.text);
      }),
      { numRuns: 1000 },
    );
  });

  test("hostile texts are read to the end", () => {
    for (const part of ["{{", "{%", "[", "\\\n", "\0", "\r\n\0", "@A", "__A", "=", "%%A", "{% if a %}"])
      expect(parse(part.repeat(200_000)).lines.length).toBeGreaterThan(0);
  });
});
