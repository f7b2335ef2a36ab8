/**
 * What nginx stores for a word: `\"` `\'` `\\` lose the backslash, `\t` `\r` `\n` become control characters and
 * every other pair keeps its backslash, in quotes and outside alike (src/core/ngx_conf_file.c
 * ngx_conf_read_token).
 *
 * @param raw the word without its quotes
 */
export function decodeWord(raw: string): string {
  let at = raw.indexOf("\\");
  if (at === -1) return raw;
  let text = "";
  let copied = 0;
  while (at !== -1) {
    const meant = escapes[raw.charAt(at + 1)];
    if (meant !== undefined) {
      text += raw.slice(copied, at) + meant;
      copied = at + 2;
    }
    at = raw.indexOf("\\", at + 2);
  }
  return text + raw.slice(copied);
}

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "\\": "\\",
  t: "\t",
  r: "\r",
  n: "\n",
};
