import type { Diagnostic } from "../lint/lint-result.ts";
import { harmless } from "./harmless-text.ts";

/** The text on one line, harmless, with the full stop that messages leave out. */
export function sentence(text: string): string {
  const line = harmless(text);
  return /[.!?…]$/.test(line) ? line : `${line}.`;
}

/** What is wrong, why it matters and what to write, for forms that show one text for each finding. */
export function sentences({ message, why, help }: Diagnostic): string {
  return [
    sentence(message),
    ...(why === undefined ? [] : [sentence(why)]),
    ...(help === undefined ? [] : [`Help: ${sentence(help)}`]),
  ].join(" ");
}
