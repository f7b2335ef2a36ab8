import type { NginxWord } from "../../syntax/nginx/tree.ts";
import type { Span } from "../../text/span.ts";
import { directivesNamed } from "./directives.ts";
import type { PlacedDirective } from "./placement.ts";

/** Directives that take any words, so that nginx cannot see what they swallow. */
const takesAnyWords = new Set([
  "server_name",
  "index",
  "try_files",
  "proxy_hide_header",
  "gzip_types",
  "ssl_protocols",
  "error_page",
  "env",
]);

/**
 * A directive that nginx takes for arguments of the one before, as the `;` between them is missing. `nginx -t`
 * says nothing of it.
 */
export function swallowedDirective(
  placed: PlacedDirective,
): { message: string; at: Span; because: { message: string; at: Span }[] } | undefined {
  const { directive } = placed;
  if (!takesAnyWords.has(placed.name) || directive.argCount < 2 || directive.file.conditional)
    return undefined;
  const source = directive.file.source;
  let before: NginxWord | undefined;
  let line = source.position(directive.nameSpan.start).line;
  for (const word of directive.args) {
    const at = source.position(word.start).line;
    if (at > line && before !== undefined && isDirective(word))
      return {
        message: `"${word.text}" is taken for an argument of "${placed.name}": a ";" is missing before it`,
        at: word.span,
        because: [{ message: 'the ";" is missing here', at: before.span }],
      };
    line = at;
    before = word;
  }
  return undefined;
}

function isDirective(word: NginxWord): boolean {
  return word.quote === "none" && !word.hole && directivesNamed(word.text).length > 0;
}
