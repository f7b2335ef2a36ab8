import { isBlank, isSpace } from "./blanks.ts";

/** A range of a text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Words of ENV, LABEL and ARG: split at white space outside of quotes, quotes and escapes stay (parseWords of
 * BuildKit's line_parsers.go).
 */
export function quotedWords(text: string, start: number, end: number, escapeToken: string): Range[] {
  return splitOutsideQuotes(text, start, end, escapeToken).words;
}

/** Words as a shell splits them, quotes and escapes kept; empty where a quote is not closed. */
export function shellWords(text: string, start: number, end: number): Range[] {
  const { words, open } = splitOutsideQuotes(text, start, end, "\\");
  return open ? [] : words;
}

function splitOutsideQuotes(
  text: string,
  start: number,
  end: number,
  escapeToken: string,
): { words: Range[]; open: boolean } {
  const words: Range[] = [];
  let at = start;
  let quote: string | undefined;
  while (at < end) {
    if (isSpace(text[at])) {
      at += 1;
      continue;
    }
    const from = at;
    for (; at < end; at++) {
      const character = text[at];
      if (quote === undefined && isSpace(character)) break;
      if (character === escapeToken && quote !== "'") at += 1;
      else if (character === quote) quote = undefined;
      else if (quote === undefined && (character === "'" || character === '"')) quote = character;
    }
    at = Math.min(at, end);
    words.push({ start: from, end: at });
  }
  return { words, open: quote !== undefined };
}

/** Words of FROM, COPY, ADD, EXPOSE and VOLUME: quotes mean nothing. */
export function blankWords(text: string, start: number, end: number): Range[] {
  const words: Range[] = [];
  let at = start;
  while (at < end) {
    if (isBlank(text[at])) {
      at += 1;
      continue;
    }
    const from = at;
    while (at < end && !isBlank(text[at])) at += 1;
    words.push({ start: from, end: at });
  }
  return words;
}

/** A `--flag` before the arguments, with quotes and escapes taken away. */
interface FlagWord extends Range {
  readonly text: string;
}

/** The flags and where the arguments begin (extractBuilderFlags of BuildKit's split_command.go). */
export function flagWords(
  text: string,
  start: number,
  end: number,
  escapeToken: string,
): { flags: FlagWord[]; rest: number } {
  const flags: FlagWord[] = [];
  let at = start;
  for (;;) {
    while (at < end && isSpace(text[at])) at += 1;
    if (at >= end || !text.startsWith("--", at) || at + 1 >= end) return { flags, rest: at };
    const from = at;
    const pieces: string[] = [];
    let quote: string | undefined;
    for (; at < end; at++) {
      const character = text[at] ?? "";
      if (quote === undefined && isSpace(character)) break;
      if (character === quote) quote = undefined;
      else if (quote === undefined && (character === "'" || character === '"')) quote = character;
      else if (character === escapeToken) {
        at += 1;
        if (at < end) pieces.push(text[at] ?? "");
      } else pieces.push(character);
    }
    at = Math.min(at, end);
    const word = pieces.join("");
    if (word === "--") return { flags, rest: at };
    flags.push({ start: from, end: at, text: word });
  }
}
