import { builtinFunctions } from "./builtin-functions.ts";
import { type Term, term } from "./data.ts";
import { opaque } from "./opaque.ts";

/** Names of Python's builtins module that the evaluator treats by itself. */
const handled = [
  "globals",
  "locals",
  "vars",
  "exec",
  "setattr",
  "getattr",
  "hasattr",
  "isinstance",
  "callable",
  "__import__",
  "open",
  "map",
  "filter",
  "type",
];

const others =
  "eval compile super property staticmethod classmethod object id hash iter next input bytes bytearray complex memoryview slice dir help delattr ascii NotImplemented __debug__ quit exit".split(
    " ",
  );

const exceptions =
  "BaseException Exception ArithmeticError AssertionError AttributeError EnvironmentError FileNotFoundError IOError ImportError IndexError KeyError LookupError ModuleNotFoundError NameError NotImplementedError OSError OverflowError PermissionError RuntimeError StopIteration SystemExit TypeError UnicodeDecodeError ValueError ZeroDivisionError DeprecationWarning UserWarning Warning RuntimeWarning KeyboardInterrupt TimeoutError ConnectionError RecursionError SyntaxError".split(
    " ",
  );

const known: ReadonlyMap<string, Term> = new Map<string, Term>([
  ...[...builtinFunctions.keys(), ...handled, ...exceptions].map((name): [string, Term] => [
    name,
    term({ kind: "builtin", name }),
  ]),
  ...others.map((name): [string, Term] => [name, opaque(`${name} is not read`, [], { name })]),
]);

export function builtinName(name: string): Term | undefined {
  return known.get(name);
}

export function isExceptionName(name: string): boolean {
  return exceptions.includes(name);
}
