/** One word; offsets of what was written for it, quotes included. */
export interface ShellWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface ShellWords {
  readonly words: readonly ShellWord[];
  /** Offset of the unquoted operator at which the rest is dropped. */
  readonly stoppedAt: number | undefined;
  /** A quote that does not end or a parenthesis: nothing can be started. */
  readonly invalid: boolean;
}

/**
 * Splits a command string as docker compose does: mattn/go-shellwords 1.0.12 with variables and backticks off. It
 * is no shell: at an unquoted `;`, `&`, `|`, `<` or `>` it stops without a word.
 */
export function shellWords(line: string): ShellWords {
  const words: ShellWord[] = [];
  let buffer = "";
  let start = -1;
  let isWord = false;
  let escaped = false;
  let single = false;
  let double = false;
  let back = false;
  let dollar = false;
  const failed: ShellWords = { words: [], stoppedAt: undefined, invalid: true };
  let stoppedAt: number | undefined;
  let at = 0;
  for (; at < line.length; at++) {
    const character = line.charAt(at);
    if (start === -1 && !isSpace(character)) start = at;
    if (escaped) {
      buffer += character === "t" ? "\t" : character === "n" ? "\n" : character;
      escaped = false;
      isWord = true;
      continue;
    }
    if (character === "\\") {
      if (single) buffer += character;
      else escaped = true;
      continue;
    }
    if (isSpace(character)) {
      if (single || double || back || dollar) buffer += character;
      else if (isWord) {
        words.push({ text: buffer, start, end: at });
        buffer = "";
        isWord = false;
        start = -1;
      } else if (buffer === "") start = -1;
      continue;
    }
    if (character === "`") {
      if (!single && !double && !dollar) back = !back;
    } else if (character === ")" && !single && !double && !back) {
      if (!dollar) return failed;
      buffer += character;
      dollar = false;
      isWord = true;
      continue;
    } else if (character === "(" && !single && !double && !back) {
      if (dollar || !buffer.endsWith("$")) return failed;
      dollar = true;
      buffer += character;
      continue;
    } else if (character === '"' && !single && !dollar) {
      if (double) isWord = true;
      double = !double;
      continue;
    } else if (character === "'" && !double && !dollar) {
      if (single) isWord = true;
      single = !single;
      continue;
    } else if (";&|<>".includes(character) && !single && !double && !back && !dollar) {
      if (character === ">" && /^[0-9]/.test(buffer)) isWord = false;
      stoppedAt = at;
      break;
    }
    isWord = true;
    buffer += character;
  }
  if (isWord) words.push({ text: buffer, start: Math.max(start, 0), end: at });
  if (escaped || single || double || back || dollar) return failed;
  return { words, stoppedAt, invalid: false };
}

function isSpace(character: string): boolean {
  return character === " " || character === "\t" || character === "\r" || character === "\n";
}
