import type { Problem } from "../syntax/problem.ts";
import { didYouMean } from "../text/did-you-mean.ts";
import type { Span } from "../text/span.ts";
import { type Coverage, Coverages } from "./ignores/coverage.ts";
import type { ReadFile } from "./ignores/files-read.ts";
import { type IgnoreComment, ignoreWord, readIgnoreComment } from "./ignores/ignore-comment.ts";
import { type Ignore, IgnoreTable } from "./ignores/ignore-table.ts";
import { namedRules } from "./ignores/named-rules.ts";
import { commentedText } from "./ignores/read-comments.ts";

const fileWord = `${ignoreWord}-file`;

/** A problem of an ignore comment, with the hosts whose files it stands in. */
export interface IgnoreProblem {
  readonly problem: Problem;
  readonly hosts: ReadonlySet<string>;
}

/** The ignore comments of all files of a run. */
export class Ignores {
  readonly #ruleIds: readonly string[];
  readonly #ignores: { readonly ignore: Ignore; readonly source: ReadFile }[] = [];
  readonly #problems: IgnoreProblem[] = [];
  readonly #table: IgnoreTable;

  constructor(files: readonly ReadFile[], ruleIds: readonly string[]) {
    this.#ruleIds = ruleIds;
    for (const source of files) this.#read(source);
    this.#table = new IgnoreTable(this.#ignores.map(({ ignore }) => ignore));
  }

  /**
   * Whether a comment ignores a finding: at the place it is reported at or at one of its evidence.
   *
   * @param places asked for only where some comment names the rule
   */
  cover(rule: string, places: () => readonly Span[]): boolean {
    if (!this.#table.names(rule)) return false;
    const covering = places().flatMap((at) => this.#table.covering(rule, at));
    for (const ignore of covering) ignore.used = true;
    return covering.length > 0;
  }

  /**
   * What is wrong with the comments themselves, once all findings have been asked for.
   *
   * @param isJudged whether a rule was on and could be checked on these hosts, so that its silence means something
   */
  problems(isJudged: (rule: string, hosts: ReadonlySet<string>) => boolean): IgnoreProblem[] {
    const unused = this.#ignores.filter(
      ({ ignore, source }) =>
        !ignore.used && source.whole && ignore.rules.every((rule) => isJudged(rule, source.hosts)),
    );
    return [
      ...this.#problems,
      ...unused.map(({ ignore, source }) => ({ problem: unusedProblem(ignore), hosts: source.hosts })),
    ];
  }

  #read(source: ReadFile): void {
    const { file, style } = source;
    const text = commentedText(file, style);
    let coverages: Coverages | undefined;
    for (const stretch of text.comments) {
      const comment = readIgnoreComment(file, stretch);
      if (comment === undefined) continue;
      coverages ??= new Coverages(file, text);
      const isWhole = comment.word === fileWord;
      this.#add(comment, isWhole ? coverages.ofFile(stretch) : coverages.ofComment(stretch), source);
    }
  }

  #add(comment: IgnoreComment, coverage: Coverage, source: ReadFile): void {
    const report = (problem: Problem): void => {
      this.#problems.push({ problem, hosts: source.hosts });
    };
    const malformed = malformedProblem(comment);
    if (malformed !== undefined) return report(malformed);
    if (comment.reason === undefined) report(reasonProblem(comment));
    const known: { name: string; at: Span; rules: readonly string[] }[] = [];
    for (const { text, at } of comment.names) {
      const named = namedRules(text, this.#ruleIds);
      if ("fault" in named) report({ rule: "ignore/unknown-rule", message: named.fault, at });
      else known.push({ name: text, at, rules: named.ids });
    }
    if (comment.reason === undefined || known.length === 0) return;
    if ("nothing" in coverage)
      report({
        rule: "ignore/unused",
        message: `this comment ignores nothing: ${coverage.nothing}`,
        at: comment.at,
        help: help(comment.word),
      });
    else
      for (const each of known)
        this.#ignores.push({ ignore: { ...each, covers: coverage, used: false }, source });
  }
}

function malformedProblem({ word, names, at }: IgnoreComment): Problem | undefined {
  const rule = "ignore/unknown-rule";
  if (word !== ignoreWord && word !== fileWord)
    return {
      rule,
      message: `unknown comment ${word}${didYouMean(word, [ignoreWord, fileWord])}`,
      at,
      help: `write ${ignoreWord} on the line or directly above it, or ${fileWord} at the top of the file`,
    };
  if (names.length > 0) return undefined;
  return { rule, message: `${word} names no rule`, at, help: `write # ${word} RULE -- reason` };
}

function reasonProblem({ word, names, at }: IgnoreComment): Problem {
  const named = names.map(({ text }) => text).join(" ");
  return {
    rule: "ignore/reason-missing",
    message: `${word} ${named} gives no reason and ignores nothing`,
    at,
    help: `write the reason behind two dashes: # ${word} ${named} -- why it is right here`,
  };
}

function unusedProblem({ name, at, covers }: Ignore): Problem {
  const where = covers.end === Number.POSITIVE_INFINITY ? "in this file" : "here";
  return {
    rule: "ignore/unused",
    message: `${name} reports nothing ${where} that could be ignored`,
    at,
    help: "remove it from the comment",
  };
}

function help(word: string): string {
  return word === fileWord
    ? "move it above the first statement, or write hostlint-ignore above the statement that is meant"
    : "move it directly above the statement that is meant";
}
