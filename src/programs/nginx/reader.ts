import type { Version } from "../../model/facts.ts";
import { relabel, unknown, type Value, written } from "../../model/value.ts";
import type { NginxWord } from "../../syntax/nginx/tree.ts";
import type { Span } from "../../text/span.ts";
import { type DefaultOf, defaultOf } from "./defaults.ts";
import { levelsWith, missingBlocks } from "./inheritance.ts";
import { parseFlag, parseNumber, parseTime } from "./parse-value.ts";
import type { Level, PlacedDirective } from "./placement.ts";

/** How the text of an argument becomes a value. */
export interface ValueKind<T> {
  /** undefined where nginx refuses the text. */
  parse(text: string): T | undefined;
}

export const numberKind: ValueKind<number> = {
  parse: parseNumber,
};

export const secondsKind: ValueKind<number> = {
  parse: (text) => parseTime(text, "milliseconds"),
};

export const flagKind: ValueKind<boolean> = {
  parse: parseFlag,
};

/** Reads values of placed directives; what nginx refuses is unknown, and `checkNginx` says so. */
export class Reader {
  constructor(readonly version: Value<Version>) {}

  /**
   * The first argument of the first directive, as nginx takes it. A second one at the same level is refused by
   * nginx.
   */
  value<T>(directives: readonly PlacedDirective[], kind: ValueKind<T>): Value<T> | undefined {
    const [first, ...more] = directives;
    if (first === undefined) return undefined;
    if (more.length > 0 && directives.some(isChosen)) return this.#oneOf(first, directives, kind);
    return this.#first(first, kind);
  }

  /** A template with conditions may leave any of them out. */
  #oneOf<T>(first: PlacedDirective, directives: readonly PlacedDirective[], kind: ValueKind<T>): Value<T> {
    const values = directives.map((each) => this.#first(each, kind));
    const known = values.filter((value) => value.known);
    const same = known.every((value) => Object.is(value.value, known[0]?.value));
    const [only] = known;
    if (known.length === values.length && same && only !== undefined) return only;
    return unknown<T>(first.name, "a template chooses between several", {
      at: first.at,
      from: values,
      ...(known.length === values.length ? { candidates: known } : {}),
    });
  }

  #first<T>(first: PlacedDirective, kind: ValueKind<T>): Value<T> {
    const word = first.directive.arg(0);
    if (word === undefined)
      return unknown<T>(first.name, `"${first.name}" has no argument`, { at: first.at });
    return this.word(first.name, word, word.text, kind);
  }

  /**
   * @param label how the value is called
   * @param word the word that it stands in
   * @param text the part of the word that is the value
   */
  word<T>(label: string, word: NginxWord, text: string, kind: ValueKind<T>): Value<T> {
    const hole = holeIn(word);
    if (hole !== undefined) return unknown<T>(label, `a template fills in ${hole}`, { at: word.span });
    const value = kind.parse(text);
    if (value !== undefined) return written(label, value, word.span);
    return unknown<T>(label, `nginx refuses "${text}"`, { at: word.span });
  }

  /** The value in force at a level, with the outer ones that it overrides; else the default. */
  inForce<T>(level: Level, of: DefaultOf<T>, kind: ValueKind<T>, at: Span): Value<T> {
    const [inner, ...outer] = levelsWith(level, of.label).flatMap((directives) => {
      const value = this.value(directives, kind);
      return value === undefined ? [] : [value];
    });
    if (inner === undefined) return defaultOf(of, this.version, at, missingBlocks(level));
    if (!inner.known || inner.origin.kind !== "written") return inner;
    return { ...inner, origin: { ...inner.origin, overrode: outer } };
  }
}

/** Whether a template may leave the directive out. */
export function isChosen({ directive }: PlacedDirective): boolean {
  return directive.file.conditional;
}

/** The text that a template fills in; undefined where the word is whole. */
export function holeIn(word: NginxWord): string | undefined {
  if (!word.hole) return undefined;
  const hole = word.file.holes.find((each) => each.start < word.end && each.end > word.start);
  return hole === undefined ? word.raw : hole.file.text.slice(hole.start, hole.end);
}

/** The same value with its unit. */
export function measured<U extends number>(value: Value<number>): Value<U> {
  return relabel(value.label, value) as Value<U>;
}
