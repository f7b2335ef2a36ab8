/** A character class of a regular expression: where its `]` is, or what PCRE2 says of it and where. */
export type CharacterClass =
  | { readonly end: number }
  | { readonly fault: string; readonly at: number }
  /** Nothing ends it. */
  | undefined;

const posixNames =
  /^(?:alpha|lower|upper|alnum|ascii|blank|cntrl|digit|graph|print|punct|space|word|xdigit)$/;

/** `[:name:]`, `[.x.]` or `[=x=]` at a place (check_posix_syntax of PCRE2). */
export function posixAt(pattern: string, at: number): string | undefined {
  const mark = pattern.charAt(at + 1);
  if (pattern.charAt(at) !== "[" || mark === "" || !":.=".includes(mark)) return undefined;
  for (let index = at + 2; index + 1 < pattern.length; index++) {
    const two = pattern.slice(index, index + 2);
    if (two === "\\]" || two === "\\\\") index += 1;
    else if (two === `[${mark}` || two.startsWith("]")) return undefined;
    else if (two === `${mark}]`) return pattern.slice(at, index + 2);
  }
  return undefined;
}

/** Escapes that stand for several characters, so that no range can begin or end with them. */
const sets = /^\\(?:[dDwWsShHvV]|[pP](?:\{[^}]*\}|.))/;

/** A member that is one character. */
const single = /^(?:\\(?:x\{[0-9a-fA-F]+\}|x[0-9a-fA-F]{0,2}|o\{[0-7]+\}|[0-7]{1,3}|c.|.)|[^\\])/s;

/** @param start of the `[` */
export function classAt(pattern: string, start: number): CharacterClass {
  let at = start + 1;
  if (pattern.charAt(at) === "^") at += 1;
  /** The last member, where a range can begin with it. */
  let low: number | undefined;
  for (let first = true; at < pattern.length; first = false) {
    if (pattern.charAt(at) === "]" && !first) return { end: at };
    const posix = posixAt(pattern, at);
    if (posix !== undefined && posix.charAt(1) !== ":")
      return { fault: "POSIX collating elements are not supported", at };
    if (posix !== undefined && !posixNames.test(posix.slice(2, -2).replace(/^\^/, "")))
      return { fault: "unknown POSIX class name", at: at + (posix.charAt(2) === "^" ? 3 : 2) };
    const rest = pattern.slice(at, at + 40);
    const [set] = posix === undefined ? (sets.exec(rest) ?? []) : [posix];
    if (set !== undefined) {
      at += set.length;
      if (pattern.charAt(at) === "-" && at + 1 < pattern.length && pattern.charAt(at + 1) !== "]")
        return { fault: "invalid range in character class", at };
      low = undefined;
      continue;
    }
    const [member] = single.exec(rest) ?? [];
    if (member === undefined) return undefined;
    if (member === "\\N") return { fault: "\\N is not supported in a class", at: at + 2 };
    if (/^\\[ABCGKRXZgkz]$/.test(member))
      return { fault: "escape sequence is invalid in character class", at: at + 1 };
    const code = codeOf(member);
    const isHyphen = pattern.charAt(at + member.length) === "-" && code !== undefined;
    at += member.length;
    const next = pattern.charAt(at + 1);
    if (!isHyphen || next === "" || next === "]") {
      low = undefined;
      continue;
    }
    low = code;
    const after = pattern.slice(at + 1, at + 41);
    const [wrong] =
      posixAt(pattern, at + 1) === undefined ? (sets.exec(after) ?? []) : [posixAt(pattern, at + 1)];
    if (wrong !== undefined) return { fault: "invalid range in character class", at: at + 1 + wrong.length };
    const [end] = single.exec(after) ?? [];
    if (end === undefined) return undefined;
    const high = codeOf(end);
    at += 1 + end.length;
    if (high !== undefined && low !== undefined && high < low)
      return { fault: "range out of order in character class", at: at - 1 };
  }
  return undefined;
}

const named: Readonly<Record<string, number>> = { a: 7, b: 8, e: 27, f: 12, n: 10, r: 13, t: 9 };

/** The character that a member stands for; undefined where it is not looked at closely. */
function codeOf(member: string): number | undefined {
  if (!member.startsWith("\\")) return member.charCodeAt(0);
  const [, hex] = /^\\x\{?([0-9a-fA-F]*)\}?$/.exec(member) ?? [];
  if (hex !== undefined) return Number.parseInt(hex === "" ? "0" : hex, 16);
  const letter = member.slice(1);
  if (letter.length === 1 && /[^0-9A-Za-z]/.test(letter)) return letter.charCodeAt(0);
  return named[letter];
}
