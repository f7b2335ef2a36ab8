import type { SourceFile } from "../../text/source-file.ts";
import { span } from "../../text/span.ts";
import type { Problem } from "../problem.ts";
import type { GrammarError } from "./grammar-error.ts";
import { Scanner } from "./scan.ts";
import { HOLE, type Tables } from "./tables.ts";
import { readTemplate, type Template } from "./template.ts";
import { NginxFile, type NginxRefusal } from "./tree.ts";

export interface ParseOptions {
  /** The text is that of `nginx -g`. */
  readonly commandLine?: boolean;
}

/**
 * The tree of one nginx file, with nginx's own message and line for the first thing that its parser refuses
 * (src/core/ngx_conf_file.c; the same from 1.22.1 to 1.31.4). What stands after an error is still read. Never
 * throws.
 *
 * A template is read with its holes taken for ordinary characters. Errors that the holes may explain are left
 * out.
 */
export function parseNginx(source: SourceFile, options: ParseOptions = {}): NginxFile {
  const template = readTemplate(source);
  const scanner = new Scanner(template?.masked ?? source.text, {
    utf8: source.encoding === "utf-8",
    commandLine: options.commandLine ?? false,
    lua: true,
  });
  scanner.run();
  if (template !== undefined) markHoles(scanner.tables, template);
  const errors = scanner.errors.filter((error) => template === undefined || isCertain(error, template));
  const holes = template?.holes.map((hole) => span(source, hole.start, hole.end)) ?? [];
  return new NginxFile(
    source,
    scanner.tables,
    template !== undefined,
    template?.controls ?? false,
    holes,
    refusal(source, errors[0]),
    errors.map((error) => problem(source, error)),
  );
}

function markHoles(tables: Tables, template: Template): void {
  let word = 0;
  for (const hole of template.holes) {
    while (word < tables.words && (tables.wordEnd[word] ?? 0) <= hole.start) word += 1;
    for (let at = word; at < tables.words && (tables.wordStart[at] ?? 0) < hole.end; at++)
      tables.wordFlags[at] = (tables.wordFlags[at] ?? 0) | HOLE;
  }
}

/** Whether no hole can be the cause of an error. */
function isCertain(error: GrammarError, template: Template): boolean {
  if (template.controls) return false;
  if (error.kind === "nesting") return true;
  return !template.holes.some((hole) => hole.start <= error.end && hole.end >= error.statement);
}

function refusal(source: SourceFile, error: GrammarError | undefined): NginxRefusal | undefined {
  if (error === undefined) return undefined;
  return {
    message: error.message,
    line: source.position(error.line).line,
    at: span(source, error.start, error.end),
    from: error.statement,
  };
}

function problem(source: SourceFile, error: GrammarError): Problem {
  return {
    rule: "nginx/syntax",
    message: error.message,
    at: span(source, error.start, error.end),
    ...(error.because.length === 0
      ? {}
      : {
          because: error.because.map((each) => ({
            message: each.message,
            at: span(source, each.start, each.end),
          })),
        }),
    ...(error.help === undefined ? {} : { help: error.help }),
  };
}
