/** White space as Go's unicode.IsSpace knows it. */
export function isSpace(character: string | undefined): boolean {
  if (character === undefined || character === "\ufeff") return false;
  return character === "\u0085" || /\s/.test(character);
}

/** The blanks between the words of an instruction (tokenWhitespace of BuildKit's parser). */
export function isBlank(character: string | undefined): boolean {
  return (
    character === " " || character === "\t" || character === "\v" || character === "\f" || character === "\r"
  );
}

/** The range without white space at both ends. */
export function trimmed(text: string, start: number, end: number): { start: number; end: number } {
  let first = start;
  let last = end;
  while (first < last && isSpace(text[first])) first += 1;
  while (last > first && isSpace(text[last - 1])) last -= 1;
  return { start: first, end: last };
}
