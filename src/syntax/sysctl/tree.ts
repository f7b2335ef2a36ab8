import type { SourceFile } from "../../text/source-file.ts";
import type { Problem } from "../problem.ts";

/** Offsets of a stretch of the file; `end` exclusive. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** `key = value`, `-key = value`, or `-key` alone, which takes the key out of globs. */
export interface SysctlSetting {
  readonly kind: "setting";
  /** Counted from 1 as this program counts lines. */
  readonly line: number;
  /** The `-` before the key: a failure is not one, or without a value: an exclusion. */
  readonly minus: boolean;
  /** Blanks between the `-` and the key. procps takes them as part of the key. */
  readonly blankAfterMinus: boolean;
  /** Without the blanks around it. */
  readonly key: Stretch;
  /** Without the blanks around it; undefined where there is no `=`. */
  readonly value: Stretch | undefined;
  /** A template decides the key, the value or whether the line is there at all: its text. */
  readonly template: string | undefined;
}

interface SysctlComment extends Stretch {
  readonly kind: "comment";
  readonly line: number;
  readonly marker: "#" | ";";
}

/** A line that is no assignment: it is skipped. */
interface SysctlJunk extends Stretch {
  readonly kind: "junk";
  readonly line: number;
}

export type SysctlLine = SysctlSetting | SysctlComment | SysctlJunk;

/**
 * One file as the programs see it. They agree on nearly every file; a lone CR, a NUL byte, vertical tabs and
 * form feeds make the two lists differ.
 */
export interface SysctlTree {
  readonly file: SourceFile;
  /** Lines end at LF, text after a NUL is lost, isspace(3) characters are stripped (procps-ng 3.3.17 to 4.0.7). */
  readonly procps: readonly SysctlLine[];
  /** Lines end at LF, CR or NUL; blank, tab, LF and CR are stripped (systemd 247 to 262). */
  readonly systemd: readonly SysctlLine[];
  /** Under the rule `sysctl/syntax`, in the order of the file. */
  readonly problems: readonly Problem[];
}
