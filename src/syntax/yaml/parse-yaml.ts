import { Composer, Lexer, type ParsedNode, Parser } from "yaml";
import type { SourceFile } from "../../text/source-file.ts";
import { type Span, span } from "../../text/span.ts";
import type { Problem } from "../problem.ts";
import { spellingOf } from "./error-text.ts";
import { type MaskedText, masked } from "./mask-holes.ts";
import { GraphBuilder } from "./resolve-graph.ts";
import type { YamlNode } from "./tree.ts";

export interface ParsedYaml {
  /** In order; undefined for a document without content. */
  readonly documents: readonly (YamlNode | undefined)[];
  /** Of the rule `container/syntax`. */
  readonly problems: readonly Problem[];
}

/** More than any file that a person keeps; the parser needs a few seconds for it. */
const mostCharacters = 2_000_000;
/** Deeper than any real file; the composer works recursively. */
const deepestNesting = 200;
const mostProblems = 20;

/**
 * Every document of a YAML 1.2 file (core schema, with merge keys as Go's parsers know them). Where a file is no
 * YAML because of its template holes (`{{ x }}`, `{% if x %}`), the holes are read as words, and it has no problems:
 * only what the template is made into can have them. Never throws.
 */
export function parseYaml(file: SourceFile): ParsedYaml {
  const { text } = file;
  if (text.length > mostCharacters)
    return refused(`larger than ${mostCharacters} characters, not read`, span(file, 0, 0));
  const first = attempt(file, { text, holes: [] });
  if (first.problems.length === 0) return first;
  const substitute = masked(text);
  if (substitute.holes.length === 0) return first;
  const { documents } = attempt(file, substitute);
  return documents.length === 0 ? first : { documents, problems: [] };
}

function attempt(file: SourceFile, source: MaskedText): ParsedYaml {
  const problems: Problem[] = [];
  const report = (message: string, at: Span, severity?: "info"): void => {
    const weight = severity === undefined ? {} : { severity };
    if (problems.length < mostProblems) problems.push({ rule: "container/syntax", message, at, ...weight });
  };
  const documents: (YamlNode | undefined)[] = [];
  const builder = new GraphBuilder(file, source, report);
  const composer = new Composer<ParsedNode>({
    version: "1.2",
    schema: "core",
    merge: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
    stringKeys: false,
  });
  try {
    for (const document of composed(source.text, composer)) {
      for (const { message, pos, code } of document.errors)
        report(spellingOf(code, message), placeOf(file, pos));
      documents.push(builder.document(document.contents));
    }
  } catch (error) {
    if (error instanceof TooDeep) return refused(error.message, span(file, error.offset, error.offset + 1));
    return refused("cannot be read as YAML", span(file, 0, 0));
  }
  return { documents, problems };
}

class TooDeep extends Error {
  constructor(readonly offset: number) {
    super(`nested deeper than ${deepestNesting} levels, not read`);
  }
}

function* composed(
  text: string,
  composer: Composer<ParsedNode>,
): ReturnType<Composer<ParsedNode>["compose"]> {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) yield* composer.next(token);
    if (parser.stack.length > 2 * deepestNesting) throw new TooDeep(parser.offset);
  }
  for (const token of parser.end()) yield* composer.next(token);
  yield* composer.end(false, text.length);
}

function placeOf(file: SourceFile, [start, end]: readonly [number, number]): Span {
  const last = file.text.length;
  const from = Math.min(Math.max(start, 0), last);
  return span(file, from, Math.min(Math.max(end, from), last));
}

function refused(message: string, at: Span): ParsedYaml {
  return { documents: [], problems: [{ rule: "container/syntax", message, at }] };
}
