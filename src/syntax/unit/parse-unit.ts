import type { SourceFile } from "../../text/source-file.ts";
import { span } from "../../text/span.ts";
import { type LogicalLine, logicalLines } from "./logical-lines.ts";
import type { MappedText } from "./mapped-text.ts";
import {
  conditionChange,
  dollarsAreHoles,
  holesWithin,
  maskHoles,
  type TemplateHole,
  templateHoles,
} from "./template-holes.ts";
import type { UnitAssignment, UnitFault, UnitFile, UnitLine } from "./unit-file.ts";
import { unitProblem } from "./unit-problem.ts";

/**
 * Reads a unit file as config_parse of src/shared/conf-parser.c does (the same in systemd 247 to 262). Never
 * throws. After a fault that makes systemd give up, the rest is still read for its `lines`.
 *
 * @param sections the sections that this type of unit has; every section counts as known when left out
 */
export function parseUnit(file: SourceFile, sections?: ReadonlySet<string>): UnitFile {
  const reader = new Reader(file, sections);
  const acrossLines = templateHoles(file.text, false).filter(
    (hole) => hole.kind !== "output" && file.text.slice(hole.start, hole.end).includes("\n"),
  );
  for (const line of logicalLines(file, acrossLines)) reader.read(line);
  return reader.result();
}

class Reader {
  readonly #file: SourceFile;
  readonly #sections: ReadonlySet<string> | undefined;
  readonly #dollars: boolean;
  readonly #lines: UnitLine[] = [];
  readonly #assignments: UnitAssignment[] = [];
  readonly #faults: UnitFault[] = [];
  #failure: UnitFault | undefined;
  #section: string | undefined;
  /** Lines count only below a header of a section that this type of unit has. */
  #place: "outside" | "known" | "ignored" = "outside";
  #conditions = 0;

  constructor(file: SourceFile, sections: ReadonlySet<string> | undefined) {
    this.#file = file;
    this.#sections = sections;
    this.#dollars = dollarsAreHoles(file.path);
  }

  result(): UnitFile {
    return {
      file: this.#file,
      lines: this.#lines,
      assignments: this.#assignments,
      faults: this.#faults,
      failure: this.#failure,
      problems: this.#faults.map(unitProblem),
    };
  }

