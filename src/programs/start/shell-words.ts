import type { DoubleQuotedChild, Word, WordPart } from "unbash";
import { derive, unknown, type Value, written } from "../../model/value.ts";
import type { Span } from "../../text/span.ts";
import { arithmeticValue } from "./shell-arithmetic.ts";
import type { ShellContext } from "./shell-context.ts";
import { bracedParameter, type Expansion, simpleParameter } from "./shell-parameter.ts";
import type { ShellPattern } from "./shell-pattern.ts";
import type { ShellField, ShellText, UnsetUse } from "./shell-state.ts";
import { concatenated, expandedText, openText, type TextPiece, variableText } from "./shell-text.ts";

/** The words of a command after every expansion. */
export function expandWords(shell: ShellContext, words: readonly Word[]): ShellField[] {
  const fields: ShellField[] = [];
  for (const word of words) {
    const builder = new FieldBuilder(shell, word);
    builder.word(word);
    fields.push(...builder.finish());
  }
  return fields;
}

/** One text of a word, without word splitting: an assignment, the subject of `case`, an operand of `[[ ]]`. */
export function expandText(shell: ShellContext, word: Word): ShellText {
  const builder = new FieldBuilder(shell, word, true);
  builder.word(word);
  return builder.text();
}

/** A word that stands as a pattern; undefined where a part of it is not known. */
export function expandPattern(shell: ShellContext, word: Word): ShellPattern | undefined {
  let text = "";
  const quoted: boolean[] = [];
  const add = (part: string, isQuoted: boolean) => {
    shell.budget.text(part.length);
    text += part;
    for (let index = 0; index < part.length; index++) quoted.push(isQuoted);
  };
  const unescaped = (raw: string) => {
    for (let index = 0; index < raw.length; index++)
      if (raw.charAt(index) === "\\" && index + 1 < raw.length) add(raw.charAt(++index), true);
      else add(raw.charAt(index), false);
  };
  if (word.parts === undefined) {
    unescaped(word.text);
    return { text, quoted };
  }
  for (const part of word.parts)
    if (part.type === "Glob") add(part.text, false);
    else if (part.type === "Literal") unescaped(part.text);
    else if (part.type === "ExtendedGlob" || part.type === "BraceExpansion") return undefined;
    else {
      const builder = new FieldBuilder(shell, word, true);
      builder.part(part, false);
      const { value } = builder.text();
      if (!value.known) return undefined;
      const plain = part.type === "SimpleExpansion" || part.type === "ParameterExpansion";
      add(value.value ?? "", !plain);
    }
  return { text, quoted };
}

class FieldBuilder {
  readonly #shell: ShellContext;
  readonly #word: Word;
  readonly #at: Span;
  readonly #whole: boolean;
  readonly #fields: ShellField[] = [];
  #pieces: TextPiece[] | undefined;
  #unset: UnsetUse[] = [];
  /** Parameters whose place a default takes, while it is added. */
  readonly #replaced: Value<unknown>[] = [];
  /** Those of the current field. */
  #because = new Set<Value<unknown>>();
  #glob = false;
  /** The field of `"$@"` that the current one is, as long as nothing is added to it. */
  #taken: ShellField | undefined;

  /** @param whole without word splitting */
  constructor(shell: ShellContext, word: Word, whole = false) {
    this.#shell = shell;
    this.#word = word;
    this.#at = shell.source.place(word.pos, word.end);
    this.#whole = whole;
  }

  finish(): ShellField[] {
    this.#endField();
    return this.#fields;
  }

