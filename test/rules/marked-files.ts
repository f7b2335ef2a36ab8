import type { SourceFile } from "../../src/text/source-file.ts";

export interface MarkedFile {
  /** The text without marks. */
  readonly text: string;
  /** Ranges between « and ». */
  readonly primary: readonly (readonly [number, number])[];
  /** Ranges between ⟦ and ⟧. */
  readonly evidence: readonly (readonly [number, number])[];
}

/** Takes the marks out of an example file and notes where they stood. Marks may nest. */
export function readMarks(marked: string): MarkedFile {
  let text = "";
  const primary: [number, number][] = [];
  const evidence: [number, number][] = [];
  const open: { mark: string; start: number }[] = [];
  for (const character of marked) {
    if (character === "«" || character === "⟦") open.push({ mark: character, start: text.length });
    else if (character === "»" || character === "⟧") {
      const last = open.pop();
      if (last === undefined || (last.mark === "«") !== (character === "»"))
        throw new Error(`unpaired ${character}`);
      (last.mark === "«" ? primary : evidence).push([last.start, text.length]);
    } else text += character;
  }
  if (open.length > 0) throw new Error("a mark is not closed");
  return { text, primary, evidence };
}

/** `path:start-end`, to compare places with marks. */
export function placeName(place: {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}): string {
  return `${place.file.path}:${place.start}-${place.end} ${JSON.stringify(place.file.text.slice(place.start, place.end))}`;
}
