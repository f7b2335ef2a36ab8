type Step = "any" | ((character: string) => boolean);

/** A pattern of glob(3) against a whole path: `*`, `?` and `[...]` stay within one part of the path. */
export function globMatcher(pattern: string): (path: string) => boolean {
  const parts = pattern.split("/").map(steps);
  return (path) => {
    const names = path.split("/");
    return names.length === parts.length && parts.every((part, index) => matches(part, names[index] ?? ""));
  };
}

/** A pattern of fnmatch(3) without flags: `*` and `?` match a `/` as well. */
export function fnmatcher(pattern: string): (path: string) => boolean {
  const whole = steps(pattern);
  return (path) => matches(whole, path);
}

function steps(pattern: string): Step[] {
  const made: Step[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at);
    if (character === "*") {
      if (made.at(-1) !== "any") made.push("any");
    } else if (character === "?") made.push(() => true);
    else if (character === "[") {
      const set = /^\[([!^]?)(\]?[^\]]*)\]/.exec(pattern.slice(at, at + 256));
      if (set === null || set[2] === undefined || set[2] === "") made.push(exactly(character));
      else {
        made.push(oneOf(set[2], set[1] !== ""));
        at += set[0].length - 1;
      }
    } else if (character === "\\" && at + 1 < pattern.length) {
      at += 1;
      made.push(exactly(pattern.charAt(at)));
    } else made.push(exactly(character));
  }
  return made;
}

function exactly(wanted: string): Step {
  return (character) => character === wanted;
}

function oneOf(set: string, negated: boolean): Step {
  const ranges: [string, string][] = [];
  for (let at = 0; at < set.length; at += 1) {
    const from = set.charAt(at);
    const isRange = set.charAt(at + 1) === "-" && at + 2 < set.length;
    ranges.push([from, isRange ? set.charAt(at + 2) : from]);
    if (isRange) at += 2;
  }
  return (character) => ranges.some(([from, to]) => character >= from && character <= to) !== negated;
}

/** Goes back to the last `*` only, so that no pattern takes more than pattern x text steps. */
function matches(pattern: readonly Step[], text: string): boolean {
  let step = 0;
  let at = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    const wanted = pattern[step];
    if (wanted === "any") {
      star = step;
      resume = at;
      step += 1;
    } else if (wanted?.(text.charAt(at)) === true) {
      step += 1;
      at += 1;
    } else if (star !== -1) {
      step = star + 1;
      resume += 1;
      at = resume;
    } else return false;
  }
  while (pattern[step] === "any") step += 1;
  return step === pattern.length;
}
