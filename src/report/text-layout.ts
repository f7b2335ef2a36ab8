/** Breaks a line at spaces so that none is longer than `width`; a longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  if (text.length <= width) return [text];
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines;
}

/** The length of the longest text that is not above `most`; longer ones stand out of the column. */
export function columnWidth(texts: readonly string[], most: number): number {
  let width = 0;
  for (const { length } of texts) if (length <= most && length > width) width = length;
  return width;
}
