import type { SourceFile } from "../../text/source-file.ts";
import type { Span } from "../../text/span.ts";
import type { Problem } from "../problem.ts";
import type { MappedText } from "./mapped-text.ts";
import type { TemplateHole } from "./template-holes.ts";

/** A unit file, a drop-in or a *.conf file of systemd. Every character of the file is in exactly one line. */
export interface UnitFile {
  readonly file: SourceFile;
  readonly lines: readonly UnitLine[];
  /** What systemd takes from it: not what stands outside of a known section, and nothing after a `failure`. */
  readonly assignments: readonly UnitAssignment[];
  /** What systemd complains about, in order. */
  readonly faults: readonly UnitFault[];
  /** The fault that makes the whole file fail to load. */
  readonly failure: UnitFault | undefined;
  /** The faults in words. */
  readonly problems: readonly Problem[];
}

export type UnitLine = UnitBlank | UnitComment | UnitHeader | UnitAssignment | UnitTemplateLine | UnitStray;

interface Line {
  /** From the start of its first line to the start of the next one. */
  readonly at: Span;
}

interface UnitBlank extends Line {
  readonly kind: "blank";
}

interface UnitComment extends Line {
  readonly kind: "comment";
}

interface UnitHeader extends Line {
  readonly kind: "header";
  /** Undefined where a template fills it in. */
  readonly section: string | undefined;
}

export interface UnitAssignment extends Line {
  readonly kind: "assignment";
  /** Undefined before the first header. */
  readonly section: string | undefined;
  /** Undefined where a template fills it in. */
  readonly key: string | undefined;
  readonly keyAt: Span;
  readonly value: UnitValue;
  /** Stands under a condition or loop of a template, so that it may be absent. */
  readonly conditional: boolean;
  /** The line number that systemd names: that of the last line of a continuation. */
  readonly line: number;
}

export interface UnitValue {
  /** Without blanks at both ends; continuation lines are joined. */
  readonly text: MappedText;
  /** Holes of a template in it, counted in `text`. */
  readonly holes: readonly TemplateHole[];
}

/** A line that only a template engine understands. An `output` may put any assignment there. */
interface UnitTemplateLine extends Line {
  readonly kind: "template";
  readonly section: string | undefined;
  readonly holes: readonly TemplateHole[];
  readonly text: MappedText;
}

/** A line that systemd ignores or fails on; `faults` says why. */
interface UnitStray extends Line {
  readonly kind: "stray";
}

export interface UnitFault {
  readonly kind:
    | "outside-section"
    | "no-equals"
    | "no-key"
    | "section-unknown"
    | "section-unclosed"
    | "section-characters"
    | "not-utf8"
    | "too-long";
  readonly at: Span;
  /** The line that it is about, without blanks at both ends; the name of the section in `section-unknown`. */
  readonly text: string;
  readonly line: number;
}
