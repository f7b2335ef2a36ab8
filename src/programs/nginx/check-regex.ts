import type { NginxWord } from "../../syntax/nginx/tree.ts";
import type { PlacedDirective } from "./placement.ts";
import { classAt, posixAt } from "./regex-class.ts";
import type { Refuse, SetterCall } from "./setter-call.ts";

/** A fault of a regular expression that every PCRE finds, in the words of PCRE2; undefined where none is certain. */
export function regexFault(pattern: string): string | undefined {
  // Comments, literal text, conditions and the extended mode change what the characters mean.
  if (/\\Q|\(\?[(|]|\(\?<\*|\(\?[a-zA-Z^-]*[xJ]|\(\*[A-Za-z]/.test(pattern)) return undefined;
  const names = new Set<string>();
  let open = 0;
  let groups = 0;
  const references: Reference[] = [];
  /** Whether the item before can be repeated. */
  let item = false;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    const quantifier = quantifierAt(pattern, at);
    if (quantifier !== undefined) {
      const last = at + quantifier.length - 1;
      const [, low = "", high] = /^\{(\d+)(?:,(\d*))?\}$/.exec(quantifier) ?? [];
      if (Number(low) > mostRepeats || Number(high) > mostRepeats)
        return failed("number too big in {} quantifier", pattern, tooBigAt(quantifier, at));
      if (high !== undefined && high !== "" && Number(high) < Number(low))
        return failed("numbers out of order in {} quantifier", pattern, last);
      if (!item) return failed("quantifier does not follow a repeatable item", pattern, last);
      item = false;
      at = /[?+]/.test(pattern.charAt(last + 1)) ? last + 1 : last;
    } else if (character === "\\") {
      if (at === pattern.length - 1) return failed("\\ at end of pattern", pattern, pattern.length);
      const escaped = escapeAt(pattern, at);
      if (escaped === "\\c") return failed("\\c at end of pattern", pattern, pattern.length);
      const reference = referenceIn(escaped);
      if (reference !== undefined) references.push({ ...reference, at: at + reference.at });
      item = !/^\\[bBAzZGKE]/.test(escaped);
      at += escaped.length - 1;
    } else if (character === "(") {
      if (pattern.startsWith("(?#", at)) {
        const end = pattern.indexOf(")", at);
        if (end === -1) return failed("missing ) after (?# comment", pattern, pattern.length);
        at = end;
        continue;
      }
      if (pattern.charAt(at + 1) === "*" && at + 2 < pattern.length)
        return failed("(*VERB) not recognized or malformed", pattern, at + 2);
      const { length, fault, group, name } = openingAt(pattern, at);
      if (fault !== undefined) return fault;
      if (name !== undefined && names.has(name))
        return failed(
          "two named subpatterns have the same name (PCRE2_DUPNAMES not set)",
          pattern,
          at + (length ?? 0),
        );
      if (name !== undefined) names.add(name);
      if (length === undefined) return undefined;
      if (group) open += 1;
      if (name !== undefined || length === 1) groups += 1;
      item = false;
      at += length - 1;
    } else if (character === ")") {
      if (open === 0) return failed("unmatched closing parenthesis", pattern, at);
      open -= 1;
      item = true;
    } else if (character === "[") {
      const posix = posixAt(pattern, at);
      if (posix !== undefined)
        return failed(
          posix.charAt(1) === ":"
            ? "POSIX named classes are supported only within a class"
            : "POSIX collating elements are not supported",
          pattern,
          at,
        );
      const found = classAt(pattern, at);
      if (found === undefined && /(?<!\\)(?:\\\\)*\\$/.test(pattern))
        return failed("\\ at end of pattern", pattern, pattern.length);
      if (found === undefined)
        return failed("missing terminating ] for character class", pattern, pattern.length);
      if ("fault" in found) return failed(found.fault, pattern, found.at);
      at = found.end;
      item = true;
    } else item = !/[|^$]/.test(character);
  }
  if (open > 0) return failed("missing closing parenthesis", pattern, pattern.length);
  const wrong = references.find(({ to }) => (typeof to === "number" ? to > groups : !names.has(to)));
  return wrong === undefined ? undefined : failed("reference to non-existent subpattern", pattern, wrong.at);
}

/** A reference to what a group has found. */
interface Reference {
  readonly to: number | string;
  /** Where its number or name begins. */
  readonly at: number;
}

/** `\1` and `\k<name>`. */
function referenceIn(escaped: string): Reference | undefined {
  const [, digits] = /^\\([1-9])$/.exec(escaped) ?? [];
  if (digits !== undefined) return { to: Number(digits), at: 1 };
  const [relative, number] = /^\\g\{?(\d+)\}?$/.exec(escaped) ?? [];
  if (number !== undefined && relative !== undefined)
    return { to: Number(number), at: relative.replace("}", "").length };
  const [, name] = /^\\k[<'{](\w+)[>'}]$/.exec(escaped) ?? [];
  return name === undefined ? undefined : { to: name, at: 3 };
}

const mostRepeats = 65_535;

/** PCRE stops behind the digit that makes the number too big. */
function tooBigAt(quantifier: string, at: number): number {
  let number = 0;
  for (let index = 1; index < quantifier.length; index++) {
    const digit = quantifier.charAt(index);
    number = digit === "," ? 0 : number * 10 + Number(digit);
    if (number > mostRepeats) return at + index + 1;
  }
  return at;
}

function quantifierAt(pattern: string, at: number): string | undefined {
  const character = pattern.charAt(at);
  if (character === "*" || character === "+" || character === "?") return character;
  return character === "{" ? /^\{\d+(?:,\d*)?\}/.exec(pattern.slice(at, at + 40))?.[0] : undefined;
}

/** A backslash with all that belongs to it: `\d`, `\x{41}`, `\cA`. */
function escapeAt(pattern: string, at: number): string {
  const [escaped] =
    /^\\(?:[1-9]\d+|[xpPogkN]\{[^}]*\}?|[gk](?:<[^>]*>?|'[^']*'?)|c.|.)/s.exec(pattern.slice(at, at + 200)) ??
    [];
  return escaped ?? pattern.slice(at, at + 2);
}

interface Opening {
  /** Undefined where what follows is not known closely enough. */
  readonly length: number | undefined;
  readonly fault?: string;
  readonly name?: string;
  /** It opens a group; `(?i)` only sets an option. */
  readonly group: boolean;
}

/** A parenthesis with what tells its kind. */
function openingAt(pattern: string, at: number): Opening {
  const rest = pattern.slice(at, at + 200);
  const [name] = /^\(\?(?:P?<(?![=!])|')/.exec(rest) ?? [];
  if (name !== undefined) return namedGroup(pattern, at, name);
  const [options] = /^\(\?\^?[imsnJU]*-?[imsnJU]*\)/.exec(rest) ?? [];
  if (options !== undefined) return { length: options.length, group: false };
  const [plain] = /^\(\?(?:[:|>=!]|<[=!]|\^?[imsnJU]*-?[imsnJU]*:)|^\((?!\?)/.exec(rest) ?? [];
  if (plain !== undefined) return { length: plain.length, group: true };
  if (!/^\(\?[b-hk-mo-zABD-IK-OQST V-Z]/.test(rest) || /^\(\?[imsnJU^-]/.test(rest))
    return { length: undefined, group: true };
  const fault = failed("unrecognized character after (? or (?-", pattern, at + 2);
  return { length: undefined, fault, group: true };
}

function namedGroup(pattern: string, at: number, opening: string): Opening {
  const start = at + opening.length;
  const [word = ""] = /^\w*/.exec(pattern.slice(start)) ?? [];
  const end = start + word.length;
  const fault = (what: string, place: number): Opening => ({
    length: undefined,
    fault: failed(what, pattern, place),
    group: true,
  });
  if (/[^\x20-\x7e]/.test(pattern.charAt(end))) return { length: undefined, group: true };
  if (/^\d/.test(word)) return fault("subpattern name must start with a non-digit", start);
  if (word === "") return fault("subpattern name expected", start);
  if (pattern.charAt(end) !== (opening.endsWith("'") ? "'" : ">"))
    return fault("syntax error in subpattern name (missing terminator?)", end);
  return { length: end + 1 - at, group: true, name: word };
}

function failed(what: string, pattern: string, at: number): string {
  const rest = pattern.slice(at);
  return `pcre2_compile() failed: ${what} in "${pattern}"${rest === "" ? "" : ` at "${rest}"`}`;
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
  if (name === "gzip_disable")
    return args.filter(({ text }) => text !== "msie6").map((word) => ({ word, pattern: word.text }));
  if (name === "fastcgi_split_path_info") return whole(first);
  if (name.startsWith("proxy_") && /^proxy_(?:redirect|cookie_(?:domain|path|flags))$/.test(name))
    return second !== undefined && first?.text.startsWith("~") === true
      ? [
          {
            word: first,
            pattern: first.text.replace(
              name === "proxy_redirect" || name === "proxy_cookie_path" ? /^~\*?/ : /^~/,
              "",
            ),
          },
        ]
      : [];
  if (name === "valid_referers")
    return args
      .filter(({ text }) => text.length > 1 && text.startsWith("~"))
      .map((word) => ({ word, pattern: word.text.slice(1) }));
  if (name !== "if") return [];
  const operator = args.findIndex(({ text }) => /^!?~\*?$/.test(text));
  const value = operator === -1 ? undefined : args[operator + 1];
  if (value === undefined) return [];
  return [{ word: value, pattern: value === args.at(-1) ? value.text.replace(/\)$/, "") : value.text }];
}

/** Refuses the regular expressions of a directive of http that PCRE does not take. */
export function checkRegexes({ placed }: SetterCall, refuse: Refuse): void {
  for (const { word, pattern } of regexesOf(placed)) {
    const fault = regexFault(pattern);
    if (fault !== undefined) refuse(fault, word);
  }
}
