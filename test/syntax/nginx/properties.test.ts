import fc from "fast-check";
import nginxConf from "nginx-conf";
import { describe, expect, test } from "vitest";
import { parseNginx } from "../../../src/syntax/nginx/parse-nginx.ts";
import { nginxTokens } from "../../../src/syntax/nginx/token-stream.ts";
import type { NginxDirective, NginxFile } from "../../../src/syntax/nginx/tree.ts";
import { SourceFile } from "../../../src/text/source-file.ts";

const pieces = [
  "server",
  "location /",
  "{",
  "}",
  ";",
  " ",
  "\n",
  "\r\n",
  "\t",
  "#",
  "# c\n",
  '"',
  "'",
  "\\",
  "\\\\",
  '\\"',
  "$",
  "${x}",
  "{{",
  "}}",
  "{{ x }}",
  "{% if %}",
  "<%= x %>",
  "%%X%%",
  "__X__",
  "@X@",
  ")",
  "(",
  "a",
  "é",
  "😀",
  "\0",
  "\ufeff",
  "types",
  "content_by_lua_block",
  "--",
  "[[",
  "]]",
  "[=[",
  "]=]",
  "x".repeat(4094),
  "include",
  "80;",
];
const anyText = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary", maxLength: 300 }),
);

function everyDirective(file: NginxFile): NginxDirective[] {
  return Array.from({ length: file.directiveCount }, (_, index) => file.directive(index));
}

describe("any text", () => {
  test("parses, with words and problems in order and inside the text", () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom("nginx.conf", "nginx.conf.j2"), (text, path) => {
        const file = parseNginx(new SourceFile(path, text));
        let end = 0;
        for (const word of everyDirective(file).flatMap((directive) => directive.words)) {
          expect(word.start).toBeGreaterThanOrEqual(end);
          expect(word.end).toBeGreaterThan(word.start);
          end = word.end;
        }
        expect(end).toBeLessThanOrEqual(text.length);
        const places = file.problems.flatMap((problem) => [
          problem.at,
          ...(problem.because ?? []).map((each) => each.at),
        ]);
        for (const { start, end } of places) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(text.length + 1);
        }
        expect(file.refusal === undefined).toBe(file.problems.length === 0);
      }),
      { numRuns: 2000 },
    );
  });

  test("nothing but space stands between the tokens of a file without a refusal", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const file = parseNginx(new SourceFile("nginx.conf", text));
        if (file.refusal !== undefined || file.template) return;
        const read = new Uint8Array(text.length);
        for (const directive of everyDirective(file)) {
          for (const word of directive.words) read.fill(1, word.start, word.end);
          read.fill(1, directive.terminator.start, directive.terminator.end);
          if (directive.close === undefined) continue;
          const from = directive.kind === "lua" ? directive.terminator.end : directive.close.start;
          read.fill(1, from, directive.close.end);
        }
        for (const comment of file.comments) read.fill(1, comment.start, comment.end);
        const rest = Array.from(text.split("").entries(), ([at, unit]) => (read[at] === 1 ? "" : unit));
        expect(rest.join("")).toMatch(/^[ \t\r\n]*$/);
      }),
      { numRuns: 2000 },
    );
  });

  test("children, parents and the reading order agree", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const file = parseNginx(new SourceFile("nginx.conf", text));
        const walked: NginxDirective[] = [];
        const waiting = [...file.directives].reverse();
        for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
          walked.push(next);
          for (const child of next.children) expect(child.parent).toBe(next);
          waiting.push(...[...next.children].reverse());
        }
        expect(walked).toEqual(everyDirective(file));
      }),
    );
  });

  test("latin-1 and UTF-8 give the same tree for ASCII", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-ascii" }), (text) => {
        const [utf8, latin1] = (["utf-8", "latin-1"] as const).map((encoding) =>
          nginxTokens(new SourceFile("nginx.conf", text, encoding)),
        );
        expect(utf8).toEqual(latin1);
      }),
    );
  });
});

interface Statement {
  readonly name: string;
  readonly args: readonly string[];
  readonly block: readonly Statement[] | undefined;
}

const name = fc
  .stringMatching(/^[a-z_]{1,12}$/)
  .filter((text) => !/^(?:_|types$|map$|geo$)|lua_block$|^__/.test(text));
const arg = fc.oneof(
  fc.stringMatching(/^[a-z0-9.:/*~^=-]{1,12}$/),
  fc
    .stringMatching(/^[a-z0-9 ;{}#$]{0,12}$/)
    .filter((text) => !text.includes("{{"))
    .map((text) => `"${text}"`),
);
const { statement } = fc.letrec<{ statement: Statement }>((tie) => ({
  statement: fc.record({
    name,
    args: fc.array(arg, { maxLength: 4 }),
    block: fc.option(fc.array(tie("statement"), { maxLength: 4 }), { nil: undefined, depthSize: "small" }),
  }),
}));

function print(statements: readonly Statement[], indent = ""): string {
  return statements
    .map(({ name, args, block }) => {
      const head = [`${indent}${name}`, ...args].join(" ");
      return block === undefined ? `${head};\n` : `${head} {\n${print(block, `${indent}  `)}${indent}}\n`;
    })
    .join("");
}

function shape(directives: readonly NginxDirective[]): Statement[] {
  return directives.map((directive) => ({
    name: directive.name,
    args: directive.args.map((word) => word.raw),
    block: directive.kind === "block" ? shape(directive.children) : undefined,
  }));
}

describe("well formed text", () => {
  test("gives back what was printed", () => {
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 6 }), (statements) => {
        const file = parseNginx(new SourceFile("nginx.conf", print(statements)));
        expect(file.problems).toEqual([]);
        expect(shape(file.directives)).toEqual(statements);
      }),
    );
  });

  test("has the directives that nginx-conf sees", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(statement, { maxLength: 6 }), async (statements) => {
        const text = print(statements);
        const seen = await new Promise<unknown>((resolve, reject) =>
          new nginxConf.NginxParser().parse(text, (error, tree) => (error ? reject(error) : resolve(tree))),
        );
        const file = parseNginx(new SourceFile("nginx.conf", text));
        expect(foreignShape(seen)).toEqual(ownShape(file.directives));
      }),
      { numRuns: 100 },
    );
  });
});

type Names = readonly (readonly [name: string, children: Names])[];

function foreignShape(node: unknown): Names {
  const { children } = node as { children?: { name: string }[] | undefined };
  return (children ?? []).map((child) => [child.name, foreignShape(child)] as const);
}

function ownShape(directives: readonly NginxDirective[]): Names {
  return directives.map((directive) => [directive.name, ownShape(directive.children)] as const);
}
