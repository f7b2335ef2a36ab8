import type { Expression } from "../../../syntax/python-settings/tree.ts";
import type { Span } from "../../../text/span.ts";
import type { PythonFunction, Scope, Term } from "./data.ts";
import type { Session } from "./session.ts";

export interface CallArguments {
  readonly positional: readonly Term[];
  readonly named: ReadonlyMap<string, Term>;
}

/** What functions and methods need from the evaluator that calls them. */
export interface Evaluator {
  readonly session: Session;
  evaluate(expression: Expression, scope: Scope): Term;
  call(callee: Term, given: CallArguments, at: Span): Term;
  callFunction(callee: PythonFunction, given: CallArguments, at: Span): Term;
  attribute(object: Term, name: string, at: Span): Term;
  /** Whether a condition holds; an unknown one is followed both ways. */
  holds(condition: Term): boolean;
  /** The items of something that is iterated; undefined where they are not known. */
  iterate(over: Term, at: Span): readonly Term[] | undefined;
}
