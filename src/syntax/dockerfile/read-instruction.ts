import type { Span } from "../../text/span.ts";
import { isBlank, isSpace, trimmed } from "./blanks.ts";
import { readExecForm } from "./exec-form.ts";
import type { DockerfileWord, Instruction, InstructionArguments, NamedValue } from "./instruction.ts";
import type { JoinedText } from "./joined-text.ts";
import { blankWords, flagWords, quotedWords, type Range } from "./words.ts";

/** Something wrong with the form of an instruction. */
interface Complaint {
  readonly message: string;
  readonly at: Span;
}

/** What surrounds the reading of one instruction. */
interface Reading {
  readonly joined: JoinedText;
  /** The escape character of the file. */
  readonly escapeToken: string;
  readonly complain: (complaint: Complaint) => void;
}

/** Instructions of BuildKit (frontend/dockerfile/command) with what their arguments are split into. */
const forms = {
  ADD: "exec or words",
  ARG: "named",
  CMD: "exec or text",
  COPY: "exec or words",
  ENTRYPOINT: "exec or text",
  ENV: "named",
  EXPOSE: "words",
  FROM: "words",
  HEALTHCHECK: "inner",
  LABEL: "named",
  MAINTAINER: "text",
  ONBUILD: "inner",
  RUN: "exec or text",
  SHELL: "exec or text",
  STOPSIGNAL: "text",
  USER: "text",
  VOLUME: "exec or words",
  WORKDIR: "text",
} as const;

export const keywords: readonly string[] = Object.keys(forms);

function isKeyword(word: string): word is keyof typeof forms {
  return Object.hasOwn(forms, word);
}

/** Reads one instruction from a range of a joined text; undefined where nothing but white space is there. */
export function readInstruction(reading: Reading, range: Range, outer?: string): Instruction | undefined {
  const { joined } = reading;
  const { text } = joined;
  const { start, end } = trimmed(text, range.start, range.end);
  if (start === end) return undefined;
  let keywordEnd = start;
  while (keywordEnd < end && !isBlank(text[keywordEnd])) keywordEnd += 1;
  const keyword = text.slice(start, keywordEnd).toUpperCase();
  const { flags, rest } = flagWords(text, keywordEnd, end, reading.escapeToken);
  const last = rest < end ? trimmed(text, rest, end) : { start: end, end };
  const inner = innerInstruction(reading, keyword, last, outer);
  return {
    keyword,
    keywordAt: joined.span(start, keywordEnd),
    at: joined.span(start, end),
    flags: flags.map((flag) => {
      const equals = flag.text.indexOf("=");
      return {
        name: equals === -1 ? flag.text.slice(2) : flag.text.slice(2, equals),
        value: equals === -1 ? undefined : flag.text.slice(equals + 1),
        at: joined.span(flag.start, flag.end),
      };
    }),
    arguments: readArguments(reading, keyword, last),
    heredocs: [],
    inner,
  };
}

/** ONBUILD holds an instruction, HEALTHCHECK holds CMD or NONE; neither is looked for inside of an inner one. */
function innerInstruction(
  reading: Reading,
  keyword: string,
  range: Range,
  outer: string | undefined,
): Instruction | undefined {
  if (outer !== undefined || !isKeyword(keyword) || forms[keyword] !== "inner") return undefined;
  return readInstruction(reading, range, keyword);
}

function readArguments(reading: Reading, keyword: string, range: Range): InstructionArguments {
  const { joined, complain } = reading;
  if (range.start >= range.end || !isKeyword(keyword)) return { kind: "none" };
  const form = forms[keyword];
  if (form === "inner") return { kind: "none" };
  if (form === "named") return named(reading, keyword, range);
  if (form === "exec or text" || form === "exec or words") {
    const exec = readExecForm(joined.text, range.start, range.end);
    if (exec.kind === "exec")
      return {
        kind: "exec",
        words: exec.strings.map((each) => ({ text: each.text, at: joined.span(each.start, each.end) })),
      };
    if (exec.kind === "not strings")
      complain({
        message: `The JSON array of ${keyword} holds something that is not a string, so the build stops here`,
        at: joined.span(range.start, range.end),
      });
  }
  if (form === "words" || form === "exec or words")
    return {
      kind: "words",
      words: blankWords(joined.text, range.start, range.end).map((each) => word(joined, each)),
    };
  return { kind: "text", word: word(joined, range), joined };
}

function word(joined: JoinedText, { start, end }: Range): DockerfileWord {
  return { text: joined.text.slice(start, end), at: joined.span(start, end) };
}

/** `NAME value` up to the end, or `NAME=value ...` (parseNameVal of BuildKit's line_parsers.go). */
function named(reading: Reading, keyword: string, range: Range): InstructionArguments {
  const { joined, escapeToken, complain } = reading;
  const { text } = joined;
  const words = quotedWords(text, range.start, range.end, escapeToken);
  const [first] = words;
  const old = first !== undefined && !text.slice(first.start, first.end).includes("=");
  if (keyword !== "ARG" && old) {
    let nameEnd = range.start;
    while (nameEnd < range.end && !isBlank(text[nameEnd])) nameEnd += 1;
    let valueStart = nameEnd;
    while (valueStart < range.end && isBlank(text[valueStart])) valueStart += 1;
    if (valueStart >= range.end) {
      complain({
        message: `${keyword} needs a name and a value; ${text.slice(range.start, range.end)} has no value`,
        at: joined.span(range.start, range.end),
      });
      return { kind: "named", values: [] };
    }
    const value = word(joined, { start: valueStart, end: range.end });
    return { kind: "named", values: [{ name: word(joined, { start: range.start, end: nameEnd }), value }] };
  }
  const values: NamedValue[] = [];
  for (const each of words) {
    const equals = text.indexOf("=", each.start);
    if (equals === -1 || equals >= each.end) {
      if (keyword === "ARG") values.push({ name: word(joined, each), value: undefined });
      else
        complain({
          message: `${text.slice(each.start, each.end)} of ${keyword} has no =, so the build stops here; quote a value that holds blanks`,
          at: joined.span(each.start, each.end),
        });
      continue;
    }
    if (equals === each.start)
      complain({
        message: `A name of ${keyword} is empty`,
        at: joined.span(each.start, each.end),
      });
    else
      values.push({
        name: word(joined, { start: each.start, end: equals }),
        value: word(joined, { start: equals + 1, end: withoutLoneEscape(text, each, escapeToken) }),
      });
  }
  return { kind: "named", values };
}

/** An escape character that ends the instruction is dropped. */
function withoutLoneEscape(text: string, { start, end }: Range, escapeToken: string): number {
  let escapes = 0;
  while (end - escapes > start && text[end - 1 - escapes] === escapeToken) escapes += 1;
  return escapes % 2 === 1 && !isSpace(text[end]) ? end - 1 : end;
}
