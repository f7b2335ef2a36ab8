import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePythonSettings } from "../../../src/syntax/python-settings/parse.ts";
import type { Expression, Statement } from "../../../src/syntax/python-settings/tree.ts";
import { SourceFile } from "../../../src/text/source-file.ts";
import { spanText } from "../../../src/text/span.ts";

const parse = (text: string) => parsePythonSettings(new SourceFile("gunicorn.conf.py", text));
const kinds = (text: string) => parse(text).statements.map((statement) => statement.kind);
const faults = (text: string) => parse(text).problems.map(({ message, at }) => [message, spanText(at)]);

/** The shape of the first assigned value, in Python's own brackets. */
function shape(text: string): string {
  const [statement] = parse(`x = ${text}\n`).statements;
  return statement?.kind === "assign" ? shown(statement.value) : "no assignment";
}

function shown(expression: Expression): string {
  switch (expression.kind) {
    case "name":
      return expression.name;
    case "unary":
      return `(${expression.operator} ${shown(expression.operand)})`;
    case "and":
    case "or":
      return `(${shown(expression.left)} ${expression.kind} ${shown(expression.right)})`;
    case "binary":
      return `(${shown(expression.left)} ${expression.operator} ${shown(expression.right)})`;
    case "compare":
      return `(${shown(expression.first)}${expression.rest.map(({ operator, value }) => ` ${operator} ${shown(value)}`).join("")})`;
    case "conditional":
      return `(${shown(expression.whenTrue)} if ${shown(expression.condition)} else ${shown(expression.whenFalse)})`;
    case "call":
      return `${shown(expression.function)}()`;
    case "int":
      return expression.value.toString();
    default:
      return expression.kind;
  }
}

describe("precedence as in Python", () => {
  test.each([
    ["not a and b", "((not a) and b)"],
    ["not a or b", "((not a) or b)"],
    ["a and not b or c", "((a and (not b)) or c)"],
    ["not f(x) and y", "((not f()) and y)"],
    ["not not a and b", "((not (not a)) and b)"],
    ["not a == b and c", "((not (a == b)) and c)"],
    ["not a in b or c is not d", "((not (a in b)) or (c is not d))"],
    ["not (a and b)", "(not (a and b))"],
    ["a or b and not c or d", "((a or (b and (not c))) or d)"],
    ["1 if not a and b else 2", "(1 if ((not a) and b) else 2)"],
    ["a < b <= c not in d", "(a < b <= c not in d)"],
    ["a + b * c ** d", "(a + (b * (c ** d)))"],
    ["-a ** b", "(- (a ** b))"],
    ["a // b % c", "((a // b) % c)"],
    ["3 if a else 4 if b else 5", "(3 if a else (4 if b else 5))"],
  ])("%s", (text, expected) => {
    expect(shape(text)).toBe(expected);
  });
});

describe("what is read", () => {
  test("every kind of statement", () => {
    const text = [
      "import os, a.b as c",
      "from .d import (e as f, g)",
      "x = y = 1; z: int = 2",
      "only_annotated: int",
      "x += 1",
      "if a: pass\nelif b:\n    x = 1\nelse:\n    x = 2",
      "for k, v in os.environ.items():\n    x = k\nelse:\n    x = 1",
      "while x: break",
      "try:\n    x = 1\nexcept (KeyError, ValueError) as e:\n    x = 2\nfinally:\n    x = 3",
      "with open('f') as h:\n    x = h",
      "def f(a, b=1, *c, d, **e):\n    return a",
      "class S:\n    x = 1",
      "@decorated\ndef g(): pass",
      "del x",
      "assert x",
      "raise x",
      "match x:\n    case 1:\n        y = 2",
    ].join("\n");
    expect(kinds(text).join(" ")).toBe(
      "import import-from assign assign update if for while try with function class function delete assert raise opaque",
    );
    expect(faults(text)).toEqual([]);
  });

  test("strings: prefixes, escapes, implicit concatenation, replacement fields", () => {
    const parts = (text: string) => {
      const [statement] = parse(`x = ${text}\n`).statements;
      return statement?.kind === "assign" && statement.value.kind === "string"
        ? statement.value.parts
            .map((part) => (part.kind === "text" ? part.text : part.kind))
            .filter((part) => part !== "")
        : statement?.kind;
    };
    expect(
      parts(String.raw`"a\n\x41\u00e9\101\
b\q"`),
    ).toEqual(["a\nAéAb\\q"]);
    expect(parts(String.raw`r"a\n" 'b' """c"""`)).toEqual(["a\\n", "b", "c"]);
    expect(parts('f"{{{a!r:>{w}}}}"')).toEqual(["{", "replacement", "}"]);
    expect(parts('f"{a=}"')).toEqual(["a=", "replacement"]);
  });

  test("a byte order mark, CRLF and a lone CR keep every offset", () => {
    const text = "\ufeffworkers = 3\r\nthreads = 4\rtimeout = 5";
    const { statements } = parse(text);
    expect(statements.map(({ start, end }) => text.slice(start, end))).toEqual([
      "workers = 3",
      "threads = 4",
      "timeout = 5",
    ]);
  });
});

