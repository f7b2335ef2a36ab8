import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import type { LintResult } from "../../src/lint/lint-result.ts";
import { sarif } from "../../src/report/sarif.ts";
import { SourceFile } from "../../src/text/source-file.ts";
import { span } from "../../src/text/span.ts";
import { hostileResult, hostileText } from "./hostile-results.ts";
import { healthy, sharedUnit, threeFindings } from "./sample-results.ts";
import { sampleTool } from "./sample-tool.ts";

interface Location {
  readonly id?: number;
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string };
    readonly region: {
      readonly startLine: number;
      readonly startColumn: number;
      readonly endLine: number;
      readonly endColumn: number;
    };
  };
  readonly message?: { readonly text: string };
}

interface Result {
  readonly ruleId: string;
  readonly ruleIndex?: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly Location[];
  readonly partialFingerprints: { readonly primaryLocationLineHash: string };
  readonly relatedLocations?: readonly Location[];
  readonly codeFlows?: readonly {
    readonly threadFlows: readonly {
      readonly locations: readonly { readonly location: Location; readonly importance: string }[];
    }[];
  }[];
}

interface Descriptor {
  readonly id: string;
  readonly name: string;
  readonly shortDescription: { readonly text: string };
  readonly fullDescription: { readonly text: string };
  readonly help: { readonly text: string; readonly markdown: string };
  readonly helpUri?: string;
  readonly defaultConfiguration: { readonly level: string };
  readonly properties: {
    readonly tags: readonly string[];
    readonly precision: string;
    readonly "problem.severity": string;
  };
}

interface Run {
  readonly columnKind: string;
  readonly originalUriBaseIds: Readonly<Record<string, unknown>>;
  readonly tool: {
    readonly driver: { readonly semanticVersion: string; readonly rules: readonly Descriptor[] };
  };
  readonly results: readonly Result[];
}

function runOf(result: LintResult, tool = sampleTool): Run {
  const { version, runs } = JSON.parse(sarif(result, tool));
  expect(version).toBe("2.1.0");
  expect(runs).toHaveLength(1);
  return runs[0];
}

