import type { Argument } from "../../model/command.ts";

/** The command of fastapi-cli that starts uvicorn. */
interface FastapiCommand {
  readonly name: "run" | "dev";
  /** Of its word. */
  readonly index: number;
}

/**
 * `fastapi run` and `fastapi dev` start uvicorn (fastapi_cli/cli.py); undefined for its other commands, which serve
 * nothing.
 *
 * @param words from `fastapi` on
 */
export function fastapiCommand(words: readonly Argument[]): FastapiCommand | undefined {
  for (let index = 1; index < words.length; index++) {
    const text = words[index]?.text;
    if (!text?.known) return undefined;
    if (text.value === "run" || text.value === "dev") return { name: text.value, index };
    if (text.value !== "--verbose" && text.value !== "--no-verbose") return undefined;
  }
  return undefined;
}