describe("what Python refuses", () => {
  test.each([
    ["workers = = 3\n", "invalid Python syntax", "="],
    ["print 'x'\n", "print without parentheses is Python 2", "print 'x'"],
    ["workers = 04\n", "a number with leading zeros is no valid Python; octal numbers begin with 0o", "04"],
    ["bind = '0.0.0.0\n", "this string does not end", "'0.0.0.0"],
    [
      "if a:\n    x = 1\n  workers = 2\n",
      "this line is not indented like the lines of its block",
      "workers = 2",
    ],
    ["x = (1]\n", "invalid Python syntax", "]"],
  ])("%j", (text, message, place) => {
    expect(faults(text)).toEqual([[message, place]]);
  });

  test("the rest of the file is still read", () => {
    const { statements, problems } = parse("workers = = 3\nthreads = 2\n");
    expect(problems).toHaveLength(1);
    expect(statements.map((statement) => statement.kind)).toEqual(["opaque", "assign"]);
  });

  test.each([
    "x = 0\ny = 00\nz = 0x1F + 0o17 + 1_000 + 1.5e-3 + 1j\n",
    'with (open("a") as f, open("b") as g):\n    x = f\n',
    "def f():\n    x = yield\n",
    'x = f"{now.strftime("%Y")}"\n',
    "if a:\n\tx = 1\n\tif b:\n\t\ty = 2\n",
    `x = ${"1 + ".repeat(2000)}1\n`,
    `x = [${"1, ".repeat(5000)}]\n`,
    "",
    "# only a comment",
  ])("nothing in %j", (text) => {
    expect(faults(text)).toEqual([]);
  });
});

describe("templates", () => {
  test("holes are unknown values, never errors", () => {
    const { statements, problems } = parse(
      'workers = {{ workers | default("2") }}\nbind = "{{ host }}:80"\nthreads = @THREADS@\ntimeout = <%= t %>\n',
    );
    expect(problems).toEqual([]);
    expect(statements.map((statement) => (statement.kind === "assign" ? statement.value.kind : ""))).toEqual([
      "hole",
      "string",
      "hole",
      "hole",
    ]);
  });

  test("what a tag decides about is not read", () => {
    const { statements } = parse("{% if a %}\nworkers = 2\n{% endif %}\nthreads = 3\n");
    expect(statements.map((statement) => statement.kind)).toEqual(["opaque", "assign"]);
    expect(statements[0]).toMatchObject({ assigns: ["workers"], why: "a template decides about it" });
  });

  test("an f-string escapes its braces, and Python's own names are no holes", () => {
    expect(
      parse('x = f"{{{a}}}"\ny = __file__\nz = {1: {2: 3}}\n').statements.map(({ kind }) => kind),
    ).toEqual(["assign", "assign", "assign"]);
    expect(shape("__file__")).toBe("__file__");
  });
});

describe("any text", () => {
  const line = fc.constantFrom(
    "workers = 1",
    "if a:",
    "    x = 2",
    "else:",
    "def f(a=1):",
    'bind = f"{x}',
    "for i in (1, 2",
    "{{ x }}",
    "{% if y %}",
    "try:",
    "\t]",
    "x = not a and b",
    "'''",
    "\\",
    "lambda: (",
    "@@A@",
  );
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(line).map((lines) => lines.join("\n")),
  );

  test("is read, and every place lies inside of it", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { statements, problems } = parse(text);
        const places = [...statements.flatMap(placesOf), ...problems.map(({ at }) => at)];
        for (const { start, end } of places) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(start).toBeLessThanOrEqual(end);
          expect(end).toBeLessThanOrEqual(text.length);
        }
        for (const [index, statement] of statements.entries())
          expect(statement.start).toBeGreaterThanOrEqual(statements[index - 1]?.end ?? 0);
      }),
    );
  });

  test.each([
    ["parentheses", `x = ${"(".repeat(40_000)}1${")".repeat(40_000)}`],
    ["open brackets", "[".repeat(90_000)],
    ["not", `x = ${"not ".repeat(20_000)}a`],
    ["attributes", `x = ${"a.".repeat(40_000)}b`],
    ["lambdas", `x = ${"lambda: ".repeat(10_000)}1`],
    ["blocks", Array.from({ length: 300 }, (_, depth) => `${" ".repeat(depth)}if a:`).join("\n")],
    ["more than a settings file has", "workers = 1\n".repeat(100_000)],
  ])("nested %s neither overflow nor hang", (_, text) => {
    expect(parse(text).statements.length).toBeGreaterThan(0);
  });
});

function placesOf(statement: Statement): { readonly start: number; readonly end: number }[] {
  if (statement.kind === "if")
    return [statement, ...statement.branches.flatMap(({ body }) => body.flatMap(placesOf))];
  if (statement.kind === "assign") return [statement, ...statement.targets, statement.value];
  return [statement];
}
