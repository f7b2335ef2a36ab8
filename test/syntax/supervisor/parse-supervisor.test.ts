import fc from "fast-check";
import { expect, test } from "vitest";
import { parseSupervisor } from "../../../src/syntax/supervisor/parse-supervisor.ts";
import { SourceFile } from "../../../src/text/source-file.ts";
import { spanText } from "../../../src/text/span.ts";

const read = (text: string) => parseSupervisor(new SourceFile("supervisord.conf", text));

test("places", () => {
  const { sections } = read("\uFEFF[program:web] ; x\r\ncommand = gunicorn a ; no\r\n  -w 3\r\n");
  const [section] = sections;
  expect(section?.name).toBe("program:web");
  const [option] = section?.options ?? [];
  expect(option).toMatchObject({ name: "command", value: "gunicorn a\n-w 3" });
  expect(option && [spanText(option.at), spanText(option.valueAt)]).toEqual([
    "command",
    "gunicorn a ; no\r\n  -w 3",
  ]);
});

test("what the reader refuses has its place, and the rest is read", () => {
  const { sections, problems } = read("x=1\n[a]\nnonsense\ny=2\n");
  expect(problems.map(({ message, at }) => [message, spanText(at)])).toEqual([
    ["supervisord stops: a setting stands before the first [section]", "x=1"],
    ['supervisord stops: "nonsense" is neither name=value nor a [section]', "nonsense"],
  ]);
  expect(sections[0]?.options.map(({ name }) => name)).toEqual(["y"]);
});

test("any text is read, with places in order and inside", () => {
  const part = fc.oneof(
    fc.constantFrom("[", "]", "=", ":", ";", "#", " ", "\n", "a", "\t"),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const file = new SourceFile("supervisord.conf", `[a]\n${parts.join("")}`);
      const { sections } = parseSupervisor(file);
      let last = 0;
      for (const { options } of sections)
        for (const { at, valueAt } of options) {
          expect(at.start).toBeGreaterThanOrEqual(last);
          expect(valueAt.start).toBeGreaterThanOrEqual(at.end);
          expect(valueAt.end).toBeLessThanOrEqual(file.text.length);
          last = valueAt.end;
        }
    }),
  );
});
