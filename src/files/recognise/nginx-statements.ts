/** A directive as far as discovery has to know it. */
export interface NginxStatement {
  readonly name: string;
  readonly arguments: readonly string[];
  readonly depth: number;
  /** How it ends: with `;`, with a block, or with neither, as in the formats of other programs. */
  readonly end: "semicolon" | "block" | "none";
  /** Whether a block of data (`map`, `types`, Lua code) holds it, where the words are no directives. */
  readonly data: boolean;
}

const dataBlock = /^(?:map|geo|types|charset_map|split_clients|match|map_hash|geoip2|.*_by_lua_block)$/;

/**
 * A quick look at the statements of a text that may be an nginx configuration, to tell what it is and what it
 * includes. It knows quotes, comments, `${x}` and the holes of templates; it reports no errors and keeps no places.
 */
export function nginxStatements(text: string): readonly NginxStatement[] {
  const found: NginxStatement[] = [];
  let words: string[] = [];
  const open: boolean[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const close = (end: NginxStatement["end"]): void => {
    const [name, ...rest] = words;
    if (name !== undefined)
      found.push({ name, arguments: rest, depth: open.length, end, data: open.at(-1) ?? false });
    words = [];
  };
  while (at < text.length) {
    const character = text[at] ?? "";
    if (/\s/.test(character)) at += 1;
    else if (character === "#") at = lineEnd(text, at);
    else if (character === ";") {
      close("semicolon");
      at += 1;
    } else if (character === "{" && !isHole(text, at)) {
      const name = words[0] ?? "";
      close("block");
      if (name.endsWith("_by_lua_block")) at = balancedEnd(text, at);
      else {
        open.push(dataBlock.test(name) || (open.at(-1) ?? false));
        at += 1;
      }
    } else if (character === "}") {
      close("none");
      open.pop();
      at += 1;
    } else if (words.length === 0 && standsAlone(text, at)) at = holeEnd(text, at);
    else {
      const end = wordEnd(text, at);
      words.push(text.slice(at, end).replace(/^(["'])([\s\S]*)\1$/, "$2"));
      at = end;
    }
  }
  close("none");
  return found;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
}

const holes: readonly (readonly [string, string])[] = [
  ["{{", "}}"],
  ["{%", "%}"],
  ["{#", "#}"],
  ["<%", "%>"],
];

function isHole(text: string, at: number): boolean {
  const character = text[at];
  return (character === "{" || character === "<") && holes.some(([start]) => text.startsWith(start, at));
}

function holeEnd(text: string, at: number): number {
  for (const [start, end] of holes)
    if (text.startsWith(start, at)) {
      const found = text.indexOf(end, at + 2);
      return found === -1 ? lineEnd(text, at) : found + 2;
    }
  return at;
}

/** A hole that is a whole line: control flow or a block of text, no word of a statement. */
function standsAlone(text: string, at: number): boolean {
  if (!isHole(text, at)) return false;
  if (!text.startsWith("{{", at) && !text.startsWith("<%=", at)) return true;
  const end = holeEnd(text, at);
  return /^[^\S\n]*(?:\n|$)/.test(text.slice(end, end + 200));
}

function wordEnd(text: string, start: number): number {
  const quote = text[start];
  if (quote === '"' || quote === "'") {
    for (let at = start + 1; at < text.length; at += 1) {
      if (text[at] === "\\") at += 1;
      else if (text[at] === quote) return at + 1;
    }
    return text.length;
  }
  let at = start;
  while (at < text.length) {
    const character = text[at] ?? "";
    if (isHole(text, at)) at = holeEnd(text, at);
    else if (character === "$" && text[at + 1] === "{") {
      const end = text.indexOf("}", at);
      at = end === -1 ? text.length : end + 1;
    } else if (character === "\\") at += 2;
    else if (/[\s;{}]/.test(character)) break;
    else at += 1;
  }
  return Math.max(at, start + 1);
}

/** The end of a block of Lua: its braces count, but for those in strings and comments. */
function balancedEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === "{") depth += 1;
    else if (character === '"' || character === "'") at = wordEnd(text, at) - 1;
    else if (character === "-" && text[at + 1] === "-") at = lineEnd(text, at);
    else if (character === "}") {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}
