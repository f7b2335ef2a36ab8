import { describe, expect, test } from "vitest";
import { parseNginx } from "../../../src/syntax/nginx/parse-nginx.ts";
import type { NginxFile } from "../../../src/syntax/nginx/tree.ts";
import type { Problem } from "../../../src/syntax/problem.ts";
import { SourceFile } from "../../../src/text/source-file.ts";
import { type Span, spanText } from "../../../src/text/span.ts";

function parse(text: string, path = "nginx.conf"): NginxFile {
  return parseNginx(new SourceFile(path, text));
}

function line(place: Span | undefined): number | undefined {
  return place?.file.position(place.start).line;
}

/** `message @line <- evidence @line` for each problem. */
function told(problems: readonly Problem[]): string[] {
  return problems.map((problem) => {
    const because = (problem.because ?? []).map((each) => `${each.message} @${line(each.at)}`);
    return [`${problem.message} @${line(problem.at)}`, ...because].join(" <- ");
  });
}

describe("the tree", () => {
  const text = `# main
user "www data";
http {
  server { # first
    listen 80 'a\\'b' c\\nd;
  }
}
`;
  const file = parse(text);

  test("keeps directives, blocks and parents", () => {
    expect(file.directives.map((directive) => directive.name)).toEqual(["user", "http"]);
    const listen = file.directives[1]?.children[0]?.children[0];
    expect(listen?.name).toBe("listen");
    expect(listen?.parent?.name).toBe("server");
    expect(listen?.parent?.parent?.parent).toBeUndefined();
    expect(listen?.parent?.kind).toBe("block");
    expect(file.directiveCount).toBe(4);
  });

  test("keeps raw and decoded text, quotes and places of words", () => {
    const listen = file.directive(3);
    expect(listen.args.map((word) => [word.raw, word.text, word.quote])).toEqual([
      ["80", "80", "none"],
      ["'a\\'b'", "a'b", "single"],
      ["c\\nd", "c\nd", "none"],
    ]);
    expect(spanText(listen.head)).toBe("listen 80 'a\\'b' c\\nd;");
    expect(spanText(listen.terminator)).toBe(";");
    expect(listen.line).toBe(5);
    expect(listen.argCount).toBe(3);
  });

  test("keeps comments and closing braces", () => {
    expect(file.comments.map(spanText)).toEqual(["# main", "# first"]);
    const http = file.directive(1);
    expect(line(http.close)).toBe(7);
    expect(spanText(http.span)).toBe(text.slice(text.indexOf("http"), -1));
  });

  test("a directive is one object", () => {
    expect(file.directives[1]).toBe(file.directive(1));
    expect(file.directive(3).parent).toBe(file.directive(2));
  });

  test("a byte order mark is part of the first word", () => {
    expect(parse("\ufeffevents {}").directive(0).name).toBe("\ufeffevents");
  });
});

