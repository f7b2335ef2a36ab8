import type { SourceFile } from "../../text/source-file.ts";
import { Scanner } from "./scan.ts";
import { NginxFile } from "./tree.ts";

/** One step of nginx's parser with the line that it would name: words up to `;` or `{`, a `}`, the end. */
type NginxToken =
  | readonly [kind: "simple" | "open", line: number, words: readonly string[]]
  | readonly [kind: "close" | "eof", line: number];

export interface NginxTokens {
  readonly tokens: readonly NginxToken[];
  /** The first message, without the file; undefined where the text is well formed. */
  readonly error: { readonly message: string; readonly line: number } | undefined;
}

/** What nginx's parser hands on of a text up to the first error, nothing taken for a template. */
export function nginxTokens(source: SourceFile): NginxTokens {
  const scanner = new Scanner(source.text, {
    utf8: source.encoding === "utf-8",
    commandLine: false,
    lua: false,
  });
  scanner.run();
  const file = new NginxFile(source, scanner.tables, false, false, [], undefined, []);
  const first = scanner.errors.find((error) => error.kind !== "content");
  const line = (offset: number): number => source.position(offset).line;
  const steps: { offset: number; token: NginxToken }[] = [];
  for (let index = 0; index < file.directiveCount; index++) {
    const directive = file.directive(index);
    if (directive.kind === "unterminated") continue;
    const offset = directive.terminator.start;
    const kind = directive.kind === "simple" ? "simple" : "open";
    steps.push({ offset, token: [kind, line(offset), directive.words.map((word) => word.text)] });
    if (directive.close !== undefined)
      steps.push({ offset: directive.close.start, token: ["close", line(directive.close.start)] });
  }
  if (first === undefined)
    steps.push({ offset: source.text.length, token: ["eof", line(source.text.length)] });
  else if (first.kind === "nesting" && first.start < source.text.length)
    steps.push({ offset: first.start, token: ["close", line(first.start)] });
  else if (first.kind === "nesting") steps.push({ offset: first.start, token: ["eof", line(first.start)] });
  const read = (offset: number): boolean =>
    first === undefined || (first.kind === "nesting" ? offset <= first.start : offset < first.statement);
  return {
    tokens: steps
      .filter((step) => read(step.offset))
      .sort((a, b) => a.offset - b.offset)
      .map((step) => step.token),
    error: first && { message: first.message, line: line(first.line) },
  };
}
