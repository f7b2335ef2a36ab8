import type { Span } from "../../../text/span.ts";

/** A Python exception on its way; caught inside the evaluator. */
export class Raised extends Error {
  at: Span | undefined;

  /** @param exception name of its class; empty where it is not known */
  constructor(
    readonly exception: string,
    readonly text: string,
    at?: Span,
  ) {
    super(text);
    this.at = at;
  }
}

/** SystemExit: gunicorn does not catch it, so that it ends with this code. */
export class Exited extends Raised {
  /** @param text what Python writes to standard error; empty for nothing */
  constructor(
    readonly code: number,
    text: string,
    at?: Span,
  ) {
    super("SystemExit", text, at);
  }
}

/** The file takes more steps or levels than a settings file has. */
export class GivenUp extends Error {
  constructor(readonly why: string) {
    super(why);
  }
}

const parents: ReadonlyMap<string, string> = new Map([
  ["KeyError", "LookupError"],
  ["IndexError", "LookupError"],
  ["ModuleNotFoundError", "ImportError"],
  ["FileNotFoundError", "OSError"],
  ["ZeroDivisionError", "ArithmeticError"],
  ["OverflowError", "ArithmeticError"],
  ["UnicodeDecodeError", "ValueError"],
  ["NotImplementedError", "RuntimeError"],
  ["RecursionError", "RuntimeError"],
  ["SystemExit", "BaseException"],
  ["Exception", "BaseException"],
]);

/** Other names of OSError. */
const osErrors = new Set(["IOError", "EnvironmentError"]);

/** Whether an exception is an instance of a class; undefined where it cannot be known. */
export function isInstance(exception: string, of: string): boolean | undefined {
  if (of === "BaseException") return true;
  if (exception === "") return of === "Exception" ? true : undefined;
  const wanted = osErrors.has(of) ? "OSError" : of;
  for (let name: string | undefined = exception; name !== undefined; ) {
    if (name === wanted) return true;
    name = parents.get(name) ?? (name === "Exception" || name === "BaseException" ? undefined : "Exception");
  }
  return false;
}
