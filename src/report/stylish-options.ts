import type picocolors from "picocolors";

export interface StylishOptions {
  readonly colors: boolean;
  /** Columns of the terminal; lines are not broken where it is absent. */
  readonly width?: number;
  /** Everything that was read, left aside and not checked, instead of the counts. */
  readonly verbose?: boolean;
}

export type Colors = ReturnType<typeof picocolors.createColors>;
