import type { CalledValue, ServerCall } from "../../../model/container.ts";
import { derive, unknown, type Value, written } from "../../../model/value.ts";
import { parsePythonSettings } from "../../../syntax/python-settings/parse.ts";
import type { PythonSettings, Statement } from "../../../syntax/python-settings/tree.ts";
import type { SourceFile } from "../../../text/source-file.ts";
import { type Span, span } from "../../../text/span.ts";
import { type Choices, explore } from "../../gunicorn/python/choices.ts";
import { type Data, inputsOf, str, type Term, term, textOf } from "../../gunicorn/python/data.ts";
import { findModule } from "../../gunicorn/python/import-module.ts";
import { GivenUp, Raised } from "../../gunicorn/python/raised.ts";
import { StatementRunner } from "../../gunicorn/python/run-statements.ts";
import { assignName, moduleScope } from "../../gunicorn/python/scopes.ts";
import { type RunInput, Session, type StepBudget } from "../../gunicorn/python/session.ts";
import { applicationOf, type CallExpression, isObject, runCalls } from "./find-calls.ts";
import { type Slice, sliceTo } from "./slice.ts";

/** A script that Python is started with, as `__main__`. */
export interface PythonScript {
  readonly file: SourceFile;
  /** Where it stands on the machine or in the container. */
  readonly path: string;
  /** Package of a module that `python -m` starts; undefined for a script. */
  readonly inPackage: string | undefined;
}

/** The server that a script starts. */
export interface ScriptServer {
  readonly call: ServerCall;
  /** Whether every way in which the script can run comes to the call. */
  readonly certain: boolean;
}

/**
 * The one call of `uvicorn.run()` that a script comes to when Python runs it, without running anything. Undefined
 * where there is none, where it may be one of several, and for what Python does not read.
 */
export function scriptServer(script: PythonScript, input: RunInput): ScriptServer | undefined {
  const parsed = new Map<SourceFile, PythonSettings>();
  const parse = (file: SourceFile): PythonSettings => {
    const before = parsed.get(file);
    if (before !== undefined) return before;
    const settings = parsePythonSettings(file);
    parsed.set(file, settings);
    return settings;
  };
  const { statements, problems } = parse(script.file);
  const calls = runCalls(statements);
  if (problems.length > 0 || calls.length === 0) return undefined;
  const slice = sliceTo(statements, calls);
  const budget: StepBudget = { used: 0 };
  const { results, choices } = explore((decisions) => follow(script, slice, input, decisions, parse, budget));
  const reached = results?.flatMap((each) => each ?? []) ?? [];
  const [first] = reached;
  if (first === undefined || reached.some((each) => each.call !== first.call)) return undefined;
  const why = choices[0]?.why ?? "a condition of the script is not known";
  const call = callOf(first.call, reached, script, statements, why);
  return { call, certain: reached.length === results?.length && !slice.mayEnd };
}

interface ReachedCall {
  readonly call: CallExpression;
  /** Undefined where `**` passes something unknown. */
  readonly named: ReadonlyMap<string, Term> | undefined;
}

/** The server runs until it is stopped, so that nothing behind its call matters. */
class ServerStarted extends Error {}

function follow(
  { file, path, inPackage }: PythonScript,
  { statements, calls, leftOut }: Slice,
  input: RunInput,
  choices: Choices,
  parse: (file: SourceFile) => PythonSettings,
  budget: StepBudget,
): ReachedCall | undefined {
  const scope = moduleScope(file, inPackage);
  assignName(scope, "__name__", term(str("__main__")), undefined);
  assignName(scope, "__file__", term(str(path)), undefined);
  const session = new Session(input, choices, parse, [], budget);
  for (const each of leftOut) {
    const name = moduleHere(each, session);
    if (name !== undefined) session.addVariables(`${name}, which the script imports, may set it`);
  }
  let reached: ReachedCall | undefined;
  session.watcher = (expression, { data }, given) => {
    const call = calls.get(expression);
    if (call === undefined || data.kind !== "opaque" || !/^uvicorn(\.main)?\.run$/.test(data.name ?? ""))
      return;
    reached ??= { call, named: given?.named };
    throw new ServerStarted();
  };
  try {
    new StatementRunner(session).module(scope, statements);
  } catch (error) {
    if (!(error instanceof ServerStarted || error instanceof GivenUp || error instanceof Raised)) throw error;
  }
  return reached;
}