describe("what nginx refuses", () => {
  test.each([
    ["a ;\n;", 'unexpected ";"', 2],
    ["{ }", 'unexpected "{"', 1],
    ["a {\n}}\n", 'unexpected "}"', 2],
    ["a b\n}\n", 'unexpected "}"', 2],
    ["a b\n", 'unexpected end of file, expecting ";" or "}"', 2],
    ["a {\n\n", 'unexpected end of file, expecting "}"', 3],
    ["a 'b'c;", 'unexpected "c"', 1],
    ["a\n'b'\n'c'#;", 'unexpected "#"', 3],
    [`a "${"x".repeat(5000)}`, 'too long parameter, probably missing terminating """ character', 1],
    [`\n\na ${"x".repeat(5000)};`, 'too long parameter "xxxxxxxxxx..." started', 3],
    [`#${"é".repeat(2048)}\n`, 'too long parameter "#éééé..." started', 1],
    ["http { types { a { b; } } }", 'unexpected "{"', 1],
  ])("%j", (text, message, at) => {
    const { refusal } = parse(text);
    expect(refusal).toMatchObject({ message, line: at });
  });

  test("the limit counts bytes of UTF-8 and characters of latin-1", () => {
    const text = `a ${"é".repeat(2047)};`;
    expect(parse(text).refusal).toBeUndefined();
    expect(parse(`a ${"é".repeat(2048)};`).refusal?.message).toMatch(/^too long parameter/);
    const latin = new SourceFile("nginx.conf", `a ${"é".repeat(4095)};`, "latin-1");
    expect(parseNginx(latin).refusal).toBeUndefined();
  });

  test("a missing semicolon is shown where it is missing", () => {
    const file = parse("server {\n  root /srv/www\n}\nuser a;\n");
    expect(told(file.problems)).toEqual(['unexpected "}" @3 <- a ";" is missing here @2']);
    expect(file.directives.map((directive) => directive.name)).toEqual(["server", "user"]);
    expect(file.directive(1)).toMatchObject({ name: "root", kind: "unterminated" });
  });

  test("a missing quote is shown where it is missing, and the lines after it are read", () => {
    const file = parse(`add_header A "one;\nadd_header B "two";\nadd_header C three;\n`);
    expect(told(file.problems)).toEqual([
      'unexpected "t" @2 <- the quoted text that ends here begins here @1 <- its closing quote may be missing here @1',
    ]);
    expect(file.directives.map((each) => each.args.map((word) => word.text))).toEqual([
      ["A", "one"],
      ["B", "two"],
      ["C", "three"],
    ]);
  });

  test("a quote that nothing closes costs its line only", () => {
    const file = parse(`a "b;\nc d;\ne {\n}\n`);
    expect(told(file.problems)).toEqual([
      'unexpected end of file, expecting ";" or "}" @5 <- no closing quote follows this one @1',
    ]);
    expect(file.directives.map((directive) => directive.name)).toEqual(["a", "c", "e"]);
  });

  test("a missing brace is shown at the block that lacks it", () => {
    const file = parse("http {\n  server {\n    location / {\n      root /;\n  }\n  server {\n  }\n}\n");
    expect(told(file.problems)).toEqual([
      'unexpected end of file, expecting "}" @9 <- no "}" closes this block @3',
    ]);
  });

  test("a file full of errors is told some of them", () => {
    const file = parse(";".repeat(100_000));
    expect(file.problems.length).toBe(20);
  });
});

describe("-g", () => {
  const globals = (text: string) => parseNginx(new SourceFile("nginx -g", text), { commandLine: true });

  test("takes no block and ends with a semicolon", () => {
    expect(globals("daemon off;").refusal).toBeUndefined();
    expect(globals("daemon off").refusal?.message).toBe('unexpected end of parameter, expecting ";"');
    expect(globals("events {}").refusal?.message).toBe("block directives are not supported in -g option");
  });
});

describe("Lua blocks", () => {
  test("are read by Lua's rules", () => {
    const file = parse(`content_by_lua_block {
  -- it's { a comment
  local t = #{ "}", '}', [[ } ]], [=[ ]] } ]=] }
  --[[ } ]] ngx.say("it's")
}
root /;`);
    expect(file.problems).toEqual([]);
    expect(file.directives.map((directive) => [directive.name, directive.kind])).toEqual([
      ["content_by_lua_block", "lua"],
      ["root", "simple"],
    ]);
  });
});

describe("hostile input", () => {
  test.each([
    ["deep nesting", "a{".repeat(100_000)],
    ["only opening braces", "{".repeat(100_000)],
    ["NUL", "\0".repeat(10_000)],
    ["backslashes", "\\".repeat(100_001)],
    ["unpartnered Lua quotes", `x_by_lua_block {${"'\\\"".repeat(50_000)}`],
    ["a Lua bracket without end", `x_by_lua_block {[${"=".repeat(100_000)}`],
    ["opened templates", "{{ ".repeat(50_000)],
    ["quotes", '"a\n"a'.repeat(50_000)],
  ])("%s ends with problems", (_, text) => {
    const file = parse(text);
    expect(file.problems.length).toBeGreaterThan(0);
    expect(file.problems.length).toBeLessThanOrEqual(20);
  });
});
