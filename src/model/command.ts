import type { Span } from "../text/span.ts";
import type { Value } from "./value.ts";

/** One word of a command line. */
export interface Argument {
  readonly at: Span;
  /** Unknown where a variable or a template hole has no known value. */
  readonly text: Value<string>;
}

/** The variables that a process starts with. */
export interface ProcessEnvironment {
  /** `undefined` as a value: it is certain that nothing sets the variable. */
  get(name: string): Value<string | undefined>;
  /** Names that are known to be set. */
  names?(): readonly string[];
}
