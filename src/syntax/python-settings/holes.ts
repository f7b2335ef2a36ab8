/** A place that a template engine fills. */
export interface Hole {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface MaskedText {
  /** As long as the original; holes are filled with letters, template tags with blanks. */
  readonly text: string;
  /** In order. */
  readonly holes: readonly Hole[];
  /** From the first to behind the last `{% ... %}` tag: what stands there may be left out or repeated. */
  readonly conditional: { readonly start: number; readonly end: number } | undefined;
}

/** Jinja and ERB values, `%%NAME%%`, `@NAME@`, `__NAME__`; `${NAME}` counts outside of strings only. */
const inAnyText =
  /\{\{-?\s*[\w.][^\n]{0,500}?\}\}|<%=[^\n]{0,500}?%>|%%[A-Z][A-Z0-9_]+%%|@[A-Z][A-Z0-9_]+@|__[A-Z][A-Z0-9_]*__/y;
const inCode = /\$\{\w[^\n{}]{0,200}\}/y;
const tag = /\{%-?\s*\w[^\n]{0,500}?%\}|<%-?(?!=)[^\n]{0,500}?%>/y;

/** Fills template holes so that Python can be parsed around them. Offsets do not change. */
export function maskHoles(source: string): MaskedText {
  return new HoleMasker(source).mask();
}

class HoleMasker {
  readonly #source: string;
  readonly #holes: Hole[] = [];
  readonly #pieces: string[] = [];
  #done = 0;
  #index = 0;
  #firstTag: number | undefined;
  #lastTag = 0;

  constructor(source: string) {
    this.#source = source;
  }

  mask(): MaskedText {
    const opening = /["'#]|[{<%@_$]/g;
    for (;;) {
      opening.lastIndex = this.#index;
      const found = opening.exec(this.#source);
      if (found === null) break;
      this.#index = found.index;
      if (found[0] === "#") this.#skipComment();
      else if (found[0] === '"' || found[0] === "'") this.#skipString(found[0]);
      else if (!this.#tagHere() && !this.#holeHere(inAnyText, "H") && !this.#holeHere(inCode, "H"))
        this.#index++;
    }
    this.#pieces.push(this.#source.slice(this.#done));
    return {
      text: this.#pieces.join(""),
      holes: this.#holes,
      conditional: this.#firstTag === undefined ? undefined : { start: this.#firstTag, end: this.#lastTag },
    };
  }

  #skipComment(): void {
    const end = this.#source.indexOf("\n", this.#index);
    this.#index = end === -1 ? this.#source.length : end;
  }

  #skipString(quote: string): void {
    const prefix =
      /[A-Za-z]{0,2}$/.exec(this.#source.slice(Math.max(0, this.#index - 2), this.#index))?.[0] ?? "";
    const formatted = /f/i.test(prefix);
    const triple = this.#source.startsWith(quote.repeat(3), this.#index);
    const close = triple ? quote.repeat(3) : quote;
    this.#index += close.length;
    while (this.#index < this.#source.length) {
      if (this.#source.startsWith(close, this.#index)) {
        this.#index += close.length;
        return;
      }
      const character = this.#source.charAt(this.#index);
      if (character === "\\") this.#index += 2;
      else if (character === "\n" && !triple) return;
      else if (formatted || (!this.#holeHere(inAnyText, "X") && !this.#tagHere())) this.#index++;
    }
  }

  #holeHere(pattern: RegExp, filler: string): boolean {
    const text = match(pattern, this.#source, this.#index);
    if (text === undefined) return false;
    this.#holes.push({ start: this.#index, end: this.#index + text.length, text });
    this.#replace(text, filler);
    return true;
  }

  #tagHere(): boolean {
    const text = match(tag, this.#source, this.#index);
    if (text === undefined) return false;
    this.#firstTag ??= this.#index;
    this.#lastTag = this.#index + text.length;
    this.#replace(text, " ");
    return true;
  }

  #replace(text: string, filler: string): void {
    this.#pieces.push(this.#source.slice(this.#done, this.#index), filler.repeat(text.length));
    this.#index += text.length;
    this.#done = this.#index;
  }
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
