import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseNginx } from "../../../src/syntax/nginx/parse-nginx.ts";
import { nginxTokens } from "../../../src/syntax/nginx/token-stream.ts";
import { SourceFile } from "../../../src/text/source-file.ts";

const folder = new URL("../../../fixtures/programs/nginx/", import.meta.url);

/** Long texts are recorded as runs: [["ab", 3]] is "ababab". */
type Text = string | { readonly rle: readonly Run[] };
type Run = readonly [text: string, times: number];

type RecordedToken<T> = readonly [kind: string, line: number, words?: readonly T[]];

interface FuzzRecord {
  readonly in: Text;
  readonly tokens: readonly RecordedToken<Text>[];
  readonly err: string | null;
}

function plain(text: Text): string {
  return typeof text === "string" ? text : text.rle.map(([part, times]) => part.repeat(times)).join("");
}

describe.each(["random", "boundary", "mutated"])("lexer-fuzz/%s.jsonl", (name) => {
  const lines = readFileSync(new URL(`lexer-fuzz/${name}.jsonl`, folder), "utf8")
    .trim()
    .split("\n");

  test(`all ${lines.length} texts give nginx's tokens and message`, () => {
    for (const line of lines) {
      const record = JSON.parse(line) as FuzzRecord;
      // Each character of a record is one byte.
      const { tokens, error } = nginxTokens(new SourceFile("F", plain(record.in), "latin-1"));
      expect({ in: record.in, tokens, err: error ? `${error.message} in F:${error.line}` : null }).toEqual({
        in: record.in,
        tokens: record.tokens.map(([kind, at, words]) =>
          words === undefined ? [kind, at] : [kind, at, words.map(plain)],
        ),
        err: record.err,
      });
    }
  });

  test("parseNginx refuses what nginx refuses, at the same line", () => {
    for (const line of lines) {
      const record = JSON.parse(line) as FuzzRecord;
      const text = plain(record.in);
      const file = parseNginx(new SourceFile("F", text, "latin-1"));
      // Lua blocks were recorded without the Lua module; a template is not judged by nginx's grammar alone.
      if (/_by_lua_block/.test(text) || file.template) continue;
      const { refusal } = file;
      expect({ text, err: refusal ? `${refusal.message} in F:${refusal.line}` : null }).toEqual({
        text,
        err: record.err,
      });
    }
  });
});

interface LexerCase {
  readonly files: { readonly "nginx.conf": string | { readonly latin1: string } };
  readonly dump_tokens: { readonly tokens: readonly RecordedToken<string>[] };
}

describe("lexer cases", () => {
  const cases = JSON.parse(readFileSync(new URL("lexer.json", folder), "utf8")) as Record<string, LexerCase>;

  test.each(Object.entries(cases))("%s", (_, recorded) => {
    const content = recorded.files["nginx.conf"];
    const source =
      typeof content === "string"
        ? new SourceFile("nginx.conf", content)
        : new SourceFile("nginx.conf", content.latin1, "latin-1");
    const bytes = source.encoding === "utf-8" ? toBytes : (word: string) => word;
    const { tokens, error } = nginxTokens(source);
    const read = tokens.map(([kind, line, words]) => [kind, line, (words ?? []).map(bytes)]);
    // These recordings are of the lexer alone, which does not count braces.
    const ended = tokens.at(-1)?.[0] === "eof" || error === undefined;
    expect(ended ? read : [...read, ["error", error.line, []]]).toEqual(recorded.dump_tokens.tokens);
  });

  /** The recording holds a byte from 0x80 on as one character. */
  function toBytes(word: string): string {
    return Buffer.from(word, "utf8").toString("latin1");
  }
});
