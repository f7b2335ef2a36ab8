/** A place that a template engine fills in before systemd sees the file. */
export interface TemplateHole {
  readonly start: number;
  readonly end: number;
  /** `output` puts text there; `statement` decides or repeats (`{% if %}`); `comment` leaves nothing. */
  readonly kind: "output" | "statement" | "comment";
}

interface Brackets {
  readonly open: string;
  readonly close: string;
  readonly kind: TemplateHole["kind"];
}

/** Jinja, Twig, Liquid, Go and Mustache; ERB and EJS. The longer opening stands first. */
const brackets: readonly Brackets[] = [
  { open: "{#", close: "#}", kind: "comment" },
  { open: "{%", close: "%}", kind: "statement" },
  { open: "{{", close: "}}", kind: "output" },
  { open: "<%#", close: "%>", kind: "comment" },
  { open: "<%=", close: "%>", kind: "output" },
  { open: "<%", close: "%>", kind: "statement" },
];

/** `@bindir@` of autoconf, `__USER__`, `!!name!!`, `%%USER%%`; one letter is no mark, as `%%Y%%m` is a date. */
const marks = /@[A-Za-z_]\w*@|__[A-Z][A-Z0-9_]*?__|!![A-Za-z][\w.]*!!|%%[A-Z][A-Z0-9_]{2,}%%/g;
/** What envsubst and shell here-documents fill in. */
const dollars = /\$\{[A-Za-z_]\w*\}|\$[A-Za-z_]\w*/g;

const none: readonly TemplateHole[] = [];

const mayHold = /\{[{%#]|<%|@[A-Za-z_]|__[A-Z]|!![A-Za-z]|%%[A-Z]/;

/** Whether a file of this name is filled in by envsubst or the shell, so that `${X}` is a hole in it. */
export function dollarsAreHoles(path: string): boolean {
  return /\.(?:template|tmpl|tpl|tftpl|envsubst)$/i.test(path);
}

/** The holes of a text in order, none inside another. Linear in the length of the text. */
export function templateHoles(text: string, withDollars: boolean): readonly TemplateHole[] {
  if (!withDollars && !mayHold.test(text)) return none;
  const holes: TemplateHole[] = [];
  collectBrackets(text, holes);
  collectMatches(text, marks, holes);
  if (withDollars) collectMatches(text, dollars, holes);
  holes.sort((one, other) => one.start - other.start || other.end - one.end);
  const apart: TemplateHole[] = [];
  for (const hole of holes) if (hole.start >= (apart.at(-1)?.end ?? 0)) apart.push(hole);
  return apart;
}

function collectBrackets(text: string, holes: TemplateHole[]): void {
  const unclosed = new Set<string>();
  const opening = /[{<][{%#]/g;
  for (let match = opening.exec(text); match !== null; match = opening.exec(text)) {
    const found = brackets.find((each) => text.startsWith(each.open, match.index));
    if (found === undefined || unclosed.has(found.close)) continue;
    const close = text.indexOf(found.close, match.index + found.open.length);
    if (close === -1) {
      unclosed.add(found.close);
      continue;
    }
    const end = close + found.close.length;
    const inside = text.slice(match.index + found.open.length, close);
    holes.push({ start: match.index, end, kind: found.open === "{{" ? kindOfMustache(inside) : found.kind });
    opening.lastIndex = end;
  }
}

function collectMatches(text: string, pattern: RegExp, holes: TemplateHole[]): void {
  for (const match of text.matchAll(pattern))
    holes.push({ start: match.index, end: match.index + match[0].length, kind: "output" });
}

/** Go and Mustache write statements in the brackets of an output. */
function kindOfMustache(inside: string): TemplateHole["kind"] {
  if (/^-?\s*(?:if|else|end|range|with|define|block|template)\b/.test(inside) || /^[#^/]/.test(inside))
    return "statement";
  return /^-?\s*(?:\/\*|!)/.test(inside) ? "comment" : "output";
}

/** What a statement does to the number of conditions and loops that the following lines stand under. */
export function conditionChange(statement: string): number {
  const inside = statement.replace(/^(?:\{\{|\{%|<%)[-+~]?\s*/, "");
  if (/^(?:end(?:if|for|unless|case)?\b|\/|\}|fi\b|done\b)/.test(inside)) return -1;
  if (/^(?:if|for|unless|case|while|range|with|define|block)\b|^[#^]/.test(inside))
    return /^(?:with|block)\b/.test(inside) && statement.startsWith("{%") ? 0 : 1;
  return /\bdo\b\s*(?:\|[^|]*\|)?\s*[-+]?%>$/.test(statement) ? 1 : 0;
}

/** Stands for each character of a hole in a masked text: no blank, no quote, no sign of any grammar. */
const holeCharacter = "\uE000";

/** The text with its holes painted over, at the same length, so that a grammar does not look inside them. */
export function maskHoles(text: string, holes: readonly TemplateHole[]): string {
  if (holes.length === 0) return text;
  let masked = "";
  let from = 0;
  for (const hole of holes) {
    masked += text.slice(from, hole.start) + holeCharacter.repeat(hole.end - hole.start);
    from = hole.end;
  }
  return masked + text.slice(from);
}

/** The holes of a part of the text, counted from where the part starts. */
export function holesWithin(
  holes: readonly TemplateHole[],
  start: number,
  end: number,
): readonly TemplateHole[] {
  if (holes.length === 0) return none;
  return holes
    .filter((hole) => hole.start >= start && hole.end <= end)
    .map((hole) => ({ ...hole, start: hole.start - start, end: hole.end - start }));
}
