import { spanText } from "../text/span.ts";
import type { DefaultOrigin, Value } from "./value.ts";
import { valueText } from "./value-text.ts";

/**
 * Where a value comes from, in words and without its place: `worker_connections 10240` as it is written,
 * `default of nginx (all versions)`, `declared by --cpus 4`, `2 x worker_connections`, `not known: ...`.
 */
export function originText(of: Value<unknown>): string {
  const { origin } = of;
  switch (origin.kind) {
    case "written":
      return writtenText(spanText(origin.at)) || `${of.label} ${valueText(of)}`;
    case "default":
      return `default of ${origin.program}${inParentheses(versionsText(origin))}${assumptionText(origin)}`;
    case "fact":
      return `declared by ${origin.how}`;
    case "derived":
      return origin.how;
    case "unknown":
      return `not known: ${origin.why}`;
  }
}

/** `nginx, all versions`, `Linux, since 5.4`, with what it assumes. */
export function defaultText(origin: DefaultOrigin): string {
  const versions = versionsText(origin);
  return `${origin.program}${versions === "" ? "" : `, ${versions}`}${assumptionText(origin)}`;
}

/** Empty where the name of the program says it: Debian 12 of Debian 12. */
function versionsText({ program, versions }: DefaultOrigin): string {
  if (versions === program) return "";
  return versions === "all" ? "all versions" : versions;
}

function inParentheses(text: string): string {
  return text === "" ? "" : ` (${text})`;
}

function assumptionText(origin: DefaultOrigin): string {
  return origin.assuming === undefined ? "" : `, assuming ${origin.assuming}`;
}

const longest = 80;

/** One line, without the end mark of a directive. */
function writtenText(text: string): string {
  const line = text
    .slice(0, 4 * longest)
    .replace(/\s+/g, " ")
    .trim()
    .replace(/\s?;$/, "");
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
