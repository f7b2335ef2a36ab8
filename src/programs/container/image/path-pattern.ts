/** One step of a compiled pattern. */
type Step =
  | { readonly kind: "character"; readonly is: string }
  /** `?` and `*`: no slash. */
  | { readonly kind: "any" }
  | { readonly kind: "run" }
  /** Two stars and a slash: nothing, or anything that ends with a slash. */
  | { readonly kind: "folders" }
  /** Two stars at the end, or before a suffix: anything. */
  | { readonly kind: "rest" }
  | {
      readonly kind: "class";
      readonly negated: boolean;
      readonly ranges: readonly (readonly [string, string])[];
    };

/** A pattern of .dockerignore or of a COPY source. */
export interface PathPattern {
  readonly steps: readonly Step[];
  /** What every path that it names begins and ends with; most paths are told apart by these. */
  readonly prefix: string;
  readonly suffix: string;
}

/**
 * Compiles a pattern of Go's filepath.Match, with the two stars of moby/patternmatcher (patternmatcher.go, compile);
 * undefined where filepath.Match refuses it.
 */
export function compilePattern(pattern: string): PathPattern | undefined {
  const steps: Step[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character === "*" && pattern[at + 1] === "*") {
      at += 1;
      // Two stars at the beginning and nothing special behind them are a suffix: `**.pyc`.
      const suffix = at === 1 && pattern[2] !== "/" && !/[*?[\\]/.test(pattern.slice(2));
      if (pattern[at + 1] === "/") at += 1;
      steps.push({ kind: suffix || at + 1 >= pattern.length ? "rest" : "folders" });
    } else if (character === "*") steps.push({ kind: "run" });
    else if (character === "?") steps.push({ kind: "any" });
    else if (character === "[") {
      const read = readClass(pattern, at + 1);
      if (read === undefined) return undefined;
      steps.push(read.step);
      at = read.end;
    } else if (character === "\\") {
      at += 1;
      if (at >= pattern.length) return undefined;
      steps.push({ kind: "character", is: pattern.charAt(at) });
    } else steps.push({ kind: "character", is: character });
  }
  const special = steps.findIndex((step) => step.kind !== "character");
  const lastSpecial = steps.findLastIndex((step) => step.kind !== "character");
  return {
    steps,
    prefix: spelled(special === -1 ? steps : steps.slice(0, special)),
    suffix: spelled(steps.slice(lastSpecial + 1)),
  };
}

function spelled(steps: readonly Step[]): string {
  return steps.map((step) => (step.kind === "character" ? step.is : "")).join("");
}

function readClass(pattern: string, from: number): { step: Step; end: number } | undefined {
  let at = from;
  const negated = pattern[at] === "^";
  if (negated) at += 1;
  const ranges: [string, string][] = [];
  const next = (): string | undefined => {
    if (pattern[at] === "\\") at += 1;
    const character = pattern[at];
    at += 1;
    return character;
  };
  while (pattern[at] !== "]" || ranges.length === 0) {
    if (at >= pattern.length || pattern[at] === "-" || pattern[at] === "]") return undefined;
    const low = next();
    let high = low;
    if (pattern[at] === "-") {
      at += 1;
      high = next();
    }
    if (low === undefined || high === undefined) return undefined;
    ranges.push([low, high]);
  }
  return { step: { kind: "class", negated, ranges }, end: at };
}

/** Whether a pattern names the whole path; takes time in proportion to both lengths multiplied. */
export function patternMatches({ steps, prefix, suffix }: PathPattern, path: string): boolean {
  if (!path.startsWith(prefix) || !path.endsWith(suffix)) return false;
  // Where in the pattern the path read so far can have led to: 2n before step n, 2n + 1 inside of its folders.
  let here = new Set([0]);
  passEmpty(here, steps);
  for (const character of path) {
    const next = new Set<number>();
    for (const state of here) {
      const position = state >> 1;
      const step = steps[position];
      if (step === undefined) continue;
      if (step.kind === "folders") {
        next.add(2 * position + 1);
        if (character === "/") next.add(2 * (position + 1));
      } else if (step.kind === "rest" || (step.kind === "run" && character !== "/")) next.add(state);
      else if (takes(step, character)) next.add(2 * (position + 1));
    }
    passEmpty(next, steps);
    here = next;
    if (here.size === 0) return false;
  }
  return here.has(2 * steps.length);
}

/** Steps that may stand for nothing are passed. */
function passEmpty(states: Set<number>, steps: readonly Step[]): void {
  for (const state of states) {
    const kind = steps[state >> 1]?.kind;
    if (state % 2 === 0 && (kind === "run" || kind === "rest" || kind === "folders")) states.add(state + 2);
  }
}

function takes(step: Step, character: string): boolean {
  if (step.kind === "character") return step.is === character;
  if (step.kind === "any") return character !== "/";
  if (step.kind !== "class" || character === "/") return false;
  return step.ranges.some(([low, high]) => low <= character && character <= high) !== step.negated;
}
