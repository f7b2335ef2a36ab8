import { bufferSize, firstTenBytes, overflows } from "./byte-limit.ts";
import {
  BACKSLASH,
  CLOSE,
  CR,
  DOLLAR,
  DOUBLE,
  HASH,
  isSpace,
  LF,
  OPEN,
  PAREN,
  SEMICOLON,
  SINGLE,
  SPACE,
  special,
  TAB,
} from "./characters.ts";
import { decodeWord } from "./decode.ts";
import { type GrammarError, mostErrors } from "./grammar-error.ts";
import { findLuaEnd } from "./lua-block.ts";
import {
  BLOCK,
  DOUBLE_QUOTED,
  ESCAPED,
  LUA_BLOCK,
  SIMPLE,
  SINGLE_QUOTED,
  Tables,
  UNTERMINATED,
} from "./tables.ts";

export interface ScanOptions {
  /** Lengths count as UTF-8 bytes; otherwise a character is a byte. */
  readonly utf8: boolean;
  /** The text of `-g`: no blocks, no limit on length, other words for a missing `;`. */
  readonly commandLine: boolean;
  /** The content of `*_by_lua_block` is Lua; an nginx without the Lua module never gets as far. */
  readonly lua: boolean;
}

/**
 * Reads a text as nginx does (src/core/ngx_conf_file.c, the same from 1.22.1 to 1.31.4), and goes on after what
 * nginx refuses. One pass, no recursion.
 */
export class Scanner {
  readonly tables: Tables;
  readonly errors: GrammarError[] = [];
  /** Index of the block that is open; -1 at top level. */
  #parent = -1;
  /** Index of the first word of the statement that is being read. */
  #firstWord = 0;
  /** The end of the file came too early, which was said once. */
  #endReported = false;

  constructor(
    readonly text: string,
    readonly options: ScanOptions,
  ) {
    this.tables = new Tables(text.length);
  }

  run(): void {
    const { text, tables } = this;
    const length = text.length;
    let at = 0;
    while (at < length) {
      const code = text.charCodeAt(at);
      if (code === SPACE || code === LF || code === TAB || code === CR) at += 1;
      else if (code === SEMICOLON) {
        if (tables.words === this.#firstWord) this.#unexpected(at);
        else this.#end(SIMPLE, at);
        at += 1;
      } else if (code === OPEN) at = this.#open(at);
      else if (code === CLOSE) {
        this.#close(at);
        at += 1;
      } else if (code === HASH) at = this.#comment(at);
      else if (code === DOUBLE || code === SINGLE) at = this.#quoted(at, code);
      else at = this.#bare(at, code);
    }
    this.#endOfFile();
  }

  #bare(start: number, first: number): number {
    const text = this.text;
    const length = text.length;
    let flags = 0;
    let at = start;
    let code = first;
    for (;;) {
      if (code < 128 && special[code] === 1) {
        if (code === BACKSLASH) {
          flags = ESCAPED;
          at += 2;
        } else if (code === DOLLAR) {
          at += 1;
          while (text.charCodeAt(at) === OPEN) at += 1;
        } else break;
      } else at += 1;
      if (at >= length) {
        at = length;
        break;
      }
      code = text.charCodeAt(at);
    }
    // A space after the word is read before the word is let go.
    const held = at < length && code !== SEMICOLON && code !== OPEN ? at + 1 : at;
    this.tables.addWord(start, at, flags);
    if (held - start > 1300 && this.#overflows(start, held)) this.#tooLong(start, start, at);
    return at;
  }

  #quoted(start: number, quote: number): number {
    const { text, tables } = this;
    const content = start + 1;
    const limit = Math.min(text.length, content + bufferSize);
    let flags = quote === DOUBLE ? DOUBLE_QUOTED : SINGLE_QUOTED;
    let at = content;
    while (at < limit) {
      const code = text.charCodeAt(at);
      if (code === quote) break;
      if (code === BACKSLASH) {
        flags |= ESCAPED;
        at += 2;
      } else at += 1;
    }
    if (at >= limit) {
      if (limit === text.length && !this.#overflows(content, limit)) return this.#openAtEnd(start, flags);
      return this.#unclosed(start, quote, flags);
    }
    const next = at + 1;
    const after = text.charCodeAt(next);
    const space = after === SPACE || after === LF || after === TAB || after === CR;
    if (at - content > 1300 && this.#overflows(content, at)) return this.#unclosed(start, quote, flags);
    if (next < text.length && !space && after !== SEMICOLON && after !== OPEN && after !== PAREN)
      return this.#afterQuote(start, next, flags);
    tables.addWord(start, next, flags);
    if (next - content > 1300 && next < text.length && this.#overflows(content, space ? next + 1 : next))
      this.#tooLong(start, content, next);
    return next;
  }

  /** A quoted word that fills the buffer: nginx says that its closing quote is missing. */
  #unclosed(start: number, quote: number, flags: number): number {
    const end = this.#endOfLine(start);
    this.tables.addWord(start, end, flags);
    this.#report({
      message: `too long parameter, probably missing terminating "${String.fromCharCode(quote)}" character`,
      start,
      end,
      line: start,
      because: [{ message: "no closing quote on the line where the text begins", start: end, end }],
    });
    return end;
  }

