import type { Span } from "../text/span.ts";

/**
 * Something that a parser or a program room found wrong in a file. It becomes a diagnostic of the rule it
 * names; the rule file holds the severity and the documentation.
 */
export interface Problem {
  /** Id of the rule that reports it, such as `nginx/syntax`. */
  readonly rule: string;
  readonly message: string;
  readonly at: Span;
  /** Other places that show why, in reading order. */
  readonly because?: readonly { readonly message: string; readonly at: Span }[];
  /** What to write instead. */
  readonly help?: string;
  /** Where it weighs less than the rule says. */
  readonly severity?: "error" | "warning" | "info";
}
