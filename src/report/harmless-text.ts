/** Controls, invisible and reordering characters (CVE-2021-42574), line separators, halves of a pair. */
function replaceHarmful(text: string, replacement: (found: string) => string): string {
  // Most texts are plain, and the classes of Unicode take longer to build than a small report to print.
  return /^[ -~]*$/.test(text) ? text : text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, replacement);
}

/**
 * What a CI service takes for a command when it reads it in a log: `##[...]` and `##vso[...]` anywhere (Azure,
 * actions/runner ActionCommand.cs), `::name ...::` at the start of a line, which a broken line can make of any word.
 */
const logCommand = /#(?=#(?:vso)?\[)|(?<!\S):(?=:[a-z][\w-]*(?:\s[^\n]*)?::)/gi;

const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Text of a file or a file name, safe to print on one line of a terminal, a log or a matcher's input: whatever
 * is harmful becomes a visible escape (`\n`, `\x1b`, `\u202e`), and what is longer than `longest` is cut.
 */
export function harmless(text: string, longest = 500): string {
  const start = text.length > longest ? `${text.slice(0, longest).replace(/[\ud800-\udbff]$/, "")}…` : text;
  return replaceHarmful(start, (found) => named[found] ?? visibleEscape(found)).replace(
    logCommand,
    visibleEscape,
  );
}

function visibleEscape(found: string): string {
  const code = found.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code < 0x100) return `\\x${digits.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${digits.padStart(4, "0")}` : `\\u{${digits}}`;
}

/**
 * JSON that loses nothing and yet prints nothing harmful: the same characters as JSON's own escapes.
 *
 * @param indent 0 for everything on one line
 */
export function harmlessJson(value: unknown, indent: 0 | 2 = 2): string {
  return replaceHarmful(JSON.stringify(value, undefined, indent), (found) =>
    found === "\n" ? found : jsonEscape(found),
  ).replace(/#(?=#(?:vso)?\[)/g, jsonEscape);
}

function jsonEscape(found: string): string {
  return [...Array(found.length).keys()]
    .map((index) => `\\u${found.charCodeAt(index).toString(16).padStart(4, "0")}`)
    .join("");
}

/** Text that every reader of JSON takes: many refuse half a pair of surrogates even where it is escaped. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, "\ufffd");
}
