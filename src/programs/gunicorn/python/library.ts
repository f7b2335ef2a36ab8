import type { Span } from "../../../text/span.ts";
import { asNumber } from "./arithmetic.ts";
import { pure } from "./builtin-functions.ts";
import { type Data, float, int, none, pythonText, str, type Term, term } from "./data.ts";
import type { CallArguments, Evaluator } from "./evaluator.ts";
import { jsonOf, literalOf } from "./literal-data.ts";
import { mathFunctions } from "./number-functions.ts";
import { fromAll, opaque, opaqueAmong, opaqueResult, result } from "./opaque.ts";
import { pathFunctions } from "./paths.ts";
import { Exited, Raised } from "./raised.ts";
import { callText } from "./session.ts";

type LibraryFunction = (run: Evaluator, given: CallArguments, at: Span) => Term;

/** Constants of Python's library, as they are on Linux. */
export const libraryConstants: ReadonlyMap<string, Data> = new Map<string, Data>([
  ["os.environ", { kind: "environ" }],
  ["ssl.CERT_NONE", int(0)],
  ["ssl.CERT_OPTIONAL", int(1)],
  ["ssl.CERT_REQUIRED", int(2)],
  ["sys.platform", str("linux")],
  ["os.name", str("posix")],
  ["os.sep", str("/")],
  ["os.path.sep", str("/")],
  ["os.pathsep", str(":")],
  ["os.linesep", str("\n")],
  [
    "sys.version_info",
    {
      kind: "tuple",
      items: [
        term(int(3)),
        ...["minor", "micro", "releaselevel", "serial"].map((name) =>
          opaque(`the ${name} part of Python's version is not known`),
        ),
      ],
    },
  ],
  ["sys.version_info.major", int(3)],
  ["math.inf", float(Number.POSITIVE_INFINITY)],
  ["math.pi", float(Math.PI)],
]);

/** os.environ.get and os.getenv. */
export function getVariable(run: Evaluator, name: string, given: CallArguments, at: Span): Term {
  const [key, second] = given.positional;
  const fallback = second ?? given.named.get("default") ?? none;
  const text = callText(name, given.positional, given.named);
  if (key?.data.kind === "opaque") return opaqueResult(key.data, [key, fallback], undefined, text);
  if (key?.data.kind !== "str") throw new Raised("TypeError", "str expected, not another type", at);
  const value = run.session.variable(key.data.value);
  if (value.data.kind !== "none")
    return {
      ...value,
      text,
      from: value.data.kind === "opaque" ? [...value.from, ...fallback.from] : value.from,
    };
  return { ...fallback, from: [...new Set([...value.from, ...fallback.from])], text };
}

/** os.environ[name] */
export function indexVariable(run: Evaluator, key: Term, at: Span): Term {
  if (key.data.kind === "opaque") return opaqueResult(key.data, [key], "str", undefined);
  if (key.data.kind !== "str") throw new Raised("TypeError", "str expected, not another type", at);
  const value = run.session.variable(key.data.value);
  const text = `os.environ['${key.data.value}']`;
  if (value.data.kind === "none") throw new Raised("KeyError", `'${key.data.value}'`, at);
  if (value.data.kind === "opaque") run.session.mayRaise(value.data.why, at);
  return { ...value, text };
}

function wholeNumber(name: string, rounding: (value: number) => number): LibraryFunction {
  return (_run, given) => {
    const text = callText(name, given.positional, given.named);
    const missing = opaqueAmong(given.positional);
    if (missing !== undefined) return opaqueResult(missing, given.positional, "int", text);
    const [only] = given.positional;
    const number = only === undefined ? undefined : asNumber(only.data);
    if (number === undefined || !Number.isFinite(Number(number.value)))
      return opaque(`${text} is not read`, [], { type: "int" }, text);
    const value = number.kind === "int" ? number.value : BigInt(rounding(number.value));
    return result(int(value), given.positional, text);
  };
}

function fixed(data: Data): LibraryFunction {
  return () => term(data);
}

/** A function of a text, or of a file that was opened. */
function fromText(
  name: string,
  compute: (text: string, run: Evaluator) => Data | undefined,
): LibraryFunction {
  return (run, given, at) => {
    const text = callText(name, given.positional, given.named);
    const missing = opaqueAmong(given.positional);
    if (missing !== undefined) {
      run.session.mayRaise(missing.why, at);
      return opaqueResult(missing, given.positional, undefined, text);
    }
    const [only] = given.positional;
    const content =
      only?.data.kind === "str" ? only.data.value : only?.data.kind === "file" ? only.data.text : undefined;
    const made = content === undefined || given.named.size > 0 ? undefined : compute(content, run);
    if (made !== undefined) return result(made, given.positional, text);
    run.session.mayRaise(`${text} is not read`, at);
    return opaque(`${text} is not read`, fromAll(given.positional), {}, text);
  };
}

