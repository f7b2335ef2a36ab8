/** nginx reads through a buffer of this many bytes (NGX_CONF_BUFFER); a token must fit into it. */
export const bufferSize = 4096;

/**
 * Whether a token that begins at `start` and that nginx still holds when it looks at `held` overflows the
 * buffer: the buffer is full and the file goes on (src/core/ngx_conf_file.c ngx_conf_read_token).
 */
export function overflows(text: string, start: number, held: number, utf8: boolean): boolean {
  const length = held - start;
  if (length * (utf8 ? 3 : 1) < bufferSize) return false;
  const bytes = utf8 ? byteLength(text, start, held) : length;
  return bytes > bufferSize || (bytes === bufferSize && held < text.length);
}

/** UTF-8 bytes of a part of the text, counted no further than a buffer. */
function byteLength(text: string, start: number, end: number): number {
  let bytes = 0;
  for (let at = start; at < end && bytes <= bufferSize; at++) {
    const code = text.charCodeAt(at);
    // A surrogate is half of a four-byte character.
    bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 2 : 3;
  }
  return bytes;
}

/** The first ten bytes, as nginx quotes an overlong token; whole characters only. */
export function firstTenBytes(text: string, start: number, utf8: boolean): string {
  if (!utf8) return text.slice(start, start + 10);
  let end = start;
  while (end < text.length) {
    const next = end + ((text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1);
    if (byteLength(text, start, next) > 10) break;
    end = next;
  }
  return text.slice(start, end);
}
