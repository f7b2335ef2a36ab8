export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const DOUBLE = 0x22;
export const HASH = 0x23;
export const DOLLAR = 0x24;
export const SINGLE = 0x27;
export const PAREN = 0x29;
export const SEMICOLON = 0x3b;
export const BACKSLASH = 0x5c;
export const OPEN = 0x7b;
export const CLOSE = 0x7d;

/** What ends a word or needs a second look inside one; every other character is ordinary. */
export const special = new Uint8Array(128);
for (const code of [TAB, LF, CR, SPACE, SEMICOLON, OPEN, BACKSLASH, DOLLAR]) special[code] = 1;

/** nginx's whitespace; every other control character is ordinary. */
export function isSpace(code: number): boolean {
  return code === SPACE || code === LF || code === TAB || code === CR;
}
