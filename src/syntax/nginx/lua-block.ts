/** Where the content of a Lua block ends, or why nginx finds no end. */
export type LuaEnd =
  | { readonly found: true; readonly close: number }
  /** `line` is the offset on whose line nginx reports it; `at` the place to show. */
  | { readonly found: false; readonly message: string; readonly line: number; readonly at: number };

/** Room for one token of the Lua lexer: the read buffer of nginx (NGX_CONF_BUFFER). */
const buffer = 4096;

/**
 * Finds the `}` that closes a `*_by_lua_block`, as lua-nginx-module does (src/ngx_http_lua_directive.c and
 * util/gen-lexer-c, 0.10.23): braces are counted outside of comments, of strings that end on their line and of
 * long brackets. nginx's own quotes and comments have no meaning here.
 *
 * @param from the offset after the `{`
 */
export function findLuaEnd(text: string, from: number): LuaEnd {
  let depth = 1;
  let token = from;
  let lastOpen = from - 1;
  let at = from;
  const unpartnered = new UnpartneredQuotes(text);
  while (at < text.length) {
    if (at - token >= buffer)
      return {
        found: false,
        message: "too long lua code block, probably missing terminating characters",
        line: token,
        at: lastOpen,
      };
    const code = text.charCodeAt(at);
    let end = at + 1;
    if (code === 0x7d) {
      depth -= 1;
      if (depth === 0) return { found: true, close: at };
    } else if (code === 0x7b) {
      depth += 1;
      lastOpen = at;
    } else if (code === 0x22 || code === 0x27) {
      end = unpartnered.stringEnd(at, code);
      if (end === -1) {
        at += 1;
        continue;
      }
    } else if (code === 0x2d && text.charCodeAt(at + 1) === 0x2d) {
      const opened = longBracketEnd(text, at + 2);
      if (opened === -1) {
        const line = text.indexOf("\n", at);
        end = line === -1 ? text.length : line;
      } else {
        end = closingBracket(text, at, at + 2, opened);
        if (end === -1) return missingBracket(text, at + 2, opened);
      }
    } else if (code === 0x5b) {
      const opened = longBracketEnd(text, at);
      if (opened === -1) {
        at += 1;
        continue;
      }
      end = closingBracket(text, at, at, opened);
      if (end === -1) return missingBracket(text, at, opened);
    } else {
      at += 1;
      continue;
    }
    at = end;
    token = end;
  }
  return {
    found: false,
    message: "unexpected end of file, expecting terminating characters for lua code block",
    line: lastOpen,
    at: lastOpen,
  };
}

/** Finds the ends of strings, looking at no place twice for a quote whose search came to nothing. */
class UnpartneredQuotes {
  /** Places from which no closing quote is found before the end of the line, by quote. */
  #dead = new Set<number>();
  #deadUntil = 0;

  constructor(readonly text: string) {}

  /** Offset after the closing quote on the same line; -1 where there is none. */
  stringEnd(start: number, quote: number): number {
    if (start >= this.#deadUntil) this.#dead.clear();
    const kind = quote === 0x22 ? 0 : 1;
    const seen: number[] = [];
    let at = start + 1;
    for (; at < this.text.length && at - start < buffer; at++) {
      if (this.#dead.has(at * 2 + kind)) break;
      seen.push(at * 2 + kind);
      const code = this.text.charCodeAt(at);
      if (code === quote) return at + 1;
      if (code === 0x0a) break;
      if (code === 0x5c && this.text.charCodeAt(++at) === 0x0a) break;
    }
    for (const place of seen) this.#dead.add(place);
    this.#deadUntil = Math.max(this.#deadUntil, at);
    return -1;
  }
}

/** Offset after an opening long bracket `[=*[` that starts here; -1 where there is none. */
function longBracketEnd(text: string, start: number): number {
  if (text.charCodeAt(start) !== 0x5b) return -1;
  let at = start + 1;
  while (text.charCodeAt(at) === 0x3d) at += 1;
  return text.charCodeAt(at) === 0x5b ? at + 1 : -1;
}

/** Offset after the closing bracket, which must stand in the same buffer as the start of the token. */
function closingBracket(text: string, token: number, open: number, opened: number): number {
  const closing = text.slice(open, opened).replaceAll("[", "]");
  const within = text.slice(opened, token + buffer);
  const found = within.indexOf(closing);
  return found === -1 ? -1 : opened + found + closing.length;
}

function missingBracket(text: string, open: number, opened: number): LuaEnd {
  const closing = text.slice(open, opened).replaceAll("[", "]");
  return {
    found: false,
    message: `Lua code block missing the closing long bracket "${closing}", the inlined Lua code may be too long`,
    line: open,
    at: open,
  };
}
