/** Something that nginx refuses before it knows any directive, as offsets. */
export interface GrammarError {
  /** nginx's own words, without file and line. */
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** An offset on the line that nginx names. */
  readonly line: number;
  /** Where the statement begins that it stands in. */
  readonly statement: number;
  /**
   * `lexical`: decided by the tokens. `nesting`: a brace too many or too few in the whole file.
   * `content`: a block inside a block that takes none (types, map, ...).
   */
  readonly kind: "lexical" | "nesting" | "content";
  readonly because: readonly { readonly message: string; readonly start: number; readonly end: number }[];
  readonly help?: string;
}

/** As many errors of a file are kept; after that many the rest says nothing new. */
export const mostErrors = 20;
