import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { declaredFacts } from "../../src/cli/facts.ts";
import { type Diagnostic, lint, rules } from "../../src/index.ts";
import type { RuleExample } from "../../src/lint/rule.ts";
import { exampleOptions } from "./example-options.ts";
import { placeName, readMarks } from "./marked-files.ts";

async function lintFiles(
  id: string,
  files: Readonly<Record<string, string>>,
  { facts = {}, paths = ["."], options = {} }: RuleExample,
) {
  const root = mkdtempSync(join(tmpdir(), "hostlint-example-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return await lint({
      requests: [{ paths, facts: declaredFacts(facts) }],
      workingDirectory: root,
      ...exampleOptions(id, { options }),
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const named = (path: string, text: string, [start, end]: readonly [number, number]): string =>
  `${path}:${start}-${end} ${JSON.stringify(text.slice(start, end))}`;

/** A path that does not exist has no marks. */
function placesOf(diagnostics: readonly Diagnostic[]): { primary: string[]; evidence: Set<string> } {
  return {
    primary: diagnostics
      .filter((each) => each.at.file.text !== "")
      .map((each) => placeName(each.at))
      .sort(),
    evidence: new Set(
      diagnostics.flatMap((each) => each.evidence.flatMap((step) => (step.at ? [placeName(step.at)] : []))),
    ),
  };
}

describe.each([...rules])("%s", (id, rule) => {
  it("has an example that reports and one that is quiet", () => {
    expect(rule.examples.some((example) => (example.findings ?? []).length > 0)).toBe(true);
    expect(rule.examples.some((example) => (example.findings ?? []).length === 0)).toBe(true);
  });

  it.each(rule.examples.map((example) => [example.title, example] as const))("%s", async (_, example) => {
    const marked = Object.entries(example.files).map(([path, text]) => ({ path, ...readMarks(text) }));
    const { result, faults } = await lintFiles(
      id,
      Object.fromEntries(marked.map(({ path, text }) => [path, text])),
      example,
    );
    expect(faults).toEqual([]);
    const found = result.diagnostics.filter((diagnostic) => diagnostic.rule === id);
    expect(found.map((diagnostic) => diagnostic.message)).toEqual(example.findings ?? []);
    const places = placesOf(found);
    expect(places.primary).toEqual(
      marked.flatMap(({ path, text, primary }) => primary.map((mark) => named(path, text, mark))).sort(),
    );
    for (const wanted of marked.flatMap(({ path, text, evidence }) =>
      evidence.map((mark) => named(path, text, mark)),
    ))
      expect([...places.evidence]).toContain(wanted);
    if (rule.check !== undefined)
      for (const finding of found) expect(finding.evidence.length).toBeGreaterThan(0);
  });

  const reporting = rule.examples.filter((example) => (example.findings ?? []).length > 0);
  it.each(reporting.map((example) => [example.title, example] as const))(
    "reports the same with CRLF and with lines above: %s",
    async (_, example) => {
      const change = (text: string): string => `\n\n${readMarks(text).text}`.replaceAll("\n", "\r\n");
      const { result } = await lintFiles(
        id,
        Object.fromEntries(Object.entries(example.files).map(([path, text]) => [path, change(text)])),
        example,
      );
      const found = result.diagnostics.filter((diagnostic) => diagnostic.rule === id);
      expect(found.map((diagnostic) => diagnostic.message)).toEqual(example.findings ?? []);
    },
  );

  const options = Object.keys(rule.options ?? {});
  if (options.length > 0)
    it.each(options)("has an example in which %s changes the outcome", async (name) => {
      const using = rule.examples.filter((example) => example.options?.[name] !== undefined);
      const changes = using.map(async (example) => {
        const { [name]: _, ...rest } = example.options ?? {};
        const files = Object.fromEntries(
          Object.entries(example.files).map(([path, text]) => [path, readMarks(text).text]),
        );
        const { result } = await lintFiles(id, files, { ...example, options: rest });
        const messages = result.diagnostics.flatMap((each) => (each.rule === id ? [each.message] : []));
        return JSON.stringify(messages) !== JSON.stringify(example.findings ?? []);
      });
      expect(await Promise.all(changes)).toContain(true);
    });
});
