import type { Argument } from "../../model/command.ts";
import { spanText } from "../../text/span.ts";

/** Where a variable or a template hole begins, and the quotes that stand around words. */
const holeStart = /[$%@'"\\`]|\{\{|\{%|<%|__[A-Z]/;

/** The beginning of a word that is certain although the whole is unknown: `--bind=unix:` of `--bind=unix:{{ socket }}`. */
export function certainStart(argument: Argument): string {
  if (argument.text.known) return argument.text.value;
  const raw = spanText(argument.at).replace(/^["']/, "");
  const end = raw.search(holeStart);
  return end === -1 ? "" : raw.slice(0, end);
}

/** Whether an unknown word ends as an application does: `{{ project }}.wsgi:application`. */
export function endsAsApplication(argument: Argument): boolean {
  return /(\.wsgi|\.asgi|:[A-Za-z_]\w*(\(\))?)["']?$/.test(spanText(argument.at));
}
