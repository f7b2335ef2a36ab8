import type { NginxWord } from "../../syntax/nginx/tree.ts";
import type { PlacedDirective } from "./placement.ts";

/** A fault of a regular expression that every PCRE finds, in the words of PCRE2; undefined where none is certain. */
export function regexFault(pattern: string): string | undefined {
  // Comments, literal text and the extended mode change what the characters mean.
  if (/\\Q|\(\?#|\(\?[a-zA-Z^-]*x|\(\*/.test(pattern)) return undefined;
  let open = 0;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character === "\\") at += 1;
    else if (character === "(") open += 1;
    else if (character === ")") {
      if (open === 0) return failed("unmatched closing parenthesis", pattern, at);
      open -= 1;
    } else if (character === "[") {
      const end = endOfClass(pattern, at);
      if (end === undefined)
        return failed("missing terminating ] for character class", pattern, pattern.length);
      at = end;
    }
  }
  return open > 0 ? failed("missing closing parenthesis", pattern, pattern.length) : undefined;
}

function failed(what: string, pattern: string, at: number): string {
  const rest = pattern.slice(at);
  return `pcre2_compile() failed: ${what} in "${pattern}"${rest === "" ? "" : ` at "${rest}"`}`;
}

/** The `]` of a character class; one that stands first is a member. */
function endOfClass(pattern: string, start: number): number | undefined {
  let at = start + 1;
  if (pattern.charAt(at) === "^") at += 1;
  if (pattern.charAt(at) === "]") at += 1;
  for (; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character === "\\") at += 1;
    else if (character === "]") return at;
    else if (character === "[") {
      const [named] = /^\[([:.=])(?:(?!\1\]).)*\1\]/s.exec(pattern.slice(at, at + 40)) ?? [];
      if (named !== undefined) at += named.length - 1;
    }
  }
  return undefined;
}

/** The regular expressions of a directive of http, each with its word. */
export function regexesOf({
  name,
  directive,
}: PlacedDirective): readonly { readonly word: NginxWord; readonly pattern: string }[] {
  const { args } = directive;
  const [first, second] = args;
  const whole = (word: NginxWord | undefined) => (word === undefined ? [] : [{ word, pattern: word.text }]);
  if (name === "rewrite") return whole(first);
  if (name === "location") {
    if (second !== undefined) return /^~\*?$/.test(first?.text ?? "") ? whole(second) : [];
    return first?.text.startsWith("~") === true
      ? [{ word: first, pattern: first.text.replace(/^~\*?/, "") }]
      : [];
  }
  if (name === "server_name")
    return args
      .filter(({ text }) => text.length > 1 && text.startsWith("~"))
      .map((word) => ({ word, pattern: word.text.slice(1) }));
  if (name !== "if") return [];
  const operator = args.findIndex(({ text }) => /^!?~\*?$/.test(text));
  const value = operator === -1 ? undefined : args[operator + 1];
  if (value === undefined) return [];
  return [{ word: value, pattern: value === args.at(-1) ? value.text.replace(/\)$/, "") : value.text }];
}
