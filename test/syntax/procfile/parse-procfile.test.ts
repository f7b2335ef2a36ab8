import fc from "fast-check";
import { expect, test } from "vitest";
import { parseProcfile } from "../../../src/syntax/procfile/parse-procfile.ts";
import { SourceFile } from "../../../src/text/source-file.ts";
import { spanText } from "../../../src/text/span.ts";

const read = (text: string) => parseProcfile(new SourceFile("Procfile", text));

test.each([
  ["web: gunicorn a", [["web", "gunicorn a"]]],
  [
    "\uFEFFweb:gunicorn a\r\nworker: celery \r\n",
    [
      ["web", "gunicorn a"],
      ["worker", "celery"],
    ],
  ],
  ["# web: x\n\nbad line\nrelease-1: y: z", [["release-1", "y: z"]]],
  ["web: a\nweb: b", [["web", "b"]]],
  ["web:\n : x", []],
])("%j", (text, expected) => {
  const entries = read(text);
  expect(entries.map(({ name, command }) => [name, command])).toEqual(expected);
  for (const { command, commandAt } of entries) expect(spanText(commandAt)).toBe(command);
});

test("any text is read", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      for (const { command, commandAt } of read(`web: x\n${text}`)) expect(spanText(commandAt)).toBe(command);
    }),
  );
});
