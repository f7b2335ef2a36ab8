import type { SourceFile } from "../../text/source-file.ts";
import { type Span, span, spanText } from "../../text/span.ts";

/** The text of a script and where it stands. */
export interface ShellSource {
  readonly text: string;
  /** The place of a part of the text. */
  place(start: number, end: number): Span;
}

/** A script that stands in a file, as it is or inside of a longer text. */
export function sourceIn(place: Span, text: string): ShellSource {
  const offset = spanText(place).indexOf(text);
  return offset === -1 ? sourceAt(place, text) : sourceFrom(place, text, place.start + offset);
}

/** Text that was decoded: every part of it stands at the one place. */
export function sourceAt(place: Span, text: string): ShellSource {
  return { text, place: () => place };
}

function sourceFrom({ file }: Span, text: string, offset: number): ShellSource {
  return { text, place: (start, end) => span(file, offset + start, offset + end) };
}

/** A whole file. */
export function sourceFile(file: SourceFile): ShellSource {
  return { text: file.text, place: (start, end) => span(file, start, end) };
}
