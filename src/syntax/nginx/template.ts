import type { SourceFile } from "../../text/source-file.ts";

/** Places of a text that a template fills in before nginx reads it. */
export interface Template {
  /** Start and end of each hole, in order, none inside another. */
  readonly holes: readonly { readonly start: number; readonly end: number }[];
  /**
   * The text for nginx's lexer, of the same length: holes read as ordinary characters, control statements and
   * holes that stand for whole statements as spaces.
   */
  readonly masked: string;
  /** Some holes can open or close blocks, so that braces need not match. */
  readonly controls: boolean;
}

const suffix =
  /\.(?:j2|jinja2?|erb|epp|templates?|tmpl|s?tpl|tt2?|in|mustache|hbs|handlebars|ctmpl|gotmpl|gotemplate|envsubst|mako|liquid)$|\.(?:template|tmpl|tpl|j2|erb)\.\w+$/i;

/**
 * Reads the text as a template when its name has a template suffix or it holds a mark that nginx's own grammar has no use for
 * ({{ x }}, {% x %}, <% x %>, %%X%%, ${X} with a capital, *X_Y*, <x y>, a line with only __X__ or @X@), or a
 * word that is known to be replaced. undefined: it is a plain configuration.
 */
export function readTemplate({ path, text, placeholders }: SourceFile): Template | undefined {
  const named = suffix.test(path);
  const marks = ordered([...findMarks(text), ...placeholders.flatMap((word) => occurrences(text, word))]);
  if (!named && !hasDecisive(text, marks)) return undefined;
  const holes = named ? ordered([...marks, ...matches(text, /%[A-Za-z_]+%/g, false)]) : marks;
  return mask(text, withVariables(text, holes));
}

interface Mark {
  readonly start: number;
  readonly end: number;
  /** Stands for statements or parts of them, not for a value. */
  readonly control: boolean;
  /** Never stands in a configuration that nginx reads as it is. */
  readonly decisive: boolean;
}

/** A hole is no longer than this; a longer one is taken for two marks that do not belong together. */
const longest = 4000;

