import type { SourceFile } from "../../text/source-file.ts";
import { type Span, span } from "../../text/span.ts";
import type { Problem } from "../problem.ts";
import { decodeWord } from "./decode.ts";
import {
  BLOCK,
  DOUBLE_QUOTED,
  ESCAPED,
  HOLE,
  LUA_BLOCK,
  SINGLE_QUOTED,
  type Tables,
  UNTERMINATED,
} from "./tables.ts";

/** What nginx says of the first thing in a file that it refuses by form alone. */
export interface NginxRefusal {
  /** nginx's own words, such as `unexpected "}"`. */
  readonly message: string;
  /** The line that nginx names, from 1. */
  readonly line: number;
  readonly at: Span;
  /** Where the statement begins that nginx never comes to; before `at` where a quote is left open. */
  readonly from: number;
}

/**
 * One nginx file as a tree. Words and directives are handles on tables of numbers; a directive is the same object
 * each time it is asked for.
 */
export class NginxFile {
  readonly #directives: NginxDirective[] = [];

  /** Use `parseNginx`. */
  constructor(
    readonly source: SourceFile,
    readonly tables: Tables,
    /** The file is filled in before nginx sees it, so that it cannot be judged by nginx's grammar alone. */
    readonly template: boolean,
    /** The template holds conditions or loops: it may leave directives out, or repeat them. */
    readonly conditional: boolean,
    /** Places that the template fills in, in order: `{{ x }}`, `{% if %}`, `${X}`. */
    readonly holes: readonly Span[],
    readonly refusal: NginxRefusal | undefined,
    readonly problems: readonly Problem[],
  ) {}

  /** The directives at top level, in order. */
  get directives(): NginxDirective[] {
    return this.between(0, this.tables.statements);
  }

  /** Every directive, a block before its content. */
  get directiveCount(): number {
    return this.tables.statements;
  }

  /** The directive at a place of the reading order, from 0. */
  directive(index: number): NginxDirective {
    let directive = this.#directives[index];
    if (directive === undefined) {
      directive = new NginxDirective(this, index);
      this.#directives[index] = directive;
    }
    return directive;
  }

  /** From `#` to before the line end, in order. */
  get comments(): Span[] {
    const { comments, commentStart, commentEnd } = this.tables;
    return Array.from({ length: comments }, (_, index) =>
      span(this.source, commentStart[index] ?? 0, commentEnd[index] ?? 0),
    );
  }

  /** @internal The directives from an index on that stand beside each other. */
  between(start: number, end: number): NginxDirective[] {
    const found: NginxDirective[] = [];
    for (let index = start; index < end; index = this.tables.after[index] ?? end)
      found.push(this.directive(index));
    return found;
  }
}

/**
 * `simple` ends with `;`, `block` has directives between braces, `lua` has Lua code between braces,
 * `unterminated` lacks its `;`.
 */
export type DirectiveKind = "simple" | "block" | "lua" | "unterminated";

export class NginxDirective {
  constructor(
    readonly file: NginxFile,
    /** Place in the reading order of the file, from 0. */
    readonly index: number,
  ) {}

  get kind(): DirectiveKind {
    const kind = this.file.tables.kind[this.index];
    if (kind === BLOCK) return "block";
    if (kind === LUA_BLOCK) return "lua";
    return kind === UNTERMINATED ? "unterminated" : "simple";
  }

  /** The first word as nginx understands it; empty where a `{` stands without a name. */
  get name(): string {
    const first = this.#firstWord;
    return first === this.#endWord ? "" : wordText(this.file, first);
  }

  get nameSpan(): Span {
    const first = this.#firstWord;
    return first === this.#endWord ? this.terminator : new NginxWord(this.file, first).span;
  }

  /** Name and arguments. */
  get words(): NginxWord[] {
    return this.#from(this.#firstWord);
  }

  get args(): NginxWord[] {
    return this.#from(Math.min(this.#firstWord + 1, this.#endWord));
  }

