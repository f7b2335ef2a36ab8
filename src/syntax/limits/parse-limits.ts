import type { SourceFile } from "../../text/source-file.ts";
import { templateDepth, templateHole, withoutHoles } from "../../text/template-hole.ts";
import type { Problem } from "../problem.ts";
import { entryProblem, invalidLine, longLine } from "./line-problem.ts";
import type { LimitsField, LimitsLine, LimitsTree } from "./tree.ts";

/** LINE_LENGTH - 1 of pam_limits.c up to 1.5.3. */
const pieceBytes = 1023;
/** Beyond this length a line is not searched for template holes. */
const longestTemplateLine = 4096;
/** Lines that are kept of one file, so that a file of any size fits into memory. */
const mostLines = 50_000;

/** Reads a file of limits.conf(5). Never throws; what pam_limits skips becomes a problem. */
export function parseLimits(file: SourceFile): LimitsTree {
  const problems: Problem[] = [];
  const lines: LimitsLine[] = [];
  const before16: LimitsLine[] = [];
  let same = true;
  let depth = 0;
  let number = 0;
  for (const { start, end } of linesOf(file.text)) {
    number += 1;
    if (lines.length + problems.length >= mostLines) {
      problems.push(
        longLine(
          file,
          start,
          end,
          "the file has more than 50,000 entries; this line and those below it were not read",
        ),
      );
      break;
    }
    const content = file.text.slice(start, end);
    const hole = content.length < longestTemplateLine ? templateHole(content) : undefined;
    const template = { hasHole: hole !== undefined, conditional: depth > 0 };
    if (hole !== undefined) depth = Math.max(0, depth + templateDepth(content));

    const line = readLine(content, start, number, template, byBlankOrTab);
    if (typeof line === "object") {
      lines.push(line);
      const problem = entryProblem(file, line);
      if (problem !== undefined) problems.push(problem);
    } else if (line === "invalid") problems.push(invalidLine(file, content, start));

    const pieces = piecesOf(content, start);
    if (pieces.length > 1 && line !== "empty")
      problems.push(
        longLine(
          file,
          start,
          end,
          "Linux-PAM before 1.6.0 takes a line of more than 1023 bytes for several lines",
        ),
      );
    for (const piece of pieces) {
      const old = readLine(piece.text, piece.start, number, template, bySpace);
      if (typeof old === "object") before16.push(old);
      if (pieces.length > 1 || !sameLine(line, old)) same = false;
    }
  }
  return { file, lines, linesBefore16: same ? lines : before16, problems };
}

/** Lines end at LF; a NUL byte hides the rest of a line, as in every C string. */
function* linesOf(text: string): Iterable<{ start: number; end: number }> {
  const hasNul = text.includes("\0");
  for (let start = 0; start < text.length; ) {
    const feed = text.indexOf("\n", start);
    const end = feed === -1 ? text.length : feed;
    const nul = hasNul ? text.slice(start, end).indexOf("\0") : -1;
    yield { start, end: nul === -1 ? end : start + nul };
    start = end + 1;
  }
}

/** How a line falls into fields. */
interface Split {
  readonly isBlank: (code: number) => boolean;
  /** Whether the fourth field is the rest of the line. */
  readonly valueIsRest: boolean;
}

/** strtok_r with blank and tab: split of pam_limits.c since 1.6.0. */
const byBlankOrTab: Split = { isBlank: (code) => code === 0x20 || code === 9, valueIsRest: true };
/** sscanf %s%s%s%s, up to 1.5.3. */
const bySpace: Split = { isBlank: isSpace, valueIsRest: false };

/** isspace(3). */
function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 9 && code <= 13);
}

/** Up to four fields. */
function fields(code: string, from: number, { isBlank, valueIsRest }: Split): [start: number, end: number][] {
  const found: [start: number, end: number][] = [];
  let at = from;
  while (found.length < 4) {
    while (at < code.length && isBlank(code.charCodeAt(at))) at += 1;
    if (at === code.length) break;
    let end = at;
    if (found.length === 3 && valueIsRest) {
      end = code.length;
      while (isBlank(code.charCodeAt(end - 1))) end -= 1;
    } else while (end < code.length && !isBlank(code.charCodeAt(end))) end += 1;
    found.push([at, end]);
    at = end;
  }
  return found;
}

/** `empty`: nothing but blanks and comment, or a line that only steers a template. */
function readLine(
  content: string,
  start: number,
  line: number,
  { hasHole, conditional }: { readonly hasHole: boolean; readonly conditional: boolean },
  split: Split,
): LimitsLine | "empty" | "invalid" {
  // A hole is one word, whatever blanks it holds.
  const masked = hasHole ? withoutHoles(content, (length) => "x".repeat(length)) : content;
  if (hasHole && withoutHoles(content, () => "").trim() === "") return "empty";
  const hash = masked.indexOf("#");
  const code = hash === -1 ? masked : masked.slice(0, hash);
  let lead = 0;
  while (lead < code.length && isSpace(code.charCodeAt(lead))) lead += 1;
  const [domain, type, item, value] = fields(code, lead, split).map(([from, to]): LimitsField => {
    const text = content.slice(from, to);
    return { text, start: start + from, end: start + to, hole: hasHole ? templateHole(text) : undefined };
  });
  if (domain === undefined) return "empty";
  if (type !== undefined && item !== undefined && value !== undefined)
    return { kind: "entry", line, domain, type, item, value, conditional };
  if (type?.text.startsWith("-") && item === undefined)
    return { kind: "exemption", line, domain, type, conditional };
  return hasHole ? "empty" : "invalid";
}

/** fgets reads a long line in pieces. */
function piecesOf(content: string, start: number): { text: string; start: number }[] {
  if (content.length * 3 <= pieceBytes) return [{ text: content, start }];
  const bytes = new TextEncoder().encode(content);
  if (bytes.length < pieceBytes) return [{ text: content, start }];
  const pieces: { text: string; start: number }[] = [];
  let at = 0;
  while (at < content.length) {
    let size = 0;
    let end = at;
    while (end < content.length) {
      const next = utf8Length(content.charCodeAt(end));
      if (size + next > pieceBytes) break;
      size += next;
      end += 1;
    }
    pieces.push({ text: content.slice(at, end), start: start + at });
    at = end;
  }
  return pieces;
}

/** Bytes of one UTF-16 unit; the halves of a surrogate pair make four together. */
function utf8Length(code: number): number {
  if (code < 0x80) return 1;
  return code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 2 : 3;
}

function sameLine(a: LimitsLine | string, b: LimitsLine | string): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b;
  if (a.kind !== b.kind || a.domain.text !== b.domain.text || a.type.text !== b.type.text) return false;
  return (
    a.kind !== "entry" || b.kind !== "entry" || (a.item.text === b.item.text && a.value.text === b.value.text)
  );
}
