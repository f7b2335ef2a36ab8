import type { Argument } from "../model/command.ts";
import type { Problem } from "../syntax/problem.ts";
import type { Span } from "../text/span.ts";

/**
 * Problems of nginx with what the text of `-g` is to blame for at the place where that text is written: the
 * directives of `-g` are read as a file of their own, which nobody can open.
 *
 * @param words the command line of nginx
 */
export function atCommandLine(problems: readonly Problem[], words: readonly Argument[]): readonly Problem[] {
  const place = placeOfGlobals(words);
  if (place === undefined) return problems;
  const found = (at: Span): boolean => at.file.path === "nginx -g";
  return problems.map((problem) => {
    if (!found(problem.at) && problem.because?.some(({ at }) => found(at)) !== true) return problem;
    return {
      ...problem,
      at: found(problem.at) ? place.at : problem.at,
      because: (problem.because ?? []).map((each) =>
        found(each.at) ? { message: `nginx is started with -g '${place.text}'`, at: place.at } : each,
      ),
    };
  });
}

function placeOfGlobals(words: readonly Argument[]): { at: Span; text: string } | undefined {
  for (const [index, { text, at }] of words.entries()) {
    if (!text.known || index === 0) continue;
    const next = words[index + 1];
    if (text.value === "-g")
      return next?.text.known === true ? { at: next.at, text: next.text.value } : undefined;
    if (text.value.startsWith("-g")) return { at, text: text.value.slice(2) };
  }
  return undefined;
}
