import fc from "fast-check";
import { expect, it } from "vitest";
import { json } from "../../src/report/json.ts";
import { jsonl } from "../../src/report/jsonl.ts";
import { hostileResult } from "./hostile-results.ts";
import { sharedUnit, threeFindings } from "./sample-results.ts";

const read = (text: string): unknown[] =>
  text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));

it.each([
  ["three findings", threeFindings],
  ["a unit of two hosts", sharedUnit],
])("has the diagnostics of json, one a line: %s", (_, result) => {
  expect(read(jsonl(result))).toEqual(JSON.parse(json(result)).diagnostics);
});

it("has one line for one finding, whatever it holds", () => {
  fc.assert(
    fc.property(hostileResult, (result) => {
      expect(read(jsonl(result))).toEqual(JSON.parse(json(result)).diagnostics);
    }),
  );
});