const control =
  /^\{\{[-~]?\s*(?:#|\/|\^|>|!|else\b|if\b|end\b|range\b|with\b|define\b|block\b|template\b|include\b|\$\w+\s*:=)/;

/** Marks of every template language at once, in order; a search never goes back behind a mark that it skipped. */
function findMarks(text: string): Mark[] {
  const search = new Closers(text);
  const found: Mark[][] = [];
  if (text.includes("{{")) found.push(braceMarks(text, search));
  if (text.includes("{%")) found.push(pairs(text, "{%", "%}", search, /^\{%[-+~]?\s*[A-Za-z]/));
  if (text.includes("<%")) found.push(pairs(text, "<%", "%>", search, /^<%/));
  if (found.some((marks) => marks.length > 0) && text.includes("{#"))
    found.push(pairs(text, "{#", "#}", search, /^\{#/));
  if (text.includes("%%")) found.push(matches(text, /%%[A-Za-z_][\w.-]*%%/g, true));
  if (text.includes("${")) found.push(matches(text, /\$\{[A-Z]\w*\}/g, true));
  if (text.includes("__")) found.push(matches(text, /__[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*__/g, false));
  if (text.includes("@")) found.push(matches(text, /@[A-Za-z_][\w.-]*@/g, false));
  if (text.includes("<")) found.push(matches(text, forPeople, true));
  if (text.includes("*")) found.push(matches(text, /\*[A-Z]{2,}(?:_[A-Z0-9]+)+\*/g, true));
  return ordered(found.flat());
}

/** <your domain>, which a person is to replace: unlike a tag of HTML it has a blank, a joint or a capital. */
const forPeople = /(?<=[\s=:/@."'])<(?=[^<>\n]*[ _A-Z-])[A-Za-z][\w -]*>(?=[\s;:/."'])/g;

function occurrences(text: string, word: string): Mark[] {
  const marks: Mark[] = [];
  for (let start = text.indexOf(word); start !== -1; start = text.indexOf(word, start + word.length))
    marks.push({ start, end: start + word.length, control: false, decisive: true });
  return marks;
}

function ordered(marks: Mark[]): Mark[] {
  marks.sort((a, b) => a.start - b.start || b.end - a.end);
  let end = 0;
  return marks.filter((mark) => {
    if (mark.start < end) return false;
    end = mark.end;
    return true;
  });
}

function braceMarks(text: string, search: Closers): Mark[] {
  const marks: Mark[] = [];
  for (let start = text.indexOf("{{"); start !== -1; ) {
    const close = search.next("}}", start + 2);
    if (close === -1) break;
    let end = close + 2;
    if (text.charCodeAt(end) === 0x7d && text.charCodeAt(start + 2) === 0x7b) end += 1;
    const content = close - start > longest ? "" : text.slice(start + 2, close);
    const plausible = isExpression(content);
    // ${{ is a word of nginx.
    if (plausible && text.charCodeAt(start - 1) !== 0x24) {
      marks.push({ start, end, control: control.test(text.slice(start, start + 40)), decisive: true });
      start = text.indexOf("{{", end);
    } else start = text.indexOf("{{", start + 1);
  }
  return marks;
}

/** Whether what stands between {{ and }} can be an expression or a comment, and not words of nginx. */
function isExpression(content: string): boolean {
  if (!/\S/.test(content) || /^["']/.test(content) || content.includes("{{")) return false;
  if (/^[-~]?\s*\/\*/.test(content)) return true;
  const code = content.replace(/"[^"\n]*"|'[^'\n]*'/g, "");
  return !code.includes(";") && (!/[{}]/.test(code.replace(/^\{/, "")) || !code.includes("\n"));
}

function pairs(text: string, open: string, close: string, search: Closers, plausible: RegExp): Mark[] {
  const marks: Mark[] = [];
  for (let start = text.indexOf(open); start !== -1; ) {
    const closed = search.next(close, start + 2);
    if (closed === -1) break;
    const end = closed + 2;
    if (closed - start <= longest && plausible.test(text.slice(start, start + 40))) {
      marks.push({
        start,
        end,
        control: open !== "<%" || text.charCodeAt(start + 2) !== 0x3d,
        decisive: open !== "{#",
      });
      start = text.indexOf(open, end);
    } else start = text.indexOf(open, start + 1);
  }
  return marks;
}

function matches(text: string, pattern: RegExp, decisive: boolean): Mark[] {
  return Array.from(text.matchAll(pattern), (match) => {
    const start = match.index;
    const end = start + match[0].length;
    return { start, end, control: false, decisive: decisive || isAlone(text, start, end) };
  });
}

/** In a template `${X}` is filled in, too; nginx's own `${x}` cannot be told from it and is as unknown. */
function withVariables(text: string, marks: readonly Mark[]): Mark[] {
  if (!text.includes("$")) return [...marks];
  return ordered([...marks, ...matches(text, /\$\{[^{}\s;"']+\}|\$[A-Z][A-Z0-9_]+\b/g, false)]);
}

/** Finds the next closing mark; asked with growing offsets it reads the text once. */
class Closers {
  #found = new Map<string, number>();

  constructor(readonly text: string) {}

  next(close: string, from: number): number {
    const known = this.#found.get(close);
    if (known !== undefined && (known === -1 || known >= from)) return known;
    const found = this.text.indexOf(close, from);
    this.#found.set(close, found);
    return found;
  }
}

/** Whether a decisive mark stands outside of comments. Reads each line once. */
function hasDecisive(text: string, marks: readonly Mark[]): boolean {
  let lineEnd = -1;
  let comment = 0;
  for (const mark of marks) {
    if (mark.start > lineEnd) {
      const lineStart = text.lastIndexOf("\n", mark.start) + 1;
      const found = text.indexOf("\n", mark.start);
      lineEnd = found === -1 ? text.length : found;
      const sharp = text.slice(lineStart, lineEnd).search(/(?<![^\s;{}])#/);
      comment = sharp === -1 ? lineEnd : lineStart + sharp;
    }
    if (mark.decisive && mark.start < comment) return true;
  }
  return false;
}

/** Whether nothing else stands on its lines. */
function isAlone(text: string, start: number, end: number): boolean {
  let before = start;
  while (before > 0 && isBlank(text.charCodeAt(before - 1))) before -= 1;
  let after = end;
  while (after < text.length && isBlank(text.charCodeAt(after))) after += 1;
  return (
    (before === 0 || text.charCodeAt(before - 1) === 0x0a) &&
    (after === text.length || text.charCodeAt(after) === 0x0a)
  );
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d;
}

function mask(text: string, marks: readonly Mark[]): Template {
  const parts: string[] = [];
  let copied = 0;
  let controls = false;
  for (const mark of marks) {
    const { start, end } = mark;
    const statement = mark.control
      ? startsToken(text, start)
      : isAlone(text, start, end) && followsStatement(text, start, marks);
    if (mark.control || statement) controls = true;
    parts.push(text.slice(copied, start));
    // Line ends stay, so that a line comment before a hole still ends.
    parts.push(statement ? text.slice(start, end).replace(/[^\n]/g, " ") : "x".repeat(end - start));
    copied = end;
  }
  parts.push(text.slice(copied));
  return { holes: marks, masked: parts.join(""), controls };
}

function startsToken(text: string, start: number): boolean {
  if (start === 0) return true;
  const code = text.charCodeAt(start - 1);
  return isBlank(code) || code === 0x0a || code === 0x3b || code === 0x7b || code === 0x7d;
}

/** Whether the last line with text before this one ends a statement, so that a new one begins here. */
function followsStatement(text: string, start: number, marks: readonly Mark[]): boolean {
  let lineEnd = text.lastIndexOf("\n", start - 1);
  for (let lines = 0; lineEnd > 0 && lines < 100; lines++) {
    const lineStart = text.lastIndexOf("\n", lineEnd - 1) + 1;
    const line = text.slice(Math.max(lineStart, lineEnd - longest), lineEnd).trim();
    const code = line.startsWith("#") ? "" : line.replace(/\s#.*$/, "").trimEnd();
    if (code !== "") return /[;{}]$/.test(code) || endsWithMark(marks, lineStart, lineEnd);
    lineEnd = lineStart - 1;
  }
  return true;
}

/** Whether a mark stands on this line; the marks are in order. */
function endsWithMark(marks: readonly Mark[], lineStart: number, lineEnd: number): boolean {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle]?.start ?? 0) < lineStart) low = middle + 1;
    else high = middle;
  }
  const first = marks[low];
  return first !== undefined && first.start < lineEnd;
}
