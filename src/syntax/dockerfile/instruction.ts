import type { Span } from "../../text/span.ts";
import type { JoinedText } from "./joined-text.ts";

/** A piece of an instruction as written: quotes, escapes and `$VARIABLES` are still there. */
export interface DockerfileWord {
  /** Continuation lines joined. */
  readonly text: string;
  readonly at: Span;
}

/** A string of the exec form, decoded from JSON; `at` covers the quotes. */
interface ExecWord {
  readonly text: string;
  readonly at: Span;
}

/** `--from=build`, `--link`. */
interface InstructionFlag {
  /** Without dashes. */
  readonly name: string;
  /** Quotes and backslashes taken away; undefined for a bare `--link`. */
  readonly value: string | undefined;
  readonly at: Span;
}

/** `NAME=value`, `NAME value`, or a bare `NAME` (ARG only). */
export interface NamedValue {
  readonly name: DockerfileWord;
  readonly value: DockerfileWord | undefined;
}

export interface Heredoc {
  /** Delimiter without quotes: EOF. */
  readonly name: string;
  /** `<<EOF` in the instruction. */
  readonly at: Span;
  /** The lines between, without the line of the delimiter. */
  readonly body: Span;
  /** The content as a program sees it: tabs at line starts are gone behind `<<-`. */
  readonly text: string;
  /** Where each line of `text` begins in the file. */
  readonly lineStarts: readonly number[];
  /** Variables are put in: no part of the delimiter is quoted. */
  readonly expand: boolean;
}

export type InstructionArguments =
  | { readonly kind: "none" }
  /** A JSON array of strings: CMD, ENTRYPOINT, RUN, SHELL, COPY, ADD, VOLUME, HEALTHCHECK CMD. */
  | { readonly kind: "exec"; readonly words: readonly ExecWord[] }
  /** Everything behind the keyword as one text: the shell form, WORKDIR, USER, STOPSIGNAL, MAINTAINER. */
  | { readonly kind: "text"; readonly word: DockerfileWord; readonly joined: JoinedText }
  /** Split at blanks: FROM, EXPOSE, COPY, ADD, VOLUME. */
  | { readonly kind: "words"; readonly words: readonly DockerfileWord[] }
  /** ENV, LABEL, ARG. */
  | { readonly kind: "named"; readonly values: readonly NamedValue[] };

export interface Instruction {
  /** In capitals: COPY. */
  readonly keyword: string;
  readonly keywordAt: Span;
  /** From the keyword to the last character, the heredocs included. */
  readonly at: Span;
  readonly flags: readonly InstructionFlag[];
  readonly arguments: InstructionArguments;
  readonly heredocs: readonly Heredoc[];
  /** What ONBUILD keeps for later; CMD or NONE of HEALTHCHECK. */
  readonly inner: Instruction | undefined;
}
