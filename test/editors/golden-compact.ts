import { readdirSync, readFileSync } from "node:fs";

/** One finding as every editor should show it. */
export interface Shown {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly severity: string;
  readonly message: string;
  readonly rule: string;
}

/** The expected compact output of each fixture host, with its findings from the expected JSON. */
export const goldenOutputs: readonly { readonly path: string; readonly findings: readonly Shown[] }[] =
  readdirSync("fixtures/hosts")
    .filter((name) => name.endsWith(".expected.compact.txt"))
    .map((name) => {
      const path = `fixtures/hosts/${name}`;
      const { diagnostics } = JSON.parse(readFileSync(path.replace("compact.txt", "json"), "utf8")) as {
        diagnostics: {
          file: string;
          range: { start: { line: number; column: number } };
          severity: string;
          message: string;
          rule: string;
        }[];
      };
      return {
        path,
        findings: diagnostics.map(({ file, range: { start }, severity, message, rule }) => ({
          file,
          ...start,
          severity,
          message,
          rule,
        })),
      };
    });

/** The blocks of one language in docs/editors.md, from a heading to the next. */
export function documented(heading: string, language: string): string[] {
  const page = readFileSync("docs/editors.md", "utf8");
  const section = page.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? "";
  return [...section.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map(
    ([, text = ""]) => text,
  );
}