/** distutils.util.strtobool */
function toBoolean(_run: Evaluator, given: CallArguments, at: Span): Term {
  const text = callText("strtobool", given.positional, given.named);
  const [only] = given.positional;
  if (only?.data.kind !== "str")
    return opaque(`${text} is not read`, only?.from ?? [], { type: "int" }, text);
  const value = only.data.value.toLowerCase();
  if (["y", "yes", "t", "true", "on", "1"].includes(value)) return result(int(1), [only], text);
  if (["n", "no", "f", "false", "off", "0"].includes(value)) return result(int(0), [only], text);
  throw new Raised("ValueError", `invalid truth value '${value}'`, at);
}

function openFile(run: Evaluator, given: CallArguments, at: Span): Term {
  const [path] = given.positional;
  const name = path?.data.kind === "str" || path?.data.kind === "path" ? path.data.value : undefined;
  const start = run.session.input.workingDirectory;
  if (name !== undefined && (name.startsWith("/") || start.known)) {
    const full = name.startsWith("/") ? name : `${start.known ? start.value : ""}/${name}`;
    const file = run.session.input.readConfig(full);
    if (file !== undefined && file !== "unknown") return term({ kind: "file", text: file.text });
  }
  run.session.mayRaise("a file that is not here", at);
  return opaque(`what open(${name === undefined ? "..." : `'${name}'`}) holds is not known`);
}

/** sys.exit(): a number is the exit code, None is 0, everything else is shown and 1. */
export function exited(code: Term | undefined, at: Span): Exited {
  if (code === undefined || code.data.kind === "none") return new Exited(0, "", at);
  if (code.data.kind === "bool") return new Exited(code.data.value ? 1 : 0, "", at);
  if (code.data.kind === "int") return new Exited(Number(BigInt.asUintN(8, code.data.value)), "", at);
  return new Exited(1, pythonText(code.data) ?? "", at);
}

/** What may set variables that are not set: python-dotenv, django-environ, environs. */
export const variableLoaders = /(^|\.)(load_dotenv|read_env|read_dotenv)$/;

export const libraryFunctions: ReadonlyMap<string, LibraryFunction> = new Map<string, LibraryFunction>([
  ...pathFunctions,
  ["os.getenv", (run, given, at) => getVariable(run, "os.getenv", given, at)],
  ["os.cpu_count", (run) => run.session.cpuCount("os.cpu_count()")],
  ["multiprocessing.cpu_count", (run) => run.session.cpuCount("multiprocessing.cpu_count()")],
  ["os.process_cpu_count", (run) => run.session.cpuCount("os.process_cpu_count()", true)],
  [
    "psutil.cpu_count",
    (run, given) =>
      given.positional.length + given.named.size === 0
        ? run.session.cpuCount("psutil.cpu_count()")
        : opaque("physical cores are not known", [], { type: "int" }),
  ],
  ["joblib.cpu_count", () => opaque("joblib counts CPUs its own way", [], { type: "int" })],
  [
    "os.sched_getaffinity",
    (run) => ({
      ...run.session.cpuCount("os.sched_getaffinity(0)", true),
      data: { kind: "builtin", name: "affinity" },
    }),
  ],
  [
    "os.getcwd",
    (run) => {
      const start = run.session.input.workingDirectory;
      return start.known
        ? term(str(start.value), [start], "os.getcwd()")
        : opaque(start.origin.why, [start], { type: "str" }, "os.getcwd()");
    },
  ],
  ["platform.system", fixed(str("Linux"))],
  ...mathFunctions.map(([name, compute]): [string, LibraryFunction] => [name, pure(name, compute, "float")]),
  ["ast.literal_eval", fromText("ast.literal_eval", (text, run) => literalOf(text, run.session.parse))],
  ["json.loads", fromText("json.loads", jsonOf)],
  ["json.load", fromText("json.load", jsonOf)],
  ["math.ceil", wholeNumber("math.ceil", Math.ceil)],
  ["math.floor", wholeNumber("math.floor", Math.floor)],
  ["math.trunc", wholeNumber("math.trunc", Math.trunc)],
  ["distutils.util.strtobool", toBoolean],
  ["open", openFile],
  [
    "sys.exit",
    (_run, given, at) => {
      throw exited(given.positional[0], at);
    },
  ],
]);

/** Modules of Python's own library that settings files import; others may be missing. */
export const standardModules = new Set(
  (
    "abc argparse ast asyncio atexit base64 collections configparser contextlib copy dataclasses datetime " +
    "decimal distutils enum errno faulthandler fcntl fnmatch functools gc getpass glob hashlib importlib inspect io " +
    "itertools json logging math multiprocessing operator os pathlib platform pprint queue random re resource " +
    "secrets select shlex shutil signal site socket ssl stat string struct subprocess sys sysconfig tempfile " +
    "textwrap threading time tomllib traceback types typing urllib uuid warnings weakref zoneinfo gunicorn __future__"
  ).split(" "),
);
