import type { Problem } from "../../../syntax/problem.ts";
import type { Span } from "../../../text/span.ts";
import type { StartFailure } from "../input.ts";
import type { Choice } from "./choices.ts";
import type { Binding } from "./data.ts";

/** One way in which the file can run. */
export interface ConfigWorld {
  /** The names that the file sets, in the order in which they first appear. */
  readonly bindings: ReadonlyMap<string, Binding>;
  /** Set when anything may have been set to anything: why. */
  readonly spoiled: { readonly why: string; readonly at: Span } | undefined;
  /** The file ends in an exception. */
  readonly failure: StartFailure | undefined;
  readonly problem: Problem | undefined;
  /** What was assumed about each choice: the option by its reason. */
  readonly decisions: ReadonlyMap<string, number>;
}

export interface EvaluatedConfig {
  /** More than one where a condition cannot be known. */
  readonly worlds: readonly ConfigWorld[];
  /** What decides which of them is real. */
  readonly choices: readonly Choice[];
}
