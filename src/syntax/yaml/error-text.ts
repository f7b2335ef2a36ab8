import type { ErrorCode } from "yaml";

const said: { readonly [code in ErrorCode]?: string } = {
  BAD_INDENT: "indented differently from its neighbours",
  BLOCK_AS_IMPLICIT_KEY: "a block cannot stand in a line that is already a key: a value",
  MULTILINE_IMPLICIT_KEY:
    "a key must end on its own line: a colon is missing, or a line is indented too little",
  TAB_AS_INDENT: "indented by a tab; YAML takes blanks only",
};

/** The fault in words, without the parser's jargon where it has any. */
export function spellingOf(code: ErrorCode, message: string): string {
  if (code === "MISSING_CHAR") return message.charAt(0).toLowerCase() + message.slice(1);
  return said[code] ?? message.charAt(0).toLowerCase() + message.slice(1);
}
