import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkstyle } from "../../src/report/checkstyle.ts";
import { junit } from "../../src/report/junit.ts";
import { hostileResult, hostileText } from "./hostile-results.ts";
import { type Element, readXml } from "./read-xml.ts";
import { healthy, sharedUnit, threeFindings } from "./sample-results.ts";

const xmlText = fc
  .array(
    fc.oneof(hostileText, fc.constantFrom("]]>", "<!--", "&amp;", "&#0;", '"', "'", "<", "\ufffe", "\uffff")),
    {
      maxLength: 5,
    },
  )
  .map((parts) => parts.join(""));
const hostileXml = fc.tuple(hostileResult, xmlText).map(([result, message]) => ({
  ...result,
  diagnostics: result.diagnostics.map((each) => ({ ...each, message, why: message, help: message })),
}));

describe("readXml", () => {
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  it.each([
    "<a>",
    "<a></b>",
    '<a x="&"/>',
    "<a>&nbsp;</a>",
    "<a/><b/>",
    '<a x="1" x="2"/>',
    "<a>\x1b</a>",
    "<a>]]></a>",
  ])("refuses %j", (document) => {
    expect(() => readXml(head + document)).toThrow();
  });
});

describe("checkstyle", () => {
  const read = (result: typeof threeFindings): Element => readXml(checkstyle(result));

  it("has each finding under its file", () => {
    const [file, ...others] = read(threeFindings).children;
    expect(others).toEqual([]);
    expect(file?.attributes).toEqual({ name: "deploy/nginx.conf" });
    expect(file?.children.map(({ attributes }) => attributes)).toMatchObject([
      { line: "5", column: "3", severity: "error", source: "hostlint.descriptors/nofile-below-connections" },
      { line: "10", column: "5", severity: "warning", source: "hostlint.queue/somaxconn-below-backlog" },
      { line: "13", column: "7", severity: "info", source: "hostlint.timeouts/proxy-read-below-gunicorn" },
    ]);
    expect(file?.children[0]?.attributes.message).toContain('"24: Too many open files"');
  });

  it("is well formed, whatever the files hold", () => {
    fc.assert(
      fc.property(hostileXml, (result) => {
        expect(read(result).children.flatMap(({ children }) => children)).toHaveLength(1);
      }),
    );
  });
});

describe("junit", () => {
  const read = (result: typeof threeFindings): Element => readXml(junit(result));
  const cases = (root: Element): Element[] => root.children.flatMap(({ children }) => children);

  it("fails for errors and warnings, and passes for infos", () => {
    const root = read(threeFindings);
    expect(root.attributes).toEqual({ name: "hostlint", tests: "3", failures: "2", errors: "0" });
    expect(cases(root).map(({ children }) => children.map(({ name }) => name))).toEqual([
      ["failure"],
      ["failure"],
      ["system-out"],
    ]);
  });

  it("is a green suite where there is nothing", () => {
    const root = read(healthy);
    expect(root.attributes).toMatchObject({ tests: "1", failures: "0", errors: "0" });
    expect(cases(root)).toMatchObject([{ name: "testcase", children: [] }]);
  });

  it("counts in each suite what it holds", () => {
    for (const result of [threeFindings, sharedUnit, healthy])
      for (const suite of read(result).children) {
        expect(suite.attributes.tests).toBe(String(suite.children.length));
        const failures = suite.children
          .flatMap(({ children }) => children)
          .filter(({ name }) => name === "failure");
        expect(suite.attributes.failures).toBe(String(failures.length));
      }
  });

  it("gives tests of one file different names", () => {
    const [finding] = threeFindings.diagnostics;
    const diagnostics = finding === undefined ? [] : [finding, finding, finding];
    const names = cases(read({ ...threeFindings, diagnostics })).map(({ attributes }) => attributes.name);
    expect(new Set(names).size).toBe(3);
  });

  it("is well formed, whatever the files hold", () => {
    fc.assert(
      fc.property(hostileXml, (result) => {
        expect(cases(read(result))).toHaveLength(1);
      }),
    );
  });
});
