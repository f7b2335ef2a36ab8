/** A text in which holes of a template are covered by as many characters that mean nothing in YAML. */
export interface MaskedText {
  readonly text: string;
  /** In order, none overlaps another. */
  readonly holes: readonly { readonly start: number; readonly text: string }[];
}

/** Of the private use area, so that no file holds it. */
export const filler = "\uE000";

const opening = /\{\{|\{%|\{#|<%/g;
const closing: { readonly [open: string]: string } = { "{{": "}}", "{%": "%}", "{#": "#}", "<%": "%>" };

/**
 * Covers `{{ x }}` and its like with fillers. A line that holds nothing but statements (`{% if x %}`, `{{- end }}`)
 * becomes blank.
 */
export function masked(text: string): MaskedText {
  const holes: { start: number; text: string }[] = [];
  if (text.includes(filler)) return { text, holes };
  const unclosed = new Set<string>();
  const made: string[] = [];
  let at = 0;
  opening.lastIndex = 0;
  for (let match = opening.exec(text); match !== null; match = opening.exec(text)) {
    const [open] = match;
    if (unclosed.has(open)) continue;
    const close = closing[open] ?? "";
    const closeAt = text.indexOf(close, match.index + open.length);
    if (closeAt === -1) {
      unclosed.add(open);
      continue;
    }
    const end = closeAt + close.length;
    const covered = text.slice(match.index, end);
    made.push(text.slice(at, match.index));
    holes.push({ start: match.index, text: covered });
    const blank = covered.includes("\n") || isStatementLine(text, match.index, end);
    made.push(blank ? covered.replace(/[^\r\n]/g, " ") : filler.repeat(covered.length));
    at = end;
    opening.lastIndex = end;
  }
  made.push(text.slice(at));
  return { text: made.join(""), holes };
}

const statement = /^(?:\{%|\{#|<%(?!=)|\{\{-?\s*(?:if|else|end|range|with|include|template|define|\/|#)\b)/;

/** Whether statements are all that stands in the line, and this one is the first or the last of them. */
function isStatementLine(text: string, start: number, end: number): boolean {
  if (!statement.test(text.slice(start, Math.min(end, start + 40)))) return false;
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  if (start - lineStart > 400) return false;
  const before = text.slice(lineStart, start);
  const behind = /^[^\n]{0,400}/.exec(text.slice(end, end + 400))?.[0] ?? "";
  return `${before}${behind}`.replace(/\{%.*?%\}/g, "").trim() === "";
}
