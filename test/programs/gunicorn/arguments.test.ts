import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Argument } from "../../../src/model/command.ts";
import { unknown } from "../../../src/model/value.ts";
import { parseArguments } from "../../../src/programs/gunicorn/argparse.ts";
import { pythonInteger, pythonString } from "../../../src/programs/gunicorn/setting-value.ts";
import { everyVersion } from "../../../src/programs/gunicorn/settings.ts";
import { shlexSplit } from "../../../src/programs/gunicorn/shell-words.ts";
import { SourceFile } from "../../../src/text/source-file.ts";
import { span, spanText } from "../../../src/text/span.ts";
import { argumentsOf } from "./command-line.ts";

const settings = everyVersion().find(({ version }) => version === "23.0.0")?.settings ?? new Map();

/** Words, of which those with `$`, `{{` or `@` are not known. */
function withHoles(text: string): Argument[] {
  const file = new SourceFile("app.service", text);
  return [...text.matchAll(/\{\{.*?\}\}\S*|\S+?\{\{.*?\}\}\S*|\S+/g)].map((match) => {
    const at = span(file, match.index, match.index + match[0].length);
    const isHole = /[$@]|\{\{/.test(match[0]);
    return {
      at,
      text: isHole
        ? unknown("argument", `${match[0]} is not known`, { at })
        : (argumentsOf([match[0]])[0]?.text ?? unknown("argument", "there is none")),
    };
  });
}

const options = (words: readonly Argument[]) =>
  parseArguments(words, settings).options.map(({ setting, value }) => [
    setting.name,
    value.kind === "known" ? value.value : "unknown",
  ]);

describe("words that are not known", () => {
  test.each([
    ["-w $N app:app", [["workers", "unknown"]], ["app:app"]],
    ["--workers=${N} app:app", [["workers", "unknown"]], ["app:app"]],
    ["--bind=unix:{{ socket }} app:app", [["bind", "unknown"]], ["app:app"]],
    ["-b0.0.0.0:$PORT app:app", [["bind", "unknown"]], ["app:app"]],
    ["-w 3 {{ name }}.wsgi:application", [["workers", 3]], ["{{ name }}.wsgi:application"]],
    ["-w 3 app.@NAME@", [["workers", 3]], ["app.@NAME@"]],
  ])("%s", (line, expected, positionals) => {
    const parsed = parseArguments(withHoles(line), settings);
    expect(options(withHoles(line))).toEqual(expected);
    expect(parsed.positionals.map(({ at }) => spanText(at))).toEqual(positionals);
    expect(parsed.anything).toEqual([]);
    expect(parsed.errors).toEqual([]);
  });

  test("a word of which nothing is certain may be any option", () => {
    const parsed = parseArguments(withHoles("-w 3 $OPTIONS app:app --threads 2"), settings);
    expect(parsed.anything).toMatchObject([{ after: 1 }]);
    expect(parsed.positionals.map(({ at }) => spanText(at))).toEqual(["app:app"]);
    expect(parsed.errors).toEqual([]);
  });
});

test("an option reaches from its flag to its argument", () => {
  const words = withHoles("app:app --workers 4 -b:80");
  expect(parseArguments(words, settings).options.map(({ at }) => spanText(at))).toEqual([
    "--workers 4",
    "-b:80",
  ]);
});

test("after an error the other options are still read", () => {
  const parsed = parseArguments(argumentsOf(["--pidfile", "/x", "-w", "2.5", "--threads", "4"]), settings);
  expect(parsed.errors.map(({ message }) => message)).toEqual([
    "argument -w/--workers: invalid int value: '2.5'",
    "unrecognized arguments: --pidfile",
  ]);
  expect(parsed.options.map(({ setting }) => setting.name)).toEqual(["threads"]);
});

describe("any words", () => {
  const word = fc.oneof(
    fc.constantFrom(
      "-w",
      "-w4",
      "-Dw",
      "--",
      "-",
      "--workers",
      "--work",
      "--bind=",
      "app:app",
      "-1",
      "--preload=x",
    ),
    fc.string({ unit: "binary" }),
    fc.string().map((text) => `--${text}`),
  );

  test("are read without a fault, every word once at most", () => {
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const parsed = parseArguments(argumentsOf(words), settings);
        expect(parsed.options.length + parsed.positionals.length).toBeLessThanOrEqual(
          words.join("").length + words.length,
        );
        for (const { at } of [...parsed.options, ...parsed.errors])
          expect(at.end).toBeGreaterThanOrEqual(at.start);
      }),
    );
  });

  test("behind -- are positionals", () => {
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const { positionals } = parseArguments(argumentsOf(["--", ...words]), settings);
        expect(positionals.map(({ text }) => text.known && text.value)).toEqual(words);
      }),
    );
  });
});

describe("shlex.split", () => {
  const texts = (text: string) => {
    const words = shlexSplit(text);
    return "error" in words ? words.error : words.map((word) => word.text);
  };

  test.each([
    ["--workers=5 --name 'a b'", ["--workers=5", "--name", "a b"]],
    ['a"b c"d\\ e', ["ab cd e"]],
    ['"a\\"b\\$c\\\\"', ['a"b\\$c\\']],
    ["a\nb\tc # d", ["a", "b", "c", "#", "d"]],
    ["''", [""]],
    ["'a", "No closing quotation"],
    ["a\\", "No escaped character"],
  ])("%j", (text, expected) => {
    expect(texts(text)).toEqual(expected);
  });

  test("gives back what was quoted, at its place", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        const line = words.map((word) => `'${word.replaceAll("'", `'"'"'`)}'`).join(" ");
        const split = shlexSplit(line);
        if ("error" in split) throw new Error(split.error);
        expect(split.map((word) => word.text)).toEqual(words);
        for (const [index, { start, end }] of split.entries()) {
          expect(start).toBeGreaterThanOrEqual(split[index - 1]?.end ?? 0);
          expect(end).toBeLessThanOrEqual(line.length);
        }
      }),
    );
  });
});

describe("Python's spelling", () => {
  test.each([
    ["04", 10, 4n],
    [" +1_024 ", 10, 1024n],
    ["-0", 10, 0n],
    ["", 10, undefined],
    ["2.5", 10, undefined],
    ["1__0", 10, undefined],
    ["0x10", 10, undefined],
    ["0x1F", 0, 31n],
    ["0b101", 0, 5n],
    ["0o17", 0, 15n],
    ["00", 0, 0n],
    ["04", 0, undefined],
    ["ff", 16, 255n],
    ["0xff", 16, 255n],
  ])("int(%j, %i)", (text, base, expected) => {
    expect(pythonInteger(text, base)).toBe(expected);
  });

  test("any whole number is read back", () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.constantFrom(0, 10), (value, base) => {
        expect(pythonInteger(value.toString(), base)).toBe(value);
      }),
    );
  });

  test("repr() of strings", () => {
    expect(["a'b", `a'"b`, "a\n\\\x01"].map(pythonString)).toEqual([`"a'b"`, `'a\\'"b'`, "'a\\n\\\\\\x01'"]);
  });
});
