/** A word of a simple command; indices are those of the text it was read from. */
export interface CommandWord {
  /** undefined where a variable or a command substitution is in it. */
  readonly text: string | undefined;
  readonly start: number;
  readonly end: number;
  /** It is the file of a redirection `>` or `>>`. */
  readonly redirects: ">" | undefined;
}

export interface RunCommand {
  readonly words: readonly CommandWord[];
  /** Whether it runs when the whole succeeds; it may not in a condition, a loop, a subshell, a function or after `||`. */
  readonly certain: boolean;
}

/**
 * The simple commands of a shell text. Not a shell parser: it serves to see `rm`, `mkdir` and `pip install` in a RUN.
 */
export function simpleCommands(text: string): readonly RunCommand[] {
  const reader = new CommandReader();
  let redirects: ">" | undefined;
  for (let at = 0; at < text.length; ) {
    const character = text.charAt(at);
    if (character === "\n" || character === ";" || character === "&" || character === "|") {
      const double = text[at + 1] === character && character !== "\n";
      if (character === "|" && double) reader.end("either");
      else reader.end(character === "&" || character === "|" ? "joined" : "next");
      redirects = undefined;
      at += double ? 2 : 1;
    } else if (character === " " || character === "\t" || character === "\r") at += 1;
    else if (character === "#" && reader.isAtStart) at = lineEnd(text, at);
    else if (character === "(" || character === "`") {
      reader.open();
      at += 1;
    } else if (character === ")") {
      reader.close();
      at += 1;
    } else if (character === ">") {
      redirects = ">";
      at += 1;
      if (text[at] === ">" || text[at] === "|") at += 1;
    } else if (character === "<") at += 1;
    else {
      const word = readWord(text, at);
      if (word === undefined) break;
      at = word.end;
      // The descriptor of `2>file`.
      if (text[at] === ">" && /^\d$/.test(word.text ?? "")) continue;
      if (redirects !== undefined && word.text?.startsWith("&")) redirects = undefined;
      else reader.add({ ...word, redirects });
      redirects = undefined;
    }
  }
  reader.end("next");
  return reader.commands;
}

class CommandReader {
  readonly commands: RunCommand[] = [];
  /** What is open here: brackets, cases, and everything that a word opens and another one ends. */
  readonly #open: ("(" | "case" | "word")[] = [];
  #words: CommandWord[] = [];
  #optional = false;

  get isAtStart(): boolean {
    return this.#words.length === 0;
  }

  add(word: CommandWord): void {
    this.#words.push(word);
  }

  /** @param how `either`: before `||`; `joined`: `a && b || c` leaves c optional up to the next `;` or line end */
  end(how: "next" | "joined" | "either"): void {
    this.#takeKeywords();
    if (this.#words.length > 0)
      this.commands.push({ words: this.#words, certain: this.#open.length === 0 && !this.#optional });
    this.#words = [];
    this.#optional = how === "either" || (how === "joined" && this.#optional);
  }

  /** A subshell, or the brackets behind the name of a function. */
  open(): void {
    this.#takeKeywords();
    this.#words = [];
    this.#open.push("(");
  }

  /** The end of brackets, or of a pattern of `case`. */
  close(): void {
    if (this.#words[0]?.text === "case") this.#takeKeywords();
    if (this.#open.at(-1) === "case") this.#words = [];
    else {
      this.end("next");
      if (this.#open.at(-1) === "(") this.#open.pop();
    }
  }

  /** Takes the words away that begin, go on with or end a compound command; what is left is a simple one. */
  #takeKeywords(): void {
    for (;;) {
      switch (this.#words[0]?.text) {
        case "if":
        case "while":
        case "until":
        case "{":
          this.#open.push("word");
          this.#words.shift();
          break;
        case "for":
        case "select":
          this.#open.push("word");
          this.#words = [];
          return;
        case "case":
          this.#open.push("case");
          this.#words = [];
          return;
        case "function":
          if (this.#words.some(({ text }) => text === "{")) this.#open.push("word");
          this.#words = [];
          return;
        case "then":
        case "do":
        case "else":
        case "elif":
        case "!":
        case "time":
          this.#words.shift();
          break;
        case "fi":
        case "done":
        case "}":
        case "esac":
          this.#open.pop();
          this.#words.shift();
          break;
        default:
          return;
      }
    }
  }
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
