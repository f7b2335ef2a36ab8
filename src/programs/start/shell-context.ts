import type { Script } from "unbash";
import type { Value } from "../../model/value.ts";
import type { Span } from "../../text/span.ts";
import type { ShellBudget } from "./shell-budget.ts";
import type { ShellSource } from "./shell-source.ts";
import type { ShellState, ShellText } from "./shell-state.ts";

/** What the expansion of words asks of the shell that they stand in. */
export interface ShellContext {
  readonly state: ShellState;
  readonly source: ShellSource;
  readonly budget: ShellBudget;
  /** `$0`. */
  readonly zero: Value<string>;
  /** What a command substitution prints, without the line ends at its end. */
  printedBy(script: Script, at: Span): ShellText;
  /** An expansion that ends the script: `${X:?}`, an unset variable under `set -u`. */
  stop(): void;
  /** The same shell reading another text. */
  within<T>(source: ShellSource, run: () => T): T;
}