/** A module that is among the files; one of a package that is installed sets no variables. */
function moduleHere(
  statement: Extract<Statement, { kind: "import" | "import-from" }>,
  session: Session,
): string | undefined {
  if (statement.kind === "import-from" && statement.level > 0) return statement.module;
  const names =
    statement.kind === "import"
      ? statement.modules.map(({ path }) => path)
      : [statement.module, ...statement.names.map(({ name }) => `${statement.module}.${name}`)];
  return names.find(
    (name) =>
      findModule(name, session) !== undefined || findModule(name.split(".")[0] ?? "", session) !== undefined,
  );
}

function callOf(
  call: CallExpression,
  reached: readonly ReachedCall[],
  { file }: PythonScript,
  statements: readonly Statement[],
  why: string,
): ServerCall {
  const at = span(file, call.start, call.end);
  const application = applicationOf(call);
  const names = new Set(reached.flatMap(({ named }) => [...(named?.keys() ?? [])]));
  const values = new Map<string, Value<CalledValue>>();
  for (const name of names) {
    const place = placeOfArgument(call, name, file) ?? at;
    const ways = reached.map(({ named }) => {
      const given = named?.get(name);
      return given === undefined ? undefined : argumentValue(name, given, place);
    });
    values.set(name, together(name, ways, place, why));
  }
  return {
    at,
    passesObject: application !== undefined && isObject(application, statements),
    arguments: values,
    more: reached.some(({ named }) => named === undefined)
      ? "what ** passes to uvicorn.run() is not known"
      : undefined,
  };
}

/** From the keyword to the end of its value. */
function placeOfArgument(call: CallExpression, name: string, file: SourceFile): Span | undefined {
  const value = call.arguments.find((each) => each.name === name)?.value;
  if (value === undefined) return undefined;
  const before = file.text.slice(Math.max(call.start, value.start - name.length - 200), value.start);
  const keyword = before.lastIndexOf(name);
  const start = keyword === -1 ? value.start : value.start - before.length + keyword;
  return span(file, start, value.end);
}

/** The value that an argument has in every way in which the script can run. */
function together(
  name: string,
  ways: readonly (Value<CalledValue> | undefined)[],
  at: Span,
  why: string,
): Value<CalledValue> {
  const [first, ...others] = ways;
  const isSame = (each: Value<CalledValue> | undefined): boolean =>
    each?.known === true && first?.known === true && each.value === first.value;
  return first !== undefined && others.every(isSame) ? first : unknown(name, why, { at });
}

function argumentValue(name: string, given: Term, at: Span): Value<CalledValue> {
  const inputs = inputsOf(given);
  const value = plainValue(given.data);
  if (value === undefined) {
    const { data } = given;
    if (data.kind !== "opaque") return unknown(name, "it is no plain value", { at });
    const fact = data.fact === undefined ? {} : { fact: data.fact };
    return unknown(name, data.why, { at, from: inputs, ...fact });
  }
  const text = textOf(given);
  if (inputs.length === 0) return written(name, value, at);
  return derive<readonly Value<unknown>[], CalledValue>(
    name,
    text,
    [...inputs, written(name, text, at)],
    () => value,
    at,
  );
}

/** Undefined for what is not known or is no plain value; a list of addresses is read as uvicorn joins it. */
function plainValue(data: Data): CalledValue | undefined {
  switch (data.kind) {
    case "none":
      return null;
    case "bool":
    case "str":
    case "float":
      return data.value;
    case "int":
      return Number(data.value);
    case "list":
    case "tuple": {
      const texts = data.items.map((item) => (item.data.kind === "str" ? item.data.value : undefined));
      return texts.includes(undefined) || texts.length === 0 ? undefined : texts.join(",");
    }
    default:
      return undefined;
  }
}
