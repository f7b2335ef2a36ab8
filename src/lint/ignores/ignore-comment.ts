import type { SourceFile } from "../../text/source-file.ts";
import { type Span, span } from "../../text/span.ts";
import type { Stretch } from "./commented-text.ts";

/** The text that a file must have to be looked at. */
export const ignoreWord = "hostlint-ignore";

/** `# hostlint-ignore queue/somaxconn-below-backlog, app/* -- reason`, taken apart. */
export interface IgnoreComment {
  /** The whole comment, without blanks at its end. */
  readonly at: Span;
  /** `hostlint-ignore`, `hostlint-ignore-file`, or what somebody took for one of them. */
  readonly word: string;
  /** What it names, as written. */
  readonly names: readonly { readonly text: string; readonly at: Span }[];
  /** Undefined where there is none. */
  readonly reason: string | undefined;
}

/** What stands behind is not read; nginx takes no longer comment either. */
const longest = 4096;

const start = /^[#;]+[ \t]*(hostlint-ignore[\w:-]*)(?=\s|$)/;

/** Undefined for every other comment. */
export function readIgnoreComment(file: SourceFile, comment: Stretch): IgnoreComment | undefined {
  const text = file.text.slice(comment.start, Math.min(comment.end, comment.start + longest)).trimEnd();
  const found = start.exec(text);
  if (found === null) return undefined;
  const [head, word = ""] = found;
  const dashes = /[ \t]--(?=[ \t]|$)/.exec(text.slice(head.length));
  const end = dashes === null ? text.length : head.length + dashes.index;
  const reason = dashes === null ? "" : text.slice(end + dashes[0].length).trim();
  const names = [...text.slice(head.length, end).matchAll(/[^\s,]+/g)].map((each) => {
    const from = comment.start + head.length + each.index;
    return { text: each[0], at: span(file, from, from + each[0].length) };
  });
  return {
    at: span(file, comment.start, comment.start + text.length),
    word,
    names: dashes === null ? beforeProse(names) : names,
    reason: reason === "" ? undefined : reason,
  };
}

/** Where the ` -- ` is missing, what follows the rules may be a reason: it is not taken for names of rules. */
function beforeProse<T extends { readonly text: string }>(names: readonly T[]): T[] {
  const prose = names.findIndex(({ text }, index) =>
    index === 0 ? !/[a-z*]/i.test(text) : !text.includes("/"),
  );
  return prose === -1 ? [...names] : names.slice(0, prose);
}
