/** One element of a shell pattern. */
type Element =
  | { readonly kind: "one"; readonly matches: (character: string) => boolean }
  | { readonly kind: "any" };

/** A shell pattern: text in which certain characters are literal because they were quoted. */
export interface ShellPattern {
  readonly text: string;
  /** Per character of `text`: it was quoted. */
  readonly quoted: readonly boolean[];
}

/** Whether a whole text matches, as `case` and `[[ ]]` decide; no backtracking beyond the last `*`. */
export function matchesPattern(pattern: ShellPattern, text: string): boolean {
  const elements = compiled(pattern);
  let element = 0;
  let character = 0;
  let star = -1;
  let retry = 0;
  while (character < text.length) {
    const current = elements[element];
    if (current?.kind === "one" && current.matches(text.charAt(character))) {
      element++;
      character++;
    } else if (current?.kind === "any") {
      star = element++;
      retry = character;
    } else if (star !== -1) {
      element = star + 1;
      character = ++retry;
    } else return false;
  }
  while (elements[element]?.kind === "any") element++;
  return element === elements.length;
}

function compiled({ text, quoted }: ShellPattern): Element[] {
  const elements: Element[] = [];
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (quoted[index]) elements.push(literal(character));
    else if (character === "*") {
      if (elements.at(-1)?.kind !== "any") elements.push({ kind: "any" });
    } else if (character === "?") elements.push({ kind: "one", matches: () => true });
    else if (character === "[") {
      const set = bracket(text, index);
      elements.push(set === undefined ? literal(character) : { kind: "one", matches: set.matches });
      index = set?.end ?? index;
    } else elements.push(literal(character));
  }
  return elements;
}

function literal(character: string): Element {
  return { kind: "one", matches: (other) => other === character };
}

const classes: Readonly<Record<string, RegExp>> = {
  digit: /[0-9]/,
  alpha: /[A-Za-z]/,
  alnum: /[A-Za-z0-9]/,
  upper: /[A-Z]/,
  lower: /[a-z]/,
  space: /\s/,
  blank: /[ \t]/,
  punct: /[!-/:-@[-`{-~]/,
};

/** `[a-z]`, `[!0-9]`, `[[:digit:]]`; undefined where the bracket is not closed. */
function bracket(
  text: string,
  start: number,
): { matches: (character: string) => boolean; end: number } | undefined {
  let index = start + 1;
  const negated = text.charAt(index) === "!" || text.charAt(index) === "^";
  if (negated) index++;
  const tests: ((character: string) => boolean)[] = [];
  for (let first = true; ; first = false) {
    const character = text.charAt(index);
    if (character === "") return undefined;
    if (character === "]" && !first) break;
    const named = /^\[:(\w+):\]/.exec(text.slice(index, index + 12));
    if (named !== null) {
      const set = classes[named[1] ?? ""];
      tests.push((other) => set?.test(other) ?? false);
      index += named[0].length;
      continue;
    }
    const last = text.charAt(index + 2);
    if (text.charAt(index + 1) === "-" && last !== "" && last !== "]") {
      tests.push((other) => other >= character && other <= last);
      index += 3;
    } else {
      tests.push((other) => other === character);
      index++;
    }
  }
  return { matches: (character) => tests.some((test) => test(character)) !== negated, end: index };
}