  /** Everything as one text. */
  text(): ShellText {
    const pieces = this.#pieces ?? [];
    const [first] = pieces;
    const unset = this.#unset;
    if (pieces.length === 1 && first !== undefined && typeof first !== "string" && this.#because.size === 0)
      return { value: first, unset };
    return { value: concatenated("text", this.#word.text, pieces, this.#at, [...this.#because]), unset };
  }

  word(word: Word): void {
    this.#shell.budget.step();
    if (word.parts === undefined) {
      this.#literal(this.#tilde(word.value, word.text));
      return;
    }
    word.parts.forEach((part, index) => {
      const home = index === 0 && part.type === "Literal" && part.text.startsWith("~/");
      if (home) this.#literal(this.#tilde(part.value, part.text));
      else this.part(part, false);
    });
  }

  part(part: WordPart | DoubleQuotedChild, quoted: boolean): void {
    switch (part.type) {
      case "Literal":
      case "SingleQuoted":
      case "AnsiCQuoted":
        this.#literal(part.value);
        return;
      case "Glob":
        this.#literal(part.text);
        if (part.kind !== "bracket") this.#glob = true;
        return;
      case "ExtendedGlob":
      case "BraceExpansion":
        this.#literal(part.text);
        return;
      case "DoubleQuoted":
      case "LocaleString":
        this.#quoted(part.parts);
        return;
      case "SimpleExpansion":
        this.#expansion(simpleParameter(this.#shell, part.text.slice(1), this.#place(part)), quoted);
        return;
      case "ParameterExpansion":
        this.#expansion(
          bracedParameter(this.#shell, part, {
            text: (word) => expandText(this.#shell, word),
            pattern: (word) => expandPattern(this.#shell, word),
          }),
          quoted,
        );
        return;
      case "CommandExpansion": {
        const at = this.#place(part);
        const printed =
          part.script === undefined
            ? openText(part.text.slice(0, 60), "its command cannot be read", at)
            : this.#shell.printedBy(part.script, at);
        this.#value(printed, quoted);
        return;
      }
      case "ArithmeticExpansion":
        this.#value(
          { value: arithmeticValue(this.#shell, part, (word) => expandText(this.#shell, word)), unset: [] },
          quoted,
        );
        return;
      case "ProcessSubstitution":
        this.#value(openText("argument", "a process substitution", this.#place(part)), true);
    }
  }

  #place(part: { readonly pos: number; readonly end: number }): Span {
    return this.#shell.source.place(part.pos, part.end);
  }

  /** `"$@"` of no arguments is no word, every other pair of quotes is one. */
  #quoted(parts: readonly DoubleQuotedChild[]): void {
    const [only] = parts;
    const list =
      parts.length === 1 &&
      (only?.type === "ParameterExpansion" || only?.type === "SimpleExpansion") &&
      /[@]/.test(only.text);
    if (!list) this.#add("");
    for (const part of parts) this.part(part, true);
  }

  #tilde(value: string, text: string): string | Value<string> {
    if (text !== "~" && !text.startsWith("~/")) return value;
    const home = expandedText(variableText(this.#shell.state, "HOME").value);
    return concatenated("path", text, [home, value.slice(1)], this.#at);
  }

  #literal(text: TextPiece): void {
    this.#add(text);
  }

  #expansion(expansion: Expansion, quoted: boolean): void {
    if (expansion.kind === "text") this.#value(expansion.text, quoted);
    else if (expansion.kind === "either") {
      const value = expansion.choose(expandText(this.#shell, expansion.word));
      this.#value({ value, unset: expansion.unset }, quoted);
    } else if (expansion.kind === "word") {
      this.#replaced.push(expansion.instead);
      this.#operand(expansion.word, `default of ${expansion.instead.label}`, quoted);
      this.#replaced.pop();
    } else this.#list(expansion, quoted);
  }

  /** The word of `${X:-word}` is split where it is not quoted, like a value. */
  #operand(word: Word, label: string, quoted: boolean): void {
    const at = this.#place(word);
    if (word.parts === undefined) {
      if (word.text === "") return;
      this.#value({ value: written(label, word.value, at), unset: [] }, quoted || /["'\\]/.test(word.text));
      return;
    }
    for (const part of word.parts)
      if (part.type === "Literal" && !quoted)
        this.#value({ value: written(label, part.value, this.#place(part)), unset: [] }, false);
      else this.part(part, quoted);
  }

  #list(expansion: Extract<Expansion, { kind: "fields" }>, quoted: boolean): void {
    const { fields, joined } = expansion;
    if (!("length" in fields)) {
      this.#add({ known: false, label: fields.label, origin: fields.origin });
      return;
    }
    const separate = !this.#whole && !(joined && quoted);
    fields.forEach((field, index) => {
      this.#shell.budget.step();
      if (index > 0) {
        if (separate) this.#endField();
        else this.#add(" ");
      }
      this.#note(field.unset ?? []);
      if (!quoted && !this.#whole) {
        this.#value({ value: field.text, unset: [] }, false);
        return;
      }
      const alone = this.#pieces === undefined && separate;
      this.#add(field.text);
      if (alone) this.#taken = field;
    });
  }

  /** Each use once: a variable can be made from itself. */
  #note(uses: readonly UnsetUse[]): void {
    for (const use of uses) if (!this.#unset.includes(use)) this.#unset.push(use);
  }

  #value(text: ShellText, quoted: boolean): void {
    this.#note(text.unset);
    const value = expandedText(text.value);
    if (quoted || this.#whole) this.#add(value);
    else this.#split(value);
  }

  /** Blanks in an unquoted value separate words. */
  #split(value: Value<string>): void {
    const separators = this.#separators();
    const choices = value.known ? [value] : (value.candidates ?? []);
    const shapes = choices.map((choice) => wordsOf(choice.value, separators));
    const [shape] = shapes;
    if (separators === undefined || shape === undefined || !shapes.every((each) => sameShape(each, shape))) {
      this.#add({ known: false, label: value.label, origin: openOrigin(value) });
      return;
    }
    if (shape.leading) this.#endField();
    for (let index = 0; index < shape.words.length; index++) {
      if (index > 0) this.#endField();
      this.#shell.budget.step();
      const alone = shape.words.length === 1 && !shape.leading && !shape.trailing;
      this.#add(
        alone
          ? value
          : derive(
              value.label,
              `word ${index + 1} of ${value.label}`,
              [value],
              (held) => wordsOf(held, separators).words[index] ?? "",
            ),
      );
    }
    if (shape.trailing && shape.words.length > 0) this.#endField();
  }

