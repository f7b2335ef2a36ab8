import type { SourceFile } from "../../text/source-file.ts";
import { type Span, span } from "../../text/span.ts";
import type { Problem } from "../problem.ts";

/** `name = value` of a section. */
export interface SupervisorOption {
  /** In lower case, as the reader makes it. */
  readonly name: string;
  /** Lines joined by line feeds, without comments. */
  readonly value: string;
  readonly at: Span;
  readonly valueAt: Span;
}

/** One `[section]`; a section that is written twice is here twice. */
export interface SupervisorSection {
  readonly name: string;
  readonly at: Span;
  readonly options: readonly SupervisorOption[];
}

export interface SupervisorFile {
  readonly sections: readonly SupervisorSection[];
  readonly problems: readonly Problem[];
}

interface OpenOption {
  readonly name: string;
  readonly lines: string[];
  readonly at: Span;
  readonly start: number;
  end: number;
}

/**
 * A supervisord.conf as supervisor 4.2 reads it: RawConfigParser of Python with `;` and `#` behind a blank as
 * comments, `=` and `:`, values that go on in lines indented deeper, repeated names where the last wins.
 */
export function parseSupervisor(file: SourceFile): SupervisorFile {
  const sections: { name: string; at: Span; open: OpenOption[] }[] = [];
  const problems: Problem[] = [];
  let section: (typeof sections)[number] | undefined;
  let option: OpenOption | undefined;
  let indentation = 0;
  let start = 0;
  const complain = (message: string, from: number, to: number) => {
    if (problems.length < mostProblems)
      problems.push({ rule: "supervisor/syntax", message, at: span(file, from, to) });
  };
  for (const line of file.text.split("\n")) {
    const lineStart = start;
    start += line.length + 1;
    const hasMark = lineStart === 0 && file.hasByteOrderMark;
    const raw = hasMark ? ` ${line.slice(1)}` : line;
    const comment = commentStart(raw);
    const text = raw.slice(0, comment);
    const value = text.trim();
    if (value === "") {
      if (comment === undefined && option !== undefined) option.lines.push("");
      continue;
    }
    const from = lineStart + text.indexOf(value);
    const to = from + value.length;
    const depth = hasMark ? 0 : text.length - text.trimStart().length;
    if (option !== undefined && depth > indentation) {
      option.lines.push(value);
      option.end = to;
      continue;
    }
    indentation = depth;
    const header = /^\[(.+)\]/.exec(value)?.[1];
    if (header !== undefined) {
      section = { name: header, at: span(file, from, to), open: [] };
      sections.push(section);
      option = undefined;
      continue;
    }
    if (section === undefined) {
      complain("supervisord stops: a setting stands before the first [section]", from, to);
      continue;
    }
    const found = /^([^=:]*?)\s*[=:]\s*(.*)$/s.exec(value);
    const [, name = "", written = ""] = found ?? [];
    if (found === null || name === "") {
      complain(`supervisord stops: "${value.slice(0, 40)}" is neither name=value nor a [section]`, from, to);
      continue;
    }
    option = {
      name: name.toLowerCase(),
      lines: [written],
      at: span(file, from, from + name.length),
      start: to - written.length,
      end: to,
    };
    section.open.push(option);
  }
  return {
    sections: sections.map(({ name, at, open }) => ({
      name,
      at,
      options: open.map((each) => ({
        name: each.name,
        value: each.lines.join("\n").trimEnd(),
        at: each.at,
        valueAt: span(file, each.start, each.end),
      })),
    })),
    problems,
  };
}

const mostProblems = 100;

/** Where a comment begins: at the first character of a line, or behind a blank. */
function commentStart(line: string): number | undefined {
  const found = /(?:^|\s)[;#]/.exec(line);
  if (found === null) return undefined;
  return found.index + found[0].length - 1;
}
