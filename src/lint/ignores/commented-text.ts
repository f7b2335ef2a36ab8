/** Offsets; `end` exclusive. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** What an ignore comment has to know of a file. */
export interface CommentedText {
  /** From the mark to the line end, in order. */
  readonly comments: readonly Stretch[];
  /** In the order in which they start; of a block only what stands before its `{`. */
  readonly statements: readonly Stretch[];
}
