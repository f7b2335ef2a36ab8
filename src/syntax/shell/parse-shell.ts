import type { Script } from "unbash";

/** A script, or why it is not read. */
export type ShellScript =
  | {
      readonly script: Script;
      readonly errors: readonly { readonly message: string; readonly pos: number }[];
    }
  | { readonly tooLarge: string };

/** Reads a script of bash or a POSIX shell; offsets are those of the text. */
export type ShellParser = (text: string) => ShellScript;

/** More than any start script holds; the parser's time grows with the square of unclosed parts. */
const mostCharacters = 300_000;
const mostExpansions = 10_000;

/** Loads the parser, which is large, only where there is a script. */
export async function loadShellParser(): Promise<ShellParser> {
  const { parse } = await import("unbash");
  return (text) => {
    if (text.length > mostCharacters)
      return { tooLarge: `the script has more than ${mostCharacters / 1000} KB` };
    if ((text.match(/\$[({]|`/g)?.length ?? 0) > mostExpansions)
      return { tooLarge: `the script has more than ${mostExpansions} expansions` };
    // A byte order mark would become part of the first word; a blank keeps every offset.
    const script = parse(text.replace(/^\uFEFF/, " ").replaceAll("\r\n", " \n"));
    return { script, errors: script.errors ?? [] };
  };
}
