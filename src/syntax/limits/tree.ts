import type { SourceFile } from "../../text/source-file.ts";
import type { Problem } from "../problem.ts";

/** A field with the place where it stands. */
export interface LimitsField {
  /** As written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The template hole in it: its text. */
  readonly hole: string | undefined;
}

/** `<domain> <type> <item> <value>`: a limit. */
export interface LimitsEntry {
  readonly kind: "entry";
  readonly line: number;
  readonly domain: LimitsField;
  /** `soft`, `hard` or `-`; compared in lower case. */
  readonly type: LimitsField;
  /** Compared in lower case. */
  readonly item: LimitsField;
  readonly value: LimitsField;
  /** It stands in a template block, so it may not be there. */
  readonly conditional: boolean;
}

/** `<domain> -`: whoever it matches gets no limits at all, whatever other lines say. */
interface LimitsExemption {
  readonly kind: "exemption";
  readonly line: number;
  readonly domain: LimitsField;
  readonly type: LimitsField;
  readonly conditional: boolean;
}

export type LimitsLine = LimitsEntry | LimitsExemption;

/** limits.conf(5) as pam_limits reads it. Lines that it skips are not in the lists. */
export interface LimitsTree {
  readonly file: SourceFile;
  /** Linux-PAM 1.6.0 and later: lines of any length; the value is the rest of the line. */
  readonly lines: readonly LimitsLine[];
  /** Up to 1.5.3: pieces of at most 1023 bytes; the value ends at the next blank or carriage return. */
  readonly linesBefore16: readonly LimitsLine[];
  /** Under the rules `limits/syntax` and `limits/value`, in the order of the file. */
  readonly problems: readonly Problem[];
}
