import type { SourceFile } from "../../text/source-file.ts";
import { type Span, span } from "../../text/span.ts";
import type { Line } from "./lines.ts";

/** A comment at the top of the file that steers the parser: `# escape=\``. */
interface ParserDirective {
  readonly name: string;
  readonly value: string;
  readonly at: Span;
}

const known = new Set(["syntax", "escape", "check"]);

/**
 * The parser directives: they end at the first line that is none (frontend/dockerfile/parser/directives.go of
 * BuildKit). A later one of the same name is in the result too.
 */
export function parserDirectives(file: SourceFile, lines: readonly Line[]): ParserDirective[] {
  const found: ParserDirective[] = [];
  for (const { start, end } of lines) {
    const text = file.text.slice(start, end).trim();
    const match = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(\S.*)$/.exec(text);
    const name = match?.[1]?.toLowerCase();
    if (name === undefined || !known.has(name)) break;
    found.push({ name, value: match?.[2] ?? "", at: span(file, start, end) });
  }
  return found;
}