  /** A quoted word that reaches the end of the file. */
  #openAtEnd(start: number, flags: number): number {
    const { length } = this.text;
    const end = this.#endOfLine(start);
    this.tables.addWord(start, end, flags);
    this.#unexpectedEnd([{ message: "no closing quote follows this one", start, end: start + 1 }]);
    return this.options.commandLine ? length : end;
  }

  /** A closing quote must be followed by a space, `;`, `{` or `)`. */
  #afterQuote(start: number, next: number, flags: number): number {
    const line = this.text.indexOf("\n", start);
    const severalLines = line !== -1 && line < next;
    const end = severalLines ? this.#endOfLine(start) : next;
    this.tables.addWord(start, end, flags);
    this.#report({
      message: this.#unexpectedText(next),
      start: next,
      end: next + ((this.text.codePointAt(next) ?? 0) > 0xffff ? 2 : 1),
      line: next,
      because: severalLines
        ? [
            { message: "the quoted text that ends here begins here", start, end: start + 1 },
            { message: "its closing quote may be missing here", start: end, end },
          ]
        : [{ message: "the quoted text ends before it", start, end: next }],
      help: severalLines
        ? "Close the quote on the line where it begins."
        : "Put a space after the closing quote, or quote the whole word.",
    });
    return end;
  }

  /** Where a quoted word is taken to end when its quote is missing: before the `;` or `{` that ends its line. */
  #endOfLine(start: number): number {
    const { text } = this;
    const found = text.indexOf("\n", start);
    const line = found === -1 ? text.length : found;
    let end = line;
    while (end > start + 1 && isSpace(text.charCodeAt(end - 1))) end -= 1;
    const last = text.charCodeAt(end - 1);
    return end > start + 1 && (last === SEMICOLON || last === OPEN) ? end - 1 : end;
  }

  #comment(start: number): number {
    const found = this.text.indexOf("\n", start);
    const end = found === -1 ? this.text.length : found;
    if (end - start > 1300 && this.#overflows(start, end)) this.#tooLong(start, start, end);
    this.tables.addComment(start, end);
    return end;
  }

  #open(at: number): number {
    const { text, tables } = this;
    if (this.options.commandLine)
      this.#report({
        message: "block directives are not supported in -g option",
        start: at,
        end: at + 1,
        line: at,
      });
    if (tables.words === this.#firstWord) this.#unexpected(at);
    else if (this.#inContentBlock()) this.#unexpected(at, "content");
    const name = tables.words === this.#firstWord ? "" : this.#word(this.#firstWord);
    if (!this.options.lua || !name.endsWith("_by_lua_block")) {
      this.#parent = this.#end(BLOCK, at);
      return at + 1;
    }
    const statement = this.#end(LUA_BLOCK, at);
    const end = findLuaEnd(text, at + 1);
    if (end.found) {
      tables.close[statement] = end.close;
      return end.close + 1;
    }
    this.#endReported = true;
    this.#report({
      message: end.message,
      start: end.at,
      end: end.at + 1,
      line: end.line,
      because: [{ message: "the Lua block begins here", start: at, end: at + 1 }],
    });
    return text.length;
  }

  #inContentBlock(): boolean {
    if (this.#parent === -1) return false;
    const first = this.tables.firstWord[this.#parent] ?? 0;
    if (first === this.tables.firstWord[this.#parent + 1]) return false;
    const length = (this.tables.wordEnd[first] ?? 0) - (this.tables.wordStart[first] ?? 0);
    return length < 16 && contentBlocks.has(this.#word(first));
  }

  #close(at: number): void {
    const { tables } = this;
    if (tables.words !== this.#firstWord) {
      const end = tables.wordEnd[tables.words - 1] ?? at;
      this.#unexpected(at, "lexical", [{ message: 'a ";" is missing here', start: end, end }]);
      this.#end(UNTERMINATED, end);
    } else if (this.#parent === -1) {
      this.#unexpected(at, "nesting");
      return;
    }
    if (this.#parent === -1) return;
    tables.close[this.#parent] = at;
    tables.after[this.#parent] = tables.statements;
    this.#parent = tables.parent[this.#parent] ?? -1;
  }

  #end(kind: number, terminator: number): number {
    const index = this.tables.addStatement(kind, this.#firstWord, terminator, this.#parent);
    this.#firstWord = this.tables.words;
    return index;
  }

  #endOfFile(): void {
    const { tables, text } = this;
    const length = text.length;
    if (tables.words !== this.#firstWord) {
      const end = tables.wordEnd[tables.words - 1] ?? length;
      this.#unexpectedEnd([{ message: 'this statement has no ";"', start: this.#statementStart(), end }]);
      this.#end(UNTERMINATED, end);
    } else if (this.#parent !== -1 && !this.#endReported) {
      const block = this.#blockLeftOpen();
      this.#report({
        message: 'unexpected end of file, expecting "}"',
        start: length,
        end: length,
        line: length,
        kind: "nesting",
        because: [
          {
            message: 'no "}" closes this block',
            start: this.#blockStart(block),
            end: (tables.terminator[block] ?? 0) + 1,
          },
        ],
      });
    }
    while (this.#parent !== -1) {
      tables.after[this.#parent] = tables.statements;
      this.#parent = tables.parent[this.#parent] ?? -1;
    }
  }

  #unexpectedEnd(because: GrammarError["because"]): void {
    if (this.#endReported) return;
    this.#endReported = true;
    const { length } = this.text;
    this.#report({
      message: this.options.commandLine
        ? 'unexpected end of parameter, expecting ";"'
        : 'unexpected end of file, expecting ";" or "}"',
      start: length,
      end: length,
      line: length,
      because,
    });
  }

  /**
   * The block whose `}` is missing. Every `}` closed the innermost block, so the one that really lacks it shows
   * by a `}` that stands further left than the line that opened its block; else it is the innermost left open.
   */
  #blockLeftOpen(): number {
    const { tables } = this;
    let block = this.#parent;
    let earliest = this.text.length;
    for (let index = 0; index < tables.statements; index++) {
      const close = tables.close[index] ?? -1;
      if (tables.kind[index] !== BLOCK || close === -1 || close > earliest) continue;
      const closing = this.#indentation(close);
      if (closing === -1) continue;
      if (closing < this.#indentation(this.#blockStart(index))) {
        earliest = close;
        block = index;
      }
    }
    return block;
  }

  /** Where the name of a block stands, or its brace where it has none. */
  #blockStart(index: number): number {
    const { firstWord, wordStart, terminator } = this.tables;
    const first = firstWord[index] ?? 0;
    return first === firstWord[index + 1] ? (terminator[index] ?? 0) : (wordStart[first] ?? 0);
  }

  /** Column of what stands first on its line; -1 for what does not. */
  #indentation(offset: number): number {
    let start = offset;
    while (start > 0 && offset - start < 200) {
      const code = this.text.charCodeAt(start - 1);
      if (code !== SPACE && code !== TAB) break;
      start -= 1;
    }
    return start === 0 || this.text.charCodeAt(start - 1) === LF ? offset - start : -1;
  }

  #overflows(start: number, held: number): boolean {
    return !this.options.commandLine && overflows(this.text, start, held, this.options.utf8);
  }

  #tooLong(start: number, content: number, end: number): void {
    this.#report({
      message: `too long parameter "${firstTenBytes(this.text, content, this.options.utf8)}..." started`,
      start,
      end,
      line: start,
      because: [],
      help: `nginx reads a word or a comment of at most ${bufferSize - 1} bytes.`,
    });
  }

  #unexpected(
    at: number,
    kind: GrammarError["kind"] = "lexical",
    because: GrammarError["because"] = [],
  ): void {
    this.#report({ message: this.#unexpectedText(at), start: at, end: at + 1, line: at, kind, because });
  }

  #unexpectedText(at: number): string {
    return `unexpected "${String.fromCodePoint(this.text.codePointAt(at) ?? 0)}"`;
  }

  #report(
    error: Omit<GrammarError, "kind" | "because" | "statement"> &
      Partial<Pick<GrammarError, "kind" | "because">>,
  ): void {
    if (this.errors.length >= mostErrors) return;
    const statement = Math.min(this.#statementStart(), error.start);
    this.errors.push({ kind: "lexical", because: [], ...error, statement });
  }

  #statementStart(): number {
    return this.#firstWord === this.tables.words
      ? this.text.length
      : (this.tables.wordStart[this.#firstWord] ?? 0);
  }

  #word(index: number): string {
    const start = this.tables.wordStart[index] ?? 0;
    const end = this.tables.wordEnd[index] ?? 0;
    const flags = this.tables.wordFlags[index] ?? 0;
    if (flags === 0) return this.text.slice(start, end);
    return decodeWord(flags === ESCAPED ? this.text.slice(start, end) : this.text.slice(start + 1, end - 1));
  }
}

/** Blocks that take statements only: their handlers see every word (src/core/ngx_conf_file.c ngx_conf_parse). */
export const contentBlocks: ReadonlySet<string> = new Set([
  "types",
  "map",
  "geo",
  "split_clients",
  "charset_map",
]);
