const letters: { readonly [letter: string]: string } = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  '"': '"',
  "\\": "\\",
  $: "$$",
};

/** The escapes of a double quoted value (expandEscapes of dotenv/parser.go); `\$` becomes `$$`, which is a dollar. */
export function expandEscapes(text: string): string {
  return text.replace(
    /\\(?:([abcfnrtv$"\\])|0(\d{0,3}))/g,
    (all, letter: string | undefined, digits: string) => {
      if (letter !== undefined) return letters[letter] ?? all;
      return /^[0-3][0-7]{2}$/.test(digits) ? String.fromCharCode(Number.parseInt(digits, 8)) : all;
    },
  );
}
