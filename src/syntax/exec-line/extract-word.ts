/** One word of systemd's quoting, with its place in the text. */
export interface ExtractedWord {
  readonly kind: "word";
  /** Without quotes, escapes decoded. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Where the next word starts. */
  readonly next: number;
}

export type Extraction = ExtractedWord | { readonly kind: "end" } | { readonly kind: "invalid" };

export interface ExtractOptions {
  /** Decode C escapes; otherwise a backslash makes the next character plain (EXTRACT_CUNESCAPE). */
  readonly escapes: boolean;
  /** Keep the backslash of an unknown escape instead of failing (EXTRACT_UNESCAPE_RELAX). */
  readonly keepUnknownEscapes?: boolean;
  /** Take an open quote or a last backslash as they are (EXTRACT_RELAX). */
  readonly relaxed?: boolean;
}

/** WHITESPACE of src/basic/string-util.h. */
const blank = /[ \t\n\r]/;

export function isBlank(character: string): boolean {
  return blank.test(character);
}

/**
 * The next word at or after an offset: extract_first_word of src/basic/extract-word.c with EXTRACT_UNQUOTE (the
 * same in systemd 247 to 262). Quotes may start and end inside of a word.
 */
export function extractWord(text: string, from: number, options: ExtractOptions): Extraction {
  let at = from;
  while (at < text.length && isBlank(text.charAt(at))) at++;
  if (at >= text.length) return { kind: "end" };
  const start = at;
  const word = new WordText();
  let quote = "";
  for (; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "\\") {
      at++;
      const escaped = text.charAt(at);
      if (escaped === "") {
        if (options.keepUnknownEscapes && (quote === "" || options.relaxed)) word.add("\\");
        else if (!options.relaxed) return { kind: "invalid" };
        quote = "";
        break;
      }
      const decoded = options.escapes ? decodeEscape(text, at) : undefined;
      if (decoded !== undefined) {
        word.addDecoded(decoded);
        at += decoded.length - 1;
      } else if (!options.escapes) word.add(escaped);
      else if (options.keepUnknownEscapes) word.add(`\\${escaped}`);
      else return { kind: "invalid" };
    } else if (quote !== "") {
      if (character === quote) quote = "";
      else word.add(character);
    } else if (character === "'" || character === '"') quote = character;
    else if (isBlank(character)) break;
    else word.add(character);
  }
  if (quote !== "" && !options.relaxed) return { kind: "invalid" };
  const end = Math.min(at, text.length);
  let next = end;
  while (next < text.length && isBlank(text.charAt(next))) next++;
  return { kind: "word", text: word.finish(), start, end, next };
}

interface DecodedEscape {
  /** A character, or one byte of a text in UTF-8. */
  readonly code: number;
  readonly isByte: boolean;
  /** Characters after the backslash. */
  readonly length: number;
}

const simpleEscapes: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  "\\": 92,
  '"': 34,
  "'": 39,
  s: 32,
};

/** cunescape_one of src/basic/escape.c; undefined for what is no escape, and for NUL. */
function decodeEscape(text: string, at: number): DecodedEscape | undefined {
  const simple = simpleEscapes[text.charAt(at)];
  if (simple !== undefined) return { code: simple, isByte: false, length: 1 };
  const number = /x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})/y;
  number.lastIndex = at;
  const match = number.exec(text);
  if (match === null) return undefined;
  const [all, byte, short, long, octal] = match;
  const code =
    octal === undefined ? Number.parseInt(byte ?? short ?? long ?? "", 16) : Number.parseInt(octal, 8);
  if (code === 0) return undefined;
  const isByte = byte !== undefined || octal !== undefined;
  if (isByte && code > 255) return undefined;
  if (
    long !== undefined &&
    (code > 0x10ffff ||
      /[\p{Noncharacter_Code_Point}\p{Surrogate}]/u.test(String.fromCodePoint(Math.min(code, 0x10ffff))))
  )
    return undefined;
  return { code, isByte, length: all.length };
}

/** Puts a word together; bytes above 0x7f wait for their neighbours to become a character. */
class WordText {
  #text = "";
  #bytes: number[] = [];

  add(text: string): void {
    this.#flush();
    this.#text += text;
  }

  addDecoded(decoded: DecodedEscape): void {
    if (decoded.isByte && decoded.code > 0x7f) this.#bytes.push(decoded.code);
    else this.add(String.fromCodePoint(decoded.code));
  }

  finish(): string {
    this.#flush();
    return this.#text;
  }

  #flush(): void {
    if (this.#bytes.length === 0) return;
    this.#text += new TextDecoder().decode(Uint8Array.from(this.#bytes));
    this.#bytes = [];
  }
}
