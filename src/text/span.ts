import type { SourceFile } from "./source-file.ts";

/** A range of one file: offsets in UTF-16 code units, `end` exclusive. Becomes lines and columns only in a report. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

export function span(file: SourceFile, start: number, end: number): Span {
  return { file, start, end };
}

export function spanText(place: Span): string {
  return place.file.text.slice(place.start, place.end);
}

/** The first line of a file: where to point when a whole file is meant. */
export function fileSpan(file: SourceFile): Span {
  const end = file.text.indexOf("\n");
  return { file, start: 0, end: end === -1 ? file.text.length : end };
}