/** What GitHub refuses or does not show, where a plain check of the schema is content. */
function expectAccepted(run: Run): void {
  expect(run.columnKind).toBe("utf16CodeUnits");
  for (const result of run.results) {
    expect(["error", "warning", "note"]).toContain(result.level);
    if (result.ruleIndex !== undefined)
      expect(run.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
    expect(result.locations).toHaveLength(1);
    expect(result.partialFingerprints.primaryLocationLineHash).toMatch(/^[0-9a-f]{1,16}:\d+$/);
    expect(result.message.text).toMatch(/[.!?…]$/);
    const related = result.relatedLocations ?? [];
    expect(related.map(({ id }) => id)).toEqual(related.map((_, index) => index + 1));
    expect(linkTargets(result.message.text)).toEqual(related.map(({ id }) => String(id)));
    const steps = (result.codeFlows ?? []).flatMap(({ threadFlows }) =>
      threadFlows.flatMap(({ locations }) => locations),
    );
    expect(result.codeFlows ?? [{}]).toHaveLength(1);
    expect(steps).toHaveLength(related.length === 0 ? 0 : related.length + 1);
    expect(steps.map(({ importance }) => importance)).toEqual(
      steps.map((_, index) => (index === steps.length - 1 ? "essential" : "important")),
    );
    for (const location of [...result.locations, ...related, ...steps.map((step) => step.location)])
      expectPlace(location, run);
  }
}

function expectPlace({ physicalLocation: { artifactLocation, region } }: Location, run: Run): void {
  const { uri, uriBaseId } = artifactLocation;
  if (uriBaseId === undefined) expect(uri).toMatch(/^file:\/\/\//);
  else expect(Object.keys(run.originalUriBaseIds)).toContain(uriBaseId);
  expect(uri).toMatch(/^[\w\-.~!*'()%/]*$|^file:\/\/\/[\w\-.~!*'()%/]*$/);
  expect(() => decodeURIComponent(uri)).not.toThrow();
  expect(region.startLine).toBeGreaterThan(0);
  expect(region.startColumn).toBeGreaterThan(0);
  expect(region.endLine).toBeGreaterThanOrEqual(region.startLine);
  if (region.endLine === region.startLine)
    expect(region.endColumn).toBeGreaterThanOrEqual(region.startColumn);
}

/** Embedded links as section 3.11.6 of the specification has them. */
function linkTargets(text: string): string[] {
  return [...text.matchAll(/(?<!\\)\[(?:\\.|[^\\[\]])*\]\(([^)]*)\)/g)].map(([, target = ""]) => target);
}

describe("sarif", () => {
  it.each([
    ["three findings", threeFindings],
    ["a unit of two hosts", sharedUnit],
    ["no finding", healthy],
  ])("is what GitHub takes: %s", (_, result) => {
    expectAccepted(runOf(result));
  });

  it("has every rule with all that GitHub shows", () => {
    const { rules: descriptors } = runOf(healthy, { ...sampleTool, rules }).tool.driver;
    expect(descriptors.map(({ id }) => id)).toEqual([...rules.keys()]);
    expect(new Set(descriptors.map(({ name }) => name)).size).toBe(rules.size);
    for (const descriptor of descriptors) {
      expect(descriptor.name).toMatch(/^[A-Z][A-Za-z0-9]+$/);
      for (const { text } of [descriptor.shortDescription, descriptor.fullDescription]) {
        expect(text.length).toBeGreaterThan(0);
        expect(text.length).toBeLessThanOrEqual(1024);
      }
      expect(descriptor.help.text).toContain("What to do: ");
      expect(descriptor.help.markdown).toContain("## What to do");
      expect(descriptor.helpUri).toBe(`https://hostlint.example/rules/${descriptor.id}`);
      expect(["error", "warning", "note"]).toContain(descriptor.defaultConfiguration.level);
      expect(descriptor.properties.tags).toContain(descriptor.id.split("/")[0]);
      expect(["error", "warning", "recommendation"]).toContain(descriptor.properties["problem.severity"]);
    }
  });

  it("has no helpUri where the documentation has no address, which must be absolute", () => {
    const { rules: descriptors } = runOf(healthy, { ...sampleTool, docs: (id) => `docs/rules/${id}.md` }).tool
      .driver;
    for (const descriptor of descriptors) expect(descriptor).not.toHaveProperty("helpUri");
  });

  it("takes infos for notes", () => {
    expect(runOf(threeFindings).results.map(({ level }) => level)).toEqual(["error", "warning", "note"]);
  });

  it.each([
    ["deploy/nginx.conf", { uri: "deploy/nginx.conf", uriBaseId: "%SRCROOT%" }],
    ["my deploy/50%.conf", { uri: "my%20deploy/50%25.conf", uriBaseId: "%SRCROOT%" }],
    ["a:b/#?.conf", { uri: "a%3Ab/%23%3F.conf", uriBaseId: "%SRCROOT%" }],
    ["/etc/nginx/nginx.conf", { uri: "file:///etc/nginx/nginx.conf" }],
  ])("names the file %s", (path, artifactLocation) => {
    const [diagnostic] = threeFindings.diagnostics;
    const at = span(new SourceFile(path, "text\n"), 0, 4);
    const diagnostics = diagnostic === undefined ? [] : [{ ...diagnostic, at, evidence: [] }];
    const [result] = runOf({ ...healthy, diagnostics }).results;
    expect(result?.locations[0]?.physicalLocation.artifactLocation).toEqual(artifactLocation);
    expect(result).not.toHaveProperty("codeFlows");
    expect(result).not.toHaveProperty("relatedLocations");
  });

  it("counts no byte order mark as a column", () => {
    const [diagnostic] = threeFindings.diagnostics;
    const at = span(new SourceFile("a.conf", "\ufeffab\n"), 1, 3);
    const diagnostics = diagnostic === undefined ? [] : [{ ...diagnostic, at, evidence: [] }];
    const [result] = runOf({ ...healthy, diagnostics }).results;
    expect(result?.locations[0]?.physicalLocation.region).toEqual({
      startLine: 1,
      startColumn: 1,
      endLine: 1,
      endColumn: 3,
    });
  });

  it("keeps brackets of a message apart from links", () => {
    const [diagnostic] = threeFindings.diagnostics;
    if (diagnostic === undefined) throw new Error("no finding");
    const evidence = [{ message: "listen [::]:80 is [a](http://evil) \\", at: diagnostic.at, depth: 0 }];
    const [result] = runOf({
      ...healthy,
      diagnostics: [{ ...diagnostic, message: "see [this](http://evil)", evidence }],
    }).results;
    expect(result?.message.text).toContain("see [this] (http://evil). ");
    expect(result?.message.text).toContain("[listen \\[::\\]:80 is \\[a\\](http://evil) \\\\](1)");
  });

  it("is what GitHub takes, whatever the files hold", () => {
    const links = fc.constantFrom("](", "[a](1)", "[", "]", "\\", "\\]", "{0}", ")");
    const text = fc.array(fc.oneof(hostileText, links), { maxLength: 5 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(hostileResult, text, text, (result, message, step) => {
        const diagnostics = result.diagnostics.map((each) => ({
          ...each,
          message,
          evidence: each.evidence.map((part) => ({ ...part, message: step })),
        }));
        expectAccepted(runOf({ ...result, diagnostics }));
      }),
    );
  });
});
