import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../src/lint/lint-result.ts";
import { gitlab } from "../../src/report/gitlab.ts";
import { SourceFile } from "../../src/text/source-file.ts";
import { hostileResult } from "./hostile-results.ts";
import { healthy, placeIn } from "./sample-results.ts";

interface Issue {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: {
    readonly path: string;
    readonly lines: { readonly begin: number; readonly end: number };
  };
}

const read = (diagnostics: readonly Diagnostic[]): Issue[] => JSON.parse(gitlab({ ...healthy, diagnostics }));

function finding(text: string, changes: Partial<Diagnostic> = {}): Diagnostic {
  return {
    rule: "slots/worker-connections-default",
    severity: "warning",
    message: "worker_connections is 512",
    at: placeIn(new SourceFile("nginx.conf", text), "worker_connections 512"),
    evidence: [],
    docs: "docs/rules/slots/worker-connections-default.md",
    hosts: [],
    ...changes,
  };
}

const text = "events {\n  worker_connections 512;\n}\n";
const fingerprints = (...diagnostics: Diagnostic[]): string[] =>
  read(diagnostics).map(({ fingerprint }) => fingerprint);

describe("the fingerprint of gitlab", () => {
  it("stays when the finding moves, is indented, or its message changes", () => {
    const [before] = fingerprints(finding(text));
    expect(fingerprints(finding(`# new\n${text}`))).toEqual([before]);
    expect(fingerprints(finding(text.replace("  ", "\t").replaceAll("\n", "\r\n")))).toEqual([before]);
    expect(fingerprints(finding(text, { message: "worker_connections is 512, 2000 are expected" }))).toEqual([
      before,
    ]);
  });

  it("changes with the rule, the file and the line", () => {
    const other = placeIn(new SourceFile("other.conf", text), "worker_connections 512");
    const all = [
      finding(text),
      finding(text, { rule: "slots/below-expected-load" }),
      finding(text, { at: other }),
      finding(text.replace("512", "512 ")),
    ];
    expect(new Set(all.flatMap((each) => fingerprints(each))).size).toBe(4);
  });

  it("is unique in a report", () => {
    const same = finding(text);
    expect(new Set(fingerprints(same, same, same)).size).toBe(3);
  });
});

it("is what GitLab reads, whatever the files hold", () => {
  fc.assert(
    fc.property(hostileResult, (result) => {
      const [issue, ...others] = read(result.diagnostics);
      expect(others).toEqual([]);
      expect(issue?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
      expect(["critical", "major", "info"]).toContain(issue?.severity);
      expect(issue?.description).not.toMatch(/[\p{Cc}\p{Cs}]/u);
      expect(issue?.location.path).not.toMatch(/\p{Cs}/u);
      expect(issue?.location.lines.begin).toBeGreaterThan(0);
      expect(issue?.location.lines.end).toBeGreaterThanOrEqual(issue?.location.lines.begin ?? 0);
    }),
  );
});