  read(line: LogicalLine): void {
    const at = span(this.#file, line.start, line.next);
    const holes = templateHoles(line.text.text, this.#dollars);
    const conditional = this.#conditions > 0;
    for (const hole of holes)
      if (hole.kind === "statement")
        this.#conditions += conditionChange(line.text.text.slice(hole.start, hole.end));
    this.#conditions = Math.max(0, this.#conditions);

    if (line.tooLong) this.#fail("too-long", line, line.text);
    else if (line.comment) this.#lines.push({ kind: "comment", at });
    else this.#readContent(line, holes, conditional);
    if (line.tooLong) this.#lines.push({ kind: "stray", at });
  }

  #readContent(line: LogicalLine, holes: readonly TemplateHole[], conditional: boolean): void {
    const at = span(this.#file, line.start, line.next);
    const masked = maskHoles(line.text.text, holes);
    const [start, end] = contentRange(masked, holes);
    if (start === end) {
      this.#lines.push(
        holes.length === 0
          ? { kind: "blank", at }
          : { kind: "template", at, section: this.#section, holes, text: line.text },
      );
      return;
    }
    const content = line.text.slice(start, end);
    const inside = masked.slice(start, end);
    const holesInside = holesWithin(holes, start, end);
    if (!this.#isUtf8(content.text)) {
      this.#fail("not-utf8", line, content);
      this.#lines.push({ kind: "stray", at });
    } else if (inside.startsWith("[")) this.#readHeader(line, content, inside, holesInside);
    else this.#readAssignment(line, content, inside, holesInside, conditional || hasStatement(holes));
  }

  #readHeader(line: LogicalLine, content: MappedText, masked: string, holes: readonly TemplateHole[]): void {
    const at = span(this.#file, line.start, line.next);
    if (!masked.endsWith("]")) {
      this.#fail("section-unclosed", line, content);
      this.#lines.push({ kind: "stray", at });
      return;
    }
    const name = content.text.slice(1, -1);
    if (holes.length > 0) {
      this.#section = undefined;
      this.#place = "known";
      this.#lines.push({ kind: "header", at, section: undefined });
      return;
    }
    if (/[\x01-\x1f"'\\\x7f]/.test(name)) {
      this.#fail("section-characters", line, content);
      this.#lines.push({ kind: "stray", at });
      return;
    }
    this.#section = name;
    this.#place = this.#sections === undefined || this.#sections.has(name) ? "known" : "ignored";
    if (this.#place === "ignored" && !name.startsWith("X-"))
      this.#complain("section-unknown", line, content, name);
    this.#lines.push({ kind: "header", at, section: name });
  }

  #readAssignment(
    line: LogicalLine,
    content: MappedText,
    masked: string,
    holes: readonly TemplateHole[],
    conditional: boolean,
  ): void {
    const at = span(this.#file, line.start, line.next);
    const equals = masked.indexOf("=");
    if (equals <= 0 || this.#place === "outside") {
      if (holes.length > 0) {
        this.#lines.push({ kind: "template", at, section: this.#section, holes, text: content });
        return;
      }
      if (this.#place === "outside") this.#complain("outside-section", line, content);
      else if (this.#place === "known") this.#complain(equals === 0 ? "no-key" : "no-equals", line, content);
      if (equals <= 0) {
        this.#lines.push({ kind: "stray", at });
        return;
      }
    }
    const keyEnd = trimmedEnd(masked, 0, equals);
    const valueStart = trimmedStart(masked, equals + 1, masked.length);
    const assignment: UnitAssignment = {
      kind: "assignment",
      at,
      section: this.#section,
      key: holesWithin(holes, 0, equals).length > 0 ? undefined : content.text.slice(0, keyEnd),
      keyAt: content.span(0, keyEnd),
      value: {
        text: content.slice(valueStart, content.text.length),
        holes: holesWithin(holes, valueStart, content.text.length),
      },
      conditional,
      line: line.line,
    };
    this.#lines.push(assignment);
    if (this.#failure === undefined && this.#place === "known") this.#assignments.push(assignment);
  }

  #fail(kind: UnitFault["kind"], line: LogicalLine, content: MappedText): void {
    if (this.#failure !== undefined) return;
    this.#complain(kind, line, content);
    this.#failure = this.#faults.at(-1);
  }

  #complain(kind: UnitFault["kind"], line: LogicalLine, content: MappedText, text = content.text): void {
    if (this.#failure === undefined) this.#faults.push({ kind, at: content.at, text, line: line.line });
  }

  /** systemd takes no noncharacters either (unichar_is_valid of src/basic/utf8.c). */
  #isUtf8(text: string): boolean {
    if (/^[\x00-\x7f]*$/.test(text)) return true;
    if (/\p{Noncharacter_Code_Point}/u.test(text)) return false;
    if (this.#file.encoding === "utf-8") return true;
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(text, (each) => each.charCodeAt(0)));
      return true;
    } catch {
      return false;
    }
  }
}

function hasStatement(holes: readonly TemplateHole[]): boolean {
  return holes.some((hole) => hole.kind === "statement");
}

/** Without blanks, statements and comments of a template at both ends. */
function contentRange(masked: string, holes: readonly TemplateHole[]): [start: number, end: number] {
  let start = trimmedStart(masked, 0, masked.length);
  for (const hole of holes)
    if (hole.start === start && hole.kind !== "output") start = trimmedStart(masked, hole.end, masked.length);
  let end = trimmedEnd(masked, start, masked.length);
  for (const hole of holes.toReversed())
    if (hole.end === end && hole.start >= start && hole.kind !== "output")
      end = trimmedEnd(masked, start, hole.start);
  return [start, end];
}

/** WHITESPACE of src/basic/string-util.h. */
const blanks = " \t\n\r";

function trimmedStart(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && blanks.includes(text.charAt(at))) at++;
  return at;
}

function trimmedEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && blanks.includes(text.charAt(at - 1))) at--;
  return at;
}
