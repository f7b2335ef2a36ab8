/** A word after shlex.split, and where it stood. */
export interface ShellWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Python's shlex.split(text), as gunicorn applies it to GUNICORN_CMD_ARGS: POSIX quotes and backslashes, no
 * variables, no comments (Lib/shlex.py of 3.11). An error comes as the message of the ValueError.
 */
export function shlexSplit(text: string): readonly ShellWord[] | { readonly error: string } {
  const words: ShellWord[] = [];
  let word: string | undefined;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (" \t\r\n".includes(character)) {
      if (word !== undefined) words.push({ text: word, start, end: index });
      word = undefined;
      continue;
    }
    if (word === undefined) {
      word = "";
      start = index;
    }
    if (character === "\\") {
      index++;
      if (index >= text.length) return { error: "No escaped character" };
      word += text.charAt(index);
    } else if (character === "'") {
      const end = text.indexOf("'", index + 1);
      if (end === -1) return { error: "No closing quotation" };
      word += text.slice(index + 1, end);
      index = end;
    } else if (character === '"') {
      const quoted = doubleQuoted(text, index + 1);
      if (quoted === undefined) return { error: "No closing quotation" };
      word += quoted.text;
      index = quoted.end;
    } else word += character;
  }
  if (word !== undefined) words.push({ text: word, start, end: text.length });
  return words;
}

/** Inside double quotes a backslash escapes only `"` and itself. */
function doubleQuoted(text: string, start: number): { text: string; end: number } | undefined {
  let value = "";
  for (let index = start; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '"') return { text: value, end: index };
    const next = text.charAt(index + 1);
    if (character === "\\" && (next === '"' || next === "\\")) {
      value += next;
      index++;
    } else value += character;
  }
  return undefined;
}
