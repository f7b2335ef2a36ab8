/** A word of a simple command; indices are those of the text it was read from. */
export interface CommandWord {
  /** undefined where a variable or a command substitution is in it. */
  readonly text: string | undefined;
  readonly start: number;
  readonly end: number;
  /** It is the file of a redirection `>` or `>>`. */
  readonly redirects: ">" | undefined;
}

/** Words that begin a compound command: what stands in it may not run. */
const compound = new Set(["if", "for", "while", "until", "case", "function", "{", "(", "select"]);

/**
 * The simple commands of a shell text that certainly run when the whole succeeds: those between `&&`, `;` and line
 * ends. What follows `||`, and everything from the first compound command on, is left out. Not a shell parser: it
 * serves to see `rm`, `mkdir` and `pip install` in a RUN.
 */
export function simpleCommands(text: string): CommandWord[][] {
  const commands: CommandWord[][] = [];
  let words: CommandWord[] = [];
  let optional = false;
  const finish = (nextIsOptional: boolean): boolean => {
    const first = words[0]?.text;
    if (words.length > 0 && first !== undefined && compound.has(first)) return false;
    if (words.length > 0 && !optional) commands.push(words);
    words = [];
    optional = nextIsOptional;
    return true;
  };
  let redirects: ">" | undefined;
  for (let at = 0; at < text.length; ) {
    const character = text.charAt(at);
    if (character === "\n" || character === ";" || character === "&" || character === "|") {
      const double = text[at + 1] === character && character !== "\n";
      // `a && b || c`: c is optional up to the next `;` or line end.
      const stays = optional && (character === "&" || character === "|");
      if (!finish((character === "|" && double) || stays)) return commands;
      redirects = undefined;
      at += double ? 2 : 1;
    } else if (character === " " || character === "\t" || character === "\r") at += 1;
    else if (character === "#" && words.length === 0) at = lineEnd(text, at);
    else if (character === "(" || character === ")" || character === "`") return commands;
    else if (character === ">") {
      redirects = ">";
      at += 1;
      if (text[at] === ">" || text[at] === "|") at += 1;
    } else if (character === "<") at += 1;
    else {
      const word = readWord(text, at);
      if (word === undefined) return commands;
      at = word.end;
      // The descriptor of `2>file`.
      if (text[at] === ">" && /^\d$/.test(word.text ?? "")) continue;
      if (redirects !== undefined && word.text?.startsWith("&")) redirects = undefined;
      else words.push({ ...word, redirects });
      redirects = undefined;
    }
  }
  finish(false);
  return commands;
}

function lineEnd(text: string, from: number): number {
  const feed = text.indexOf("\n", from);
  return feed === -1 ? text.length : feed;
}

/** One word with its quotes taken away; undefined where a quote is not closed. */
function readWord(text: string, start: number): Omit<CommandWord, "redirects"> | undefined {
  const pieces: string[] = [];
  let certain = true;
  let at = start;
  while (at < text.length && !/[\s;&|<>()]/.test(text.charAt(at))) {
    const character = text.charAt(at);
    if (character === "'") {
      const close = text.indexOf("'", at + 1);
      if (close === -1) return undefined;
      pieces.push(text.slice(at + 1, close));
      at = close + 1;
    } else if (character === '"') {
      at += 1;
      while (text[at] !== '"') {
        if (at >= text.length) return undefined;
        if (text[at] === "\\" && /["\\$`\n]/.test(text.charAt(at + 1))) at += 1;
        else if (text[at] === "$" || text[at] === "`") certain = false;
        pieces.push(text.charAt(at));
        at += 1;
      }
      at += 1;
    } else if (character === "\\") {
      if (text[at + 1] !== "\n") pieces.push(text.charAt(at + 1));
      at += 2;
    } else if (character === "$" || character === "`") {
      certain = false;
      at = text.startsWith("$(", at) || text.startsWith("${", at) ? afterGroup(text, at + 1) : at + 1;
    } else {
      pieces.push(character);
      at += 1;
    }
  }
  return { text: certain ? pieces.join("") : undefined, start, end: Math.min(at, text.length) };
}

/** Behind the bracket that closes the one here; the end of the text where none does. */
function afterGroup(text: string, open: number): number {
  const opening = text.charAt(open);
  const closing = opening === "(" ? ")" : "}";
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === opening) depth += 1;
    else if (text[at] === closing) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}
