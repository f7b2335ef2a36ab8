import { type Known, type Value, written } from "../../model/value.ts";
import { type Span, spanText } from "../../text/span.ts";

/**
 * What an option of a command line holds. Where its text does not stand at the option itself, but in a variable of
 * a script, of a unit or of a container, its evidence leads there.
 *
 * @param at the option with its argument
 * @param texts the words that hold its value; none for a switch
 */
export function optionValue<T>(
  name: string,
  value: T,
  at: Span,
  texts: readonly Known<string>[],
  overrode: readonly Value<unknown>[] = [],
): Known<T> {
  const sources = texts.flatMap((text) => sourcesOf(text, at));
  if (sources.length === 0) return written(name, value, at, overrode);
  const option = shortened(spanText(at));
  const from =
    overrode.length === 0 ? sources : [...sources, written(`argument of ${name}`, option, at, overrode)];
  return { known: true, label: name, value, origin: { kind: "derived", how: `from ${option}`, from, at } };
}

function sourcesOf(text: Known<string>, at: Span): readonly Value<unknown>[] {
  const { origin } = text;
  if (origin.kind === "derived") return origin.from;
  return origin.kind === "written" && isInside(origin.at, at) ? [] : [text];
}

function isInside(inner: Span, outer: Span): boolean {
  return inner.file === outer.file && inner.start >= outer.start && inner.end <= outer.end;
}

const longest = 80;

function shortened(text: string): string {
  const line = text
    .slice(0, 4 * longest)
    .replace(/\s+/g, " ")
    .trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