  get argCount(): number {
    return Math.max(0, this.#endWord - this.#firstWord - 1);
  }

  /** Argument from 0. */
  arg(number: number): NginxWord | undefined {
    const index = this.#firstWord + 1 + number;
    return index < this.#endWord ? new NginxWord(this.file, index) : undefined;
  }

  /** The `;` or `{`; empty, at the place where it is missing, in an unterminated directive. */
  get terminator(): Span {
    const at = this.file.tables.terminator[this.index] ?? 0;
    return span(this.file.source, at, this.file.tables.kind[this.index] === UNTERMINATED ? at : at + 1);
  }

  /** The line that nginx names when it refuses this directive: that of the terminator. */
  get line(): number {
    return this.file.source.position(this.file.tables.terminator[this.index] ?? 0).line;
  }

  /** From the name to the terminator, its content left out. */
  get head(): Span {
    return span(this.file.source, this.nameSpan.start, this.terminator.end);
  }

  /** From the name to the `;` or `}`; to the end of its content where the `}` is missing. */
  get span(): Span {
    const close = this.close;
    if (close !== undefined) return span(this.file.source, this.nameSpan.start, close.end);
    if (this.kind === "simple" || this.kind === "unterminated") return this.head;
    return span(this.file.source, this.nameSpan.start, this.file.source.text.length);
  }

  /** The `}` of a block; undefined where it is missing. */
  get close(): Span | undefined {
    const at = this.file.tables.close[this.index] ?? -1;
    return at === -1 ? undefined : span(this.file.source, at, at + 1);
  }

  get parent(): NginxDirective | undefined {
    const parent = this.file.tables.parent[this.index] ?? -1;
    return parent === -1 ? undefined : this.file.directive(parent);
  }

  /** The directives of a block, in order. */
  get children(): NginxDirective[] {
    return this.file.between(this.index + 1, this.file.tables.after[this.index] ?? 0);
  }

  /** A word of it is filled in by a template, so its arguments are not all known. */
  get hole(): boolean {
    for (let index = this.#firstWord; index < this.#endWord; index++)
      if (((this.file.tables.wordFlags[index] ?? 0) & HOLE) !== 0) return true;
    return false;
  }

  get #firstWord(): number {
    return this.file.tables.firstWord[this.index] ?? 0;
  }

  get #endWord(): number {
    return this.file.tables.firstWord[this.index + 1] ?? 0;
  }

  #from(first: number): NginxWord[] {
    const words: NginxWord[] = [];
    for (let index = first; index < this.#endWord; index++) words.push(new NginxWord(this.file, index));
    return words;
  }
}

export type QuoteKind = "none" | "single" | "double";

export class NginxWord {
  constructor(
    readonly file: NginxFile,
    /** Place among the words of the file, from 0. */
    readonly index: number,
  ) {}

  /** As written, the quotes included. */
  get raw(): string {
    return this.file.source.text.slice(this.start, this.end);
  }

  /** As nginx understands it: without quotes, escapes resolved. */
  get text(): string {
    return wordText(this.file, this.index);
  }

  get quote(): QuoteKind {
    const flags = this.file.tables.wordFlags[this.index] ?? 0;
    if ((flags & DOUBLE_QUOTED) !== 0) return "double";
    return (flags & SINGLE_QUOTED) !== 0 ? "single" : "none";
  }

  /** A template fills in a part of it. */
  get hole(): boolean {
    return ((this.file.tables.wordFlags[this.index] ?? 0) & HOLE) !== 0;
  }

  get start(): number {
    return this.file.tables.wordStart[this.index] ?? 0;
  }

  get end(): number {
    return this.file.tables.wordEnd[this.index] ?? 0;
  }

  get span(): Span {
    return span(this.file.source, this.start, this.end);
  }
}

function wordText(file: NginxFile, index: number): string {
  const { tables, source } = file;
  const start = tables.wordStart[index] ?? 0;
  const end = tables.wordEnd[index] ?? 0;
  const flags = tables.wordFlags[index] ?? 0;
  if ((flags & (DOUBLE_QUOTED | SINGLE_QUOTED)) === 0) {
    const raw = source.text.slice(start, end);
    return (flags & ESCAPED) === 0 ? raw : decodeWord(raw);
  }
  const closed = end - start > 1 && source.text.charCodeAt(end - 1) === source.text.charCodeAt(start);
  const raw = source.text.slice(start + 1, closed ? end - 1 : end);
  return (flags & ESCAPED) === 0 ? raw : decodeWord(raw);
}
