/** Kinds of statement, as stored in `Tables.kind`. */
export const SIMPLE = 0;
export const BLOCK = 1;
/** A block whose content another lexer read: `*_by_lua_block`. */
export const LUA_BLOCK = 2;
/** Words without a `;`: the block or the file ended first. */
export const UNTERMINATED = 3;

/** Bits of `Tables.wordFlags`. */
export const DOUBLE_QUOTED = 1;
export const SINGLE_QUOTED = 2;
export const ESCAPED = 4;
export const HOLE = 8;

/**
 * The statements of one file in reading order (a block stands before its content) and their words, as columns
 * of numbers: a file of some megabytes costs no object per token. All offsets count UTF-16 code units.
 */
export class Tables {
  words = 0;
  /** Where the word stands, its quotes included. */
  wordStart: Int32Array<ArrayBuffer>;
  wordEnd: Int32Array<ArrayBuffer>;
  wordFlags: Uint8Array<ArrayBuffer>;

  statements = 0;
  kind: Uint8Array<ArrayBuffer>;
  /** Index of the first word; the words reach to those of the next statement. */
  firstWord: Int32Array<ArrayBuffer>;
  /** Offset of the `;` or `{`; where there is none, the place where it is missing. */
  terminator: Int32Array<ArrayBuffer>;
  parent: Int32Array<ArrayBuffer>;
  /** Index of the first statement that does not stand inside this one. */
  after: Int32Array<ArrayBuffer>;
  /** Offset of the `}` of a block; -1 where it is missing. */
  close: Int32Array<ArrayBuffer>;

  comments = 0;
  commentStart = new Int32Array(16);
  commentEnd = new Int32Array(16);

  constructor(length: number) {
    const words = 16 + (length >> 4);
    this.wordStart = new Int32Array(words);
    this.wordEnd = new Int32Array(words);
    this.wordFlags = new Uint8Array(words);
    const statements = 16 + (length >> 6);
    this.kind = new Uint8Array(statements);
    this.firstWord = new Int32Array(statements + 1);
    this.terminator = new Int32Array(statements);
    this.parent = new Int32Array(statements);
    this.after = new Int32Array(statements);
    this.close = new Int32Array(statements);
  }

  addWord(start: number, end: number, flags: number): void {
    const index = this.words;
    if (index === this.wordStart.length) {
      this.wordStart = doubled(this.wordStart, index * 2);
      this.wordEnd = doubled(this.wordEnd, index * 2);
      const flagsBefore = this.wordFlags;
      this.wordFlags = new Uint8Array(index * 2);
      this.wordFlags.set(flagsBefore);
    }
    this.wordStart[index] = start;
    this.wordEnd[index] = end;
    this.wordFlags[index] = flags;
    this.words = index + 1;
  }

  /** @returns the index of the new statement */
  addStatement(kind: number, firstWord: number, terminator: number, parent: number): number {
    const index = this.statements;
    if (index === this.kind.length) this.#growStatements(index * 2);
    this.kind[index] = kind;
    this.firstWord[index] = firstWord;
    this.firstWord[index + 1] = this.words;
    this.terminator[index] = terminator;
    this.parent[index] = parent;
    this.after[index] = index + 1;
    this.close[index] = -1;
    this.statements = index + 1;
    return index;
  }

  addComment(start: number, end: number): void {
    const index = this.comments;
    if (index === this.commentStart.length) {
      this.commentStart = doubled(this.commentStart, index * 2);
      this.commentEnd = doubled(this.commentEnd, index * 2);
    }
    this.commentStart[index] = start;
    this.commentEnd[index] = end;
    this.comments = index + 1;
  }

  #growStatements(length: number): void {
    const kind = this.kind;
    this.kind = new Uint8Array(length);
    this.kind.set(kind);
    this.firstWord = doubled(this.firstWord, length + 1);
    this.terminator = doubled(this.terminator, length);
    this.parent = doubled(this.parent, length);
    this.after = doubled(this.after, length);
    this.close = doubled(this.close, length);
  }
}

function doubled(column: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(length);
  wider.set(column);
  return wider;
}