  /** Undefined where IFS is set to something that is not known. */
  #separators(): string | undefined {
    const { value } = variableText(this.#shell.state, "IFS");
    if (!value.known) return this.#shell.state.variables.has("IFS") ? undefined : blanks;
    return value.value ?? blanks;
  }

  #add(piece: TextPiece): void {
    const length = typeof piece === "string" ? piece.length : piece.known ? piece.value.length : 0;
    this.#shell.budget.text(length);
    this.#taken = undefined;
    for (const each of this.#replaced) this.#because.add(each);
    if (this.#pieces === undefined) this.#pieces = [piece];
    else this.#pieces.push(piece);
  }

  #endField(): void {
    const pieces = this.#pieces;
    if (pieces === undefined) return;
    const taken = this.#taken;
    if (taken !== undefined) this.#fields.push(taken);
    else this.#fields.push({ at: this.#at, text: this.#matched(pieces), unset: this.#unset });
    this.#pieces = undefined;
    this.#taken = undefined;
    this.#unset = [];
    this.#because = new Set();
    this.#glob = false;
  }

  /** A pattern becomes the files that match it; one that begins like an option matches none. */
  #matched(pieces: readonly TextPiece[]): Value<string> {
    const text = concatenated("argument", this.#word.text, pieces, this.#at, [...this.#because]);
    if (!this.#glob || !text.known || text.value.startsWith("-")) return text;
    return unknown("argument", `which files match ${text.value.slice(0, 40)} is not known`, { at: this.#at });
  }
}

const blanks = " \t\n";

interface Words {
  readonly words: readonly string[];
  readonly leading: boolean;
  readonly trailing: boolean;
}

function wordsOf(text: string, separators: string | undefined): Words {
  const words: string[] = [];
  let word = "";
  let open = false;
  const set = separators ?? "";
  for (const character of text)
    if (set.includes(character)) {
      if (open) words.push(word);
      else if (!blanks.includes(character)) words.push("");
      word = "";
      open = false;
    } else {
      word += character;
      open = true;
    }
  if (open) words.push(word);
  return {
    words,
    leading: text !== "" && blanks.includes(text.charAt(0)) && set.includes(text.charAt(0)),
    trailing: text !== "" && set.includes(text.slice(-1)),
  };
}

function sameShape(one: Words, other: Words): boolean {
  return (
    one.words.length === other.words.length &&
    one.leading === other.leading &&
    one.trailing === other.trailing
  );
}

function openOrigin(value: Value<string>): Extract<Value<string>, { known: false }>["origin"] {
  if (!value.known) return { ...value.origin, from: value.origin.from ?? [value] };
  return { kind: "unknown", why: "it is split at separators that are not known", from: [value] };
}
