import type { Rules } from "../lint/run-rules.ts";

/** What a report tells of the program that wrote it. */
export interface Tool {
  readonly version: string;
  /** The address where a person learns more. */
  readonly home: string;
  readonly rules: Rules;
  /** Where the documentation of a rule stands: an address, or a path in the repository of hostlint. */
  readonly docs: (rule: string) => string;
}

/** The address of a page that a browser can open, where the text is one. */
export function webAddress(text: string): string | undefined {
  return /^https?:\/\/[^\s]+$/.test(text) ? text : undefined;
}
