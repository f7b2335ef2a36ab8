import fc from "fast-check";
import type { LintResult } from "../../src/lint/lint-result.ts";
import { SourceFile } from "../../src/text/source-file.ts";
import { span } from "../../src/text/span.ts";

/** Text as an attacker would put it into a file or a file name. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "\x1b[31m",
        "\x1b]8;;http://evil\x07",
        "\x9b2J",
        "\n",
        "\r",
        "\r\n",
        "\u2028",
        "\u202e",
        "\u200b",
        "\ufeff",
        "\ud83d",
        "\udc00",
        "\u{e0041}",
        "::error file=a,line=1::x",
        " ::stop-commands::x ",
        "##[error]x",
        "##vso[task.complete result=Failed;]",
        "a.conf:1:2: error: forged [queue/forged]",
        "x".repeat(3000),
      ),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(""));

export const hostileResult: fc.Arbitrary<LintResult> = fc
  .record({
    path: hostileText,
    text: hostileText,
    message: hostileText,
    why: hostileText,
    step: hostileText,
    help: hostileText,
    role: hostileText,
    reason: hostileText,
    depth: fc.nat(4),
    severity: fc.constantFrom("error" as const, "warning" as const, "info" as const),
    ends: fc.tuple(fc.nat(), fc.nat()),
  })
  .map(({ path, text, message, why, step, help, role, reason, depth, severity, ends }) => {
    const file = new SourceFile(path, text);
    const at = span(file, ends[0] % (text.length + 1), ends[1] % (text.length + 1));
    return {
      hosts: [{ name: role, files: [{ path, role }] }],
      diagnostics: [
        {
          rule: "queue/somaxconn-below-backlog",
          severity,
          message,
          why,
          at,
          evidence: [
            { message: step, at, depth },
            { message: step, depth },
          ],
          help,
          docs: "docs/rules/queue/somaxconn-below-backlog.md",
          hosts: [role],
        },
      ],
      notChecked: [{ rules: ["slots/below-expected-load"], reason, at, hosts: [role] }],
      ignored: 0,
      aside: [{ path, why: reason }],
    };
  });
