import type { Problem } from "../../../syntax/problem.ts";
import { parsePythonSettings } from "../../../syntax/python-settings/parse.ts";
import type { PythonSettings } from "../../../syntax/python-settings/tree.ts";
import type { SourceFile } from "../../../text/source-file.ts";
import { fileSpan } from "../../../text/span.ts";
import type { ConfigLocation } from "../config-location.ts";
import type { GunicornInput, StartFailure } from "../input.ts";
import { unknownSettings } from "../unknown-settings.ts";
import { type Choices, explore } from "./choices.ts";
import { str, term } from "./data.ts";
import type { ConfigWorld, EvaluatedConfig } from "./evaluate.ts";
import { parserMessage } from "./parser-message.ts";
import { Exited, GivenUp, Raised } from "./raised.ts";
import { StatementRunner } from "./run-statements.ts";
import { assignName, moduleScope, spoil } from "./scopes.ts";
import { Session, type StepBudget } from "./session.ts";

/**
 * What a gunicorn configuration file sets, without executing it. Where a condition cannot be known both ways are
 * followed; what is not read becomes unknown.
 */
export function evaluateConfig(
  location: Extract<ConfigLocation, { kind: "file" }>,
  input: GunicornInput,
): { readonly config: EvaluatedConfig; readonly problems: readonly Problem[] } {
  const parsed = new Map<SourceFile, PythonSettings>();
  const problems: Problem[] = [];
  const parse = (file: SourceFile): PythonSettings => {
    let settings = parsed.get(file);
    if (settings === undefined) {
      settings = parsePythonSettings(file);
      parsed.set(file, settings);
      problems.push(...settings.problems);
    }
    return settings;
  };
  const budget: StepBudget = { used: 0 };
  const main = parse(location.file);
  problems.push(...unknownSettings(location.file, main));
  const { results, choices } = explore((decisions) =>
    runFile(location, main, input, decisions, parse, budget),
  );
  const worlds = results ?? [tooMany(location.file)];
  return { config: { worlds, choices }, problems };
}

function runFile(
  location: Extract<ConfigLocation, { kind: "file" }>,
  { statements, problems }: PythonSettings,
  input: GunicornInput,
  choices: Choices,
  parse: (file: SourceFile) => PythonSettings,
  budget: StepBudget,
): ConfigWorld {
  const { file, path, modulePath } = location;
  const inPackage = modulePath === undefined ? undefined : packageOf(modulePath, path);
  const scope = moduleScope(file, inPackage);
  assignName(scope, "__name__", term(str(modulePath ?? "__config__")), undefined);
  assignName(scope, "__file__", term(str(path)), undefined);
  const session = new Session(input, choices, parse, prefixesOf(file.text), budget);
  let failure: StartFailure | undefined;
  let problem: Problem | undefined;
  if (problems[0] !== undefined) failure = { exit: 1, message: parserMessage(problems[0]) };
  try {
    new StatementRunner(session).module(scope, statements);
  } catch (error) {
    if (error instanceof GivenUp) spoil(scope, error.why, fileSpan(file));
    else if (error instanceof Exited && failure === undefined) {
      failure = { exit: error.code, message: error.text };
      const told = error.text === "" ? `code ${error.code}` : error.text;
      problem = {
        rule: "gunicorn/value",
        message: `gunicorn does not start: the file ends it with ${told}`,
        at: error.at ?? fileSpan(file),
      };
    } else if (error instanceof Raised && failure === undefined) {
      const message = [error.exception, error.text].filter((part) => part !== "").join(": ");
      failure = { exit: 1, message };
      problem = {
        rule: "gunicorn/value",
        message: `gunicorn does not start: ${message}`,
        at: error.at ?? fileSpan(file),
      };
    } else if (!(error instanceof Raised)) throw error;
  }
  return { bindings: scope.names, spoiled: scope.spoiled, failure, problem, decisions: choices.decisions() };
}

function packageOf(modulePath: string, path: string): string {
  return path.endsWith("/__init__.py")
    ? modulePath
    : modulePath.slice(0, Math.max(0, modulePath.lastIndexOf(".")));
}

function tooMany(file: SourceFile): ConfigWorld {
  const spoiled = { why: "too many conditions of the file are not known", at: fileSpan(file) };
  return { bindings: new Map(), spoiled, failure: undefined, problem: undefined, decisions: new Map() };
}

/** Beginnings of variable names that the file spells out, such as `GUNICORN_`. */
function prefixesOf(text: string): readonly string[] {
  return [
    ...new Set([...text.matchAll(/["']([A-Za-z][A-Za-z0-9_]{0,40}_)["']/g)].map((match) => match[1] ?? "")),
  ].slice(0, 5);
}
