import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../src/lint/lint-result.ts";
import { rdjson } from "../../src/report/rdjson.ts";
import { SourceFile } from "../../src/text/source-file.ts";
import { span } from "../../src/text/span.ts";
import { hostileResult } from "./hostile-results.ts";
import { healthy, threeFindings } from "./sample-results.ts";

const read = (diagnostics: readonly Diagnostic[]) =>
  JSON.parse(rdjson({ ...healthy, diagnostics })).diagnostics;

function rangeOf(file: SourceFile, start: number, end: number) {
  const [finding] = threeFindings.diagnostics;
  return read(finding === undefined ? [] : [{ ...finding, at: span(file, start, end) }])[0].location.range;
}

describe("rdjson", () => {
  it("counts columns in bytes of UTF-8", () => {
    const file = new SourceFile("a.conf", "x\na𐐀é€b c\n");
    const columns = [2, 3, 5, 6, 7, 8].map((offset) => rangeOf(file, offset, 10).start);
    expect(columns).toEqual([1, 2, 6, 8, 11, 12].map((column) => ({ line: 2, column })));
    expect(rangeOf(file, 2, 7)).toEqual({ start: { line: 2, column: 1 }, end: { line: 2, column: 11 } });
  });

  it("counts columns in bytes where the file is no UTF-8", () => {
    const file = SourceFile.fromBytes("a.conf", Buffer.from([0xff, 0xe9, 0x62, 0x0a]));
    expect(rangeOf(file, 2, 3)).toEqual({ start: { line: 1, column: 3 }, end: { line: 1, column: 4 } });
  });

  it("has the evidence as related locations", () => {
    const [, , timeout] = read(threeFindings.diagnostics);
    expect(timeout.related_locations).toMatchObject([
      { message: "proxy_read_timeout is 30 s", location: { path: "deploy/nginx.conf" } },
      { message: "gunicorn timeout is 120 s", location: { path: "deploy/gunicorn.service" } },
    ]);
  });

  it("has no address of a page where there is none", () => {
    const [finding] = threeFindings.diagnostics;
    const diagnostics = finding === undefined ? [] : [{ ...finding, docs: "docs/rules/a/b.md" }];
    expect(read(diagnostics)[0].code).toEqual({ value: "descriptors/nofile-below-connections" });
  });

  it("holds no half of a pair, which reviewdog refuses, whatever the files hold", () => {
    fc.assert(
      fc.property(hostileResult, ({ diagnostics }) => {
        const [only, ...others] = read(diagnostics);
        expect(others).toEqual([]);
        const texts = [only.message, only.location.path, only.related_locations[0].message];
        for (const text of texts) expect(text).not.toMatch(/\p{Cs}/u);
        expect(only.message).not.toMatch(/\p{Cc}/u);
        const { start, end } = only.location.range;
        expect(start.column).toBeGreaterThan(0);
        expect(end.line > start.line || (end.line === start.line && end.column >= start.column)).toBe(true);
      }),
    );
  });
});
