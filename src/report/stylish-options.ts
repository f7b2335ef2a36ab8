import type { Colors } from "./colors.ts";

export interface StylishOptions {
  readonly colors: Colors;
  /** Columns of the terminal; lines are not broken where it is absent. */
  readonly width?: number;
  /** Everything that was read, left aside and not checked, instead of the counts. */
  readonly verbose?: boolean;
}
