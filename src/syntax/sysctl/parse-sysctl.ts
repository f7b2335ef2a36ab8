import type { SourceFile } from "../../text/source-file.ts";
import { templateDepth, templateHole, withoutHoles } from "../../text/template-hole.ts";
import type { Problem } from "../problem.ts";
import { lineEndProblems, lineProblem } from "./line-problem.ts";
import type { Stretch, SysctlLine, SysctlTree } from "./tree.ts";

/** How one of the programs cuts a file into lines. */
interface LineRule {
  readonly ends: RegExp;
  readonly blank: (code: number) => boolean;
}

/** getline(3) and C strings: procps-ng, src/sysctl.c, Preload and parse_setting_line. */
const procpsLines: LineRule = { ends: /\n/g, blank: (code) => code === 0x20 || (code >= 9 && code <= 13) };
/** read_line and strstrip: systemd, src/basic/fileio.c and string-util.c. */
const systemdLines: LineRule = {
  ends: /[\n\r\0]/g,
  blank: (code) => code === 0x20 || code === 9 || code === 10 || code === 13,
};

/** LONG_LINE_MAX of systemd: at a line of this many bytes it stops reading the file. */
const longestLine = 1024 * 1024;
/** Beyond this length a line is not searched for template holes. */
const longestTemplateLine = 4096;
/** Lines that are kept of one file, so that a file of any size fits into memory. */
const mostLines = 50_000;

/**
 * Reads sysctl.conf(5) and sysctl.d(5). Never throws; what no program can use becomes a problem and the rest is
 * read.
 */
export function parseSysctl(file: SourceFile): SysctlTree {
  const problems: Problem[] = [];
  const { lines: systemd, stopped } = readLines(file, systemdLines, problems);
  const plain = !/[\0\v\f]|\r(?!\n|$)/.test(file.text);
  const procps = plain && !stopped ? systemd : readLines(file, procpsLines, undefined).lines;
  if (!plain) problems.unshift(...lineEndProblems(file));
  return { file, procps, systemd, problems };
}

/** `stopped`: a line was too long to go on. */
function readLines(
  file: SourceFile,
  rule: LineRule,
  problems: Problem[] | undefined,
): { lines: SysctlLine[]; stopped: boolean } {
  const { text } = file;
  const lines: SysctlLine[] = [];
  const ends = new RegExp(rule.ends);
  const hasNul = text.includes("\0");
  let depth = 0;
  let number = 0;
  for (let start = 0; start < text.length; start = ends.lastIndex) {
    ends.lastIndex = start;
    const end = ends.exec(text)?.index ?? text.length;
    if (end === text.length) ends.lastIndex = text.length;
    if (text.charCodeAt(end - 1) !== 13 || text.charCodeAt(end) !== 10 || start !== end) number += 1;
    const cut = stripped(text, { start, end: hasNul ? cutAtNul(text, start, end) : end }, rule);
    if (cut.start === cut.end) continue;
    if (rule === systemdLines && tooLong(text, start, end)) {
      problems?.push(
        problem(
          file,
          cut,
          "systemd-sysctl stops reading at this line of more than 1 MiB; the lines below it are not applied at boot",
        ),
      );
      return { lines, stopped: true };
    }
    if (lines.length === mostLines) {
      problems?.push(
        problem(file, cut, "the file has more than 50,000 lines; this one and those below it were not read"),
      );
      break;
    }
    const content = text.slice(cut.start, cut.end);
    const hole = content.length < longestTemplateLine ? templateHole(content) : undefined;
    const inBlock = depth > 0;
    if (hole !== undefined) depth = Math.max(0, depth + templateDepth(content));
    const line = oneLine(content, cut, number, rule, hole ?? (inBlock ? "a template block" : undefined));
    if (line === undefined) continue;
    lines.push(line);
    if (problems !== undefined) {
      const found = lineProblem(file, line);
      if (found !== undefined) problems.push(found);
    }
  }
  return { lines, stopped: false };
}

/** Undefined for a line that only steers a template. */
function oneLine(
  content: string,
  cut: Stretch,
  line: number,
  rule: LineRule,
  template: string | undefined,
): SysctlLine | undefined {
  if (content.startsWith("#") || content.startsWith(";"))
    return { kind: "comment", line, marker: content.startsWith("#") ? "#" : ";", ...cut };
  // `{% if x == 1 %}` has its `=` inside the hole.
  const equals = (
    template === undefined ? content : withoutHoles(content, (length) => " ".repeat(length))
  ).indexOf("=");
  const minus = content.startsWith("-");
  if (equals === -1 && !minus) return template === undefined ? { kind: "junk", line, ...cut } : undefined;
  const from = minus ? 1 : 0;
  const key = stripped(content, { start: from, end: equals === -1 ? content.length : equals }, rule);
  const value =
    equals === -1 ? undefined : stripped(content, { start: equals + 1, end: content.length }, rule);
  return {
    kind: "setting",
    line,
    minus,
    blankAfterMinus: minus && key.start > from,
    key: moved(key, cut.start),
    value: value === undefined ? undefined : moved(value, cut.start),
    template,
  };
}

function moved({ start, end }: Stretch, by: number): Stretch {
  return { start: start + by, end: end + by };
}

function stripped(text: string, { start, end }: Stretch, rule: LineRule): Stretch {
  let from = start;
  let to = end;
  while (from < to && rule.blank(text.charCodeAt(from))) from += 1;
  while (to > from && rule.blank(text.charCodeAt(to - 1))) to -= 1;
  return { start: from, end: to };
}

function cutAtNul(text: string, start: number, end: number): number {
  const nul = text.slice(start, end).indexOf("\0");
  return nul === -1 ? end : start + nul;
}

function tooLong(text: string, start: number, end: number): boolean {
  // No UTF-16 unit takes more than three bytes.
  if ((end - start) * 3 < longestLine) return false;
  return new TextEncoder().encode(text.slice(start, end)).length >= longestLine;
}

function problem(file: SourceFile, { start, end }: Stretch, message: string): Problem {
  return { rule: "sysctl/syntax", message, at: { file, start, end: Math.min(end, start + 200) } };
}
