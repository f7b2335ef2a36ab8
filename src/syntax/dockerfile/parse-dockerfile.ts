import type { SourceFile } from "../../text/source-file.ts";
import { fileSpan, type Span, span, spanText } from "../../text/span.ts";
import { templateHole } from "../../text/template-hole.ts";
import type { Problem } from "../problem.ts";
import { isSpace } from "./blanks.ts";
import { checkInstruction } from "./check-instruction.ts";
import { parserDirectives } from "./directives.ts";
import { HeredocEnds, heredocMarks } from "./heredocs.ts";
import type { Heredoc, Instruction } from "./instruction.ts";
import { JoinedText } from "./joined-text.ts";
import { type Line, linesOf } from "./lines.ts";
import { keywords, readInstruction } from "./read-instruction.ts";

/** A Dockerfile as its instructions. */
export interface Dockerfile {
  readonly file: SourceFile;
  readonly instructions: readonly Instruction[];
  /** What escapes a character and continues a line: `\`, or a backtick after `# escape=`. */
  readonly escapeToken: string;
  /** What BuildKit refuses, under the rule `container/syntax`. */
  readonly problems: readonly Problem[];
}

/** As many bytes as BuildKit takes in one line (bufio.MaxScanTokenSize of Go). */
const longestLine = 65536;

/**
 * Reads a Dockerfile as BuildKit does (frontend/dockerfile/parser of moby/buildkit, 2026-08): parser directives,
 * comments between continuation lines, heredocs, the exec form where it is JSON. What BuildKit refuses is a
 * problem and the rest is still read. A line that a template engine makes is left out.
 */
export function parseDockerfile(file: SourceFile): Dockerfile {
  const problems: Problem[] = [];
  const complain = ({ message, at }: { message: string; at: Span }): void => {
    if (templateHole(spanText(at)) === undefined) problems.push({ rule: "container/syntax", message, at });
  };
  const lines = linesOf(file);
  const escapeToken = escapeCharacter(file, lines, complain);
  const ends = new HeredocEnds(file, lines);
  const instructions: Instruction[] = [];
  let astray = false;

  for (let index = 0; index < lines.length; ) {
    const logical = joinLines(file, lines, index, escapeToken, complain);
    index = logical.next;
    if (logical.joined === undefined) continue;
    const { joined } = logical;
    const whole = { start: 0, end: joined.text.length };
    const found: { message: string; at: Span }[] = [];
    const instruction = readInstruction(
      { joined, escapeToken, complain: (complaint) => found.push(complaint) },
      whole,
    );
    if (instruction === undefined) continue;
    if (isTemplateLine(instruction)) continue;
    const heredocs: Heredoc[] = [];
    for (const opened of takesHeredocs(instruction) ? heredocMarks(joined, 0, whole.end) : []) {
      const read = ends.read(index, opened);
      if (read === undefined)
        found.push({ message: `No line ${opened.name} ends this heredoc`, at: opened.at });
      else {
        heredocs.push(read.heredoc);
        index = read.nextLine;
      }
    }
    const unknown = !keywords.includes(instruction.keyword);
    // One finding for a run of such lines: a continuation before them is missing, or a template makes it.
    if (!unknown || !astray) checkInstruction(instruction, (complaint) => found.push(complaint));
    const made = templateHole(joined.text.replaceAll("${", "$(")) !== undefined;
    astray = unknown || made;
    if (!made) found.forEach(complain);
    instructions.push(withHeredocs(instruction, heredocs, lines[index - 1]));
  }
  if (instructions.length === 0 && templateHole(file.text) === undefined)
    complain({ message: "There is no instruction in this file", at: fileSpan(file) });
  return { file, instructions, escapeToken, problems };
}

function escapeCharacter(
  file: SourceFile,
  lines: readonly Line[],
  complain: (complaint: { message: string; at: Span }) => void,
): string {
  let escapeToken = "\\";
  const seen = new Set<string>();
  for (const { name, value, at } of parserDirectives(file, lines)) {
    if (seen.has(name))
      complain({ message: `The parser directive ${name} is written twice, so the build stops here`, at });
    else if (name === "escape" && value !== "\\" && value !== "`")
      complain({ message: `escape must be \\ or \`, not ${value}`, at });
    else if (name === "escape") escapeToken = value;
    seen.add(name);
  }
  return escapeToken;
}

/** The lines of one instruction from a line on, comments between them left out. */
function joinLines(
  file: SourceFile,
  lines: readonly Line[],
  first: number,
  escapeToken: string,
  complain: (complaint: { message: string; at: Span }) => void,
): { joined: JoinedText | undefined; next: number } {
  const { text } = file;
  const parts: { start: number; end: number }[] = [];
  let index = first;
  for (; index < lines.length; index++) {
    const line = lines[index];
    if (line === undefined) break;
    if (line.next - line.start > longestLine)
      complain({
        message: `A line of ${line.next - line.start} characters; the build stops at lines of more than ${longestLine - 1}`,
        at: span(file, line.start, Math.min(line.end, line.start + 80)),
      });
    let content = line.start;
    while (content < line.end && isSpace(text[content])) content += 1;
    const empty = content === line.end;
    const comment = text[content] === "#";
    if (index === first) {
      if (empty || comment) return { joined: undefined, next: index + 1 };
    } else if (empty || comment) continue;
    const start = index === first ? content : line.start;
    const end = continuationEnd(text, start, line.end, escapeToken);
    parts.push({ start, end: end ?? line.end });
    if (end === undefined) {
      index += 1;
      break;
    }
  }
  return { joined: JoinedText.from(file, parts), next: index };
}

/** Where the escape character stands that continues a line; one behind another escape character does not. */
function continuationEnd(text: string, start: number, end: number, escapeToken: string): number | undefined {
  let last = end;
  while (last > start && (text[last - 1] === " " || text[last - 1] === "\t")) last -= 1;
  if (last <= start || text[last - 1] !== escapeToken) return undefined;
  return last - 1 > start && text[last - 2] === escapeToken ? undefined : last - 1;
}

/** `{% if x %}`, `{{ include }}`: a line for the template engine. */
function isTemplateLine({ keyword }: Instruction): boolean {
  return /^(?:\{\{|\{%|\{#|<%|@[A-Z_]+@|%%|__[A-Z])/.test(keyword);
}

function takesHeredocs({ keyword, arguments: given, inner }: Instruction): boolean {
  if (keyword === "ONBUILD") return inner !== undefined && takesHeredocs(inner);
  return (keyword === "RUN" || keyword === "COPY" || keyword === "ADD") && given.kind !== "exec";
}

function withHeredocs(
  instruction: Instruction,
  heredocs: readonly Heredoc[],
  lastLine: Line | undefined,
): Instruction {
  if (heredocs.length === 0 || lastLine === undefined) return instruction;
  const { at, inner } = instruction;
  return {
    ...instruction,
    at: span(at.file, at.start, lastLine.end),
    heredocs,
    inner: inner === undefined ? undefined : { ...inner, heredocs },
  };
}
