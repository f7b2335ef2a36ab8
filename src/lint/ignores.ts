import type { Problem } from "../syntax/problem.ts";
import { didYouMean } from "../text/did-you-mean.ts";
import type { Span } from "../text/span.ts";
import { type Coverage, Coverages } from "./ignores/coverage.ts";
import type { FilesRead, ReadFile } from "./ignores/files-read.ts";
import { type IgnoreComment, ignoreWord, readIgnoreComment } from "./ignores/ignore-comment.ts";
import { type Ignore, IgnoreTable } from "./ignores/ignore-table.ts";
import { namedRules } from "./ignores/named-rules.ts";
import { commentedText } from "./ignores/read-comments.ts";

const fileWord = `${ignoreWord}-file`;

/** Names in the comments of one file; no person writes as many. */
const mostNames = 1000;

/** A problem of an ignore comment, with the hosts whose files it stands in. */
interface IgnoreProblem {
  readonly problem: Problem;
  readonly hosts: ReadonlySet<string>;
}

/** The ignore comments of all files of a run. */
export class Ignores {
  readonly #files: FilesRead;
  readonly #ruleIds: readonly string[];
  /** How many of the files have been looked at. */
  #seen = 0;
  readonly #sources: { readonly source: ReadFile; readonly ignores: readonly Ignore[] }[] = [];
  readonly #tables = new Map<string, IgnoreTable>();
  readonly #problems: IgnoreProblem[] = [];

  /**
   * @param files may grow while rules run
   */
  constructor(files: FilesRead, ruleIds: readonly string[]) {
    this.#files = files;
    this.#ruleIds = ruleIds;
  }

  /**
   * Whether a comment ignores a finding: at the place it is reported at or at one of its evidence.
   *
   * @param places asked for only where there are comments at all
   */
  cover(rule: string, places: () => readonly Span[]): boolean {
    this.#readNew();
    if (this.#tables.size === 0) return false;
    const covering = places().flatMap((at) => this.#tables.get(at.file.path)?.covering(rule, at) ?? []);
    for (const ignore of covering) ignore.used = true;
    return covering.length > 0;
  }

  /**
   * What is wrong with the comments themselves, once all findings have been asked for.
   *
   * @param isJudged whether a rule was on and could be checked on these hosts, so that its silence means something
   */
  problems(isJudged: (rule: string, hosts: ReadonlySet<string>) => boolean): IgnoreProblem[] {
    this.#readNew();
    const unused = this.#sources.flatMap(({ source: { whole, hosts }, ignores }) =>
      ignores
        .filter(({ used, rules }) => whole && !used && rules.every((rule) => isJudged(rule, hosts)))
        .map((ignore) => ({ problem: unusedProblem(ignore), hosts })),
    );
    return [...this.#problems, ...unused];
  }

  #readNew(): void {
    for (const source of this.#files.files.slice(this.#seen)) {
      const ignores = this.#read(source);
      this.#sources.push({ source, ignores });
      if (ignores.length > 0) this.#tables.set(source.file.path, new IgnoreTable(ignores));
    }
    this.#seen = this.#files.files.length;
  }

  #read(source: ReadFile): Ignore[] {
    const { file, style } = source;
    const ignores: Ignore[] = [];
    const text = commentedText(file, style);
    let coverages: Coverages | undefined;
    let names = 0;
    for (const stretch of text.comments) {
      const comment = readIgnoreComment(file, stretch);
      if (comment === undefined) continue;
      names += Math.max(comment.names.length, 1);
      if (names > mostNames) {
        this.#problems.push({ problem: tooManyProblem(comment), hosts: source.hosts });
        break;
      }
      coverages ??= new Coverages(file, text);
      const isWhole = comment.word === fileWord;
      const coverage = isWhole ? coverages.ofFile(stretch) : coverages.ofComment(stretch);
      ignores.push(...this.#ignoresOf(comment, coverage, source));
    }
    return ignores;
  }

  /** What a comment ignores; what is wrong with it is noted. */
  #ignoresOf(comment: IgnoreComment, coverage: Coverage, source: ReadFile): Ignore[] {
    const report = (problem: Problem): void => {
      this.#problems.push({ problem, hosts: source.hosts });
    };
    const malformed = malformedProblem(comment);
    if (malformed !== undefined) {
      report(malformed);
      return [];
    }
    if (comment.reason === undefined) report(reasonProblem(comment));
    const known: { name: string; at: Span; rules: readonly string[] }[] = [];
    for (const { text, at } of comment.names) {
      const named = namedRules(text, this.#ruleIds);
      if ("fault" in named) report({ rule: "ignore/unknown-rule", message: named.fault, at });
      else known.push({ name: text, at, rules: named.ids });
    }
    if (comment.reason === undefined || known.length === 0) return [];
    if ("nothing" in coverage) {
      report({
        rule: "ignore/unused",
        message: `this comment ignores nothing: ${coverage.nothing}`,
        at: comment.at,
        help: help(comment.word),
      });
      return [];
    }
    return known.map((each) => ({ ...each, covers: coverage, used: false }));
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

function tooManyProblem({ at }: IgnoreComment): Problem {
  return {
    rule: "ignore/unused",
    message: `more than ${mostNames} rules are named in the comments of this file; this comment and those below ignore nothing`,
    at,
    help: "turn the rules off for the file in one comment at its top",
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
