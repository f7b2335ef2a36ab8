import { assumptionsOf, derive, unknown, type Value, written } from "../../../model/value.ts";
import type { DockerfileWord } from "../../../syntax/dockerfile/instruction.ts";
import type { Span } from "../../../text/span.ts";
import { templateHole } from "../../../text/template-hole.ts";

/** Where `$NAME` is looked up; `undefined` as a value: certainly not set. */
interface Variables {
  get(name: string): Value<string | undefined>;
}

/** A word with its variables put in, or what is wrong with it. */
interface Substituted {
  readonly value: Value<string>;
  /** Why BuildKit refuses the word. */
  readonly error: string | undefined;
}

/** As deep as `${A:-${B:-c}}` is followed. */
const deepest = 50;

/**
 * Puts variables into a word and takes quotes and escapes away, as BuildKit does for every instruction but RUN,
 * CMD, ENTRYPOINT (frontend/dockerfile/shell/lex.go, ProcessWord).
 *
 * @param quotes `keep` for the content of a heredoc, where quotes mean nothing
 */
export function substitute(
  label: string,
  word: DockerfileWord,
  escapeToken: string,
  variables: Variables,
  quotes: "take away" | "keep" = "take away",
): Substituted {
  const hole = templateHole(word.text.replaceAll("${", "$("));
  if (hole !== undefined) return { value: unknown(label, hole, { at: word.at }), error: undefined };
  const lexer = new Lexer(word.text, escapeToken, variables, quotes === "take away");
  const text = lexer.until(undefined, 0);
  if (lexer.error !== undefined)
    return { value: unknown(label, lexer.error, { at: word.at }), error: lexer.error };
  if (lexer.unfollowed !== undefined)
    return { value: unknown(label, lexer.unfollowed, { at: word.at }), error: undefined };
  const { used } = lexer;
  const missing = used.find((each) => !each.known);
  if (missing?.known === false)
    return {
      value: unknown(label, missing.origin.why, { at: word.at, from: used }),
      error: undefined,
    };
  const value =
    used.length === 0
      ? written(label, text, word.at)
      : derive(label, `${shortened(word.text)} with its variables put in`, used, () => text, word.at);
  return { value, error: undefined };
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

class Lexer {
  /** Values that the result stands on. */
  readonly used: Value<string | undefined>[] = [];
  error: string | undefined;
  /** What is valid but not followed here. */
  unfollowed: string | undefined;
  readonly #text: string;
  readonly #escapeToken: string;
  readonly #variables: Variables;
  readonly #quotes: boolean;
  #at = 0;

  constructor(text: string, escapeToken: string, variables: Variables, quotes: boolean) {
    this.#text = text;
    this.#escapeToken = escapeToken;
    this.#variables = variables;
    this.#quotes = quotes;
  }

  /** The text up to a stop character, which is consumed; up to the end where there is none. */
  until(stop: string | undefined, depth: number): string {
    const pieces: string[] = [];
    while (this.#at < this.#text.length && this.error === undefined) {
      const character = this.#text.charAt(this.#at);
      if (character === stop) {
        this.#at += 1;
        return pieces.join("");
      }
      if (this.#quotes && character === "'") pieces.push(this.#singleQuoted());
      else if (this.#quotes && character === '"') pieces.push(this.#doubleQuoted(depth));
      else if (character === "$") pieces.push(this.#dollar(depth));
      else {
        this.#at += 1;
        if (character !== this.#escapeToken) pieces.push(character);
        else if (this.#at < this.#text.length) {
          pieces.push(this.#text.charAt(this.#at));
          this.#at += 1;
        }
      }
    }
    if (stop !== undefined) this.error ??= `a ${stop} is missing`;
    return pieces.join("");
  }

  #singleQuoted(): string {
    const close = this.#text.indexOf("'", this.#at + 1);
    if (close === -1) {
      this.error = "a single quote is not closed";
      return "";
    }
    const inside = this.#text.slice(this.#at + 1, close);
    this.#at = close + 1;
    return inside;
  }

  #doubleQuoted(depth: number): string {
    const pieces: string[] = [];
    this.#at += 1;
    while (this.#at < this.#text.length && this.error === undefined) {
      const character = this.#text.charAt(this.#at);
      if (character === '"') {
        this.#at += 1;
        return pieces.join("");
      }
      if (character === "$") {
        pieces.push(this.#dollar(depth));
        continue;
      }
      this.#at += 1;
      const next = this.#text.charAt(this.#at);
      if (character === this.#escapeToken && (next === '"' || next === "$" || next === this.#escapeToken)) {
        pieces.push(next);
        this.#at += 1;
      } else if (character !== this.#escapeToken || next !== "") pieces.push(character);
    }
    this.error ??= "a double quote is not closed";
    return "";
  }

  #dollar(depth: number): string {
    this.#at += 1;
    if (this.#text[this.#at] !== "{") {
      const name = this.#name();
      return name === "" ? "$" : (this.#look(name) ?? "");
    }
    this.#at += 1;
    const first = this.#text[this.#at];
    if (first === undefined || first === "{" || first === "}" || first === ":") {
      this.error = "a substitution ${...} is broken";
      return "";
    }
    if (depth >= deepest) {
      this.unfollowed = "substitutions are nested too deep";
      this.#at = this.#text.length;
      return "";
    }
    return this.#modified(this.#name(), depth);
  }

  /** `}`, `:-word}` and the like, behind the name. */
  #modified(name: string, depth: number): string {
    let operator = this.#text.charAt(this.#at);
    this.#at += 1;
    if (operator === "}") return this.#look(name) ?? "";
    const emptyIsUnset = operator === ":";
    if (emptyIsUnset) {
      operator = this.#text.charAt(this.#at);
      this.#at += 1;
    }
    if (operator === "#" || operator === "%" || (operator === "/" && !emptyIsUnset)) {
      this.until("}", depth + 1);
      this.#look(name);
      this.unfollowed = `the pattern of \${${name}${operator}...} is not followed here`;
      return "";
    }
    if (operator !== "-" && operator !== "+" && operator !== "?") {
      this.error = operator === "" ? "a } is missing" : `a substitution \${${name}...} is broken`;
      return "";
    }
    const before = this.used.length;
    const word = this.until("}", depth + 1);
    const ofWord = this.used.splice(before);
    const found = this.#variables.get(name);
    this.used.push(found);
    const value = found.known ? found.value : undefined;
    const isSet = value !== undefined && !(emptyIsUnset && value === "");
    if (operator === "?") {
      if (found.known && !isSet) this.error = `${name}: ${word === "" ? "it must be set" : shortened(word)}`;
      return value ?? "";
    }
    if (found.known && isSet === (operator === "-")) return operator === "-" ? (value ?? "") : "";
    this.used.push(...ofWord);
    return found.known ? word : "";
  }

  #name(): string {
    const match = namePattern(this.#text, this.#at);
    this.#at += match.length;
    return match;
  }

  #look(name: string): string | undefined {
    const found = this.#variables.get(name);
    const assumed = found.known && found.value === undefined && assumptionsOf(found).length > 0;
    this.used.push(assumed ? unknown(name, `ARG ${name} has no default`, placed(found)) : found);
    return found.known ? found.value : undefined;
  }
}

function placed({ origin }: Value<unknown>): { at?: Span } {
  return origin.at === undefined ? {} : { at: origin.at };
}

/** A name, the digits of `$1`, or one special parameter such as `$@`. */
function namePattern(text: string, at: number): string {
  const pattern = /\d+|[@*#?\-$!]|[\p{L}_][\p{L}\p{Nd}_]*/uy;
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}
