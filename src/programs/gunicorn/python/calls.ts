import type { Span } from "../../../text/span.ts";
import { builtinFunctions } from "./builtin-functions.ts";
import { isExceptionName } from "./builtin-names.ts";
import { bool, pythonText, repr, type Term, term, textOf, truth, typeName } from "./data.ts";
import type { CallArguments, Evaluator } from "./evaluator.ts";
import { libraryFunctions, variableLoaders } from "./library.ts";
import { callMethod, isOfType } from "./object-methods.ts";
import { fromAll, opaque, opaqueResult } from "./opaque.ts";
import { Raised } from "./raised.ts";
import { callText } from "./session.ts";
import { readSetting } from "./settings-libraries.ts";

/** Types whose name in Python's builtins makes a value. */
const builtinTypes = new Set(["str", "int", "float", "bool", "list", "tuple", "dict", "set"]);

/** callee(...) */
export function call(run: Evaluator, callee: Term, given: CallArguments, at: Span): Term {
  const { data } = callee;
  switch (data.kind) {
    case "builtin":
      return callBuiltin(run, data.name, given, at);
    case "method":
      return callMethod(data.self, data.name, given, run, at);
    case "function":
      return data.callable ? run.callFunction(data, given, at) : unread(run, `${data.name}()`, given, at);
    case "class":
      return data.plain && !data.scope.names.has("__init__") && !data.scope.names.has("__new__")
        ? term({ kind: "instance", of: data.scope })
        : unread(run, `${data.name}()`, given, at);
    case "opaque": {
      const name = data.name ?? textOf(callee);
      const text = callText(name, given.positional, given.named);
      if (data.attribute !== undefined)
        return callMethod(data.attribute.of, data.attribute.name, given, run, at);
      if (data.name === undefined)
        return opaqueResult(data, [callee, ...given.positional], undefined, undefined);
      if (variableLoaders.test(name)) run.session.addVariables(`${name}() may set it`);
      return readSetting(name, given, text, run, at) ?? unread(run, `${name}()`, given, at);
    }
    case "none":
    case "bool":
    case "int":
    case "float":
    case "str":
      throw new Raised(
        "TypeError",
        `'${data.kind === "none" ? "NoneType" : data.kind}' object is not callable`,
        at,
      );
    default:
      return unread(run, textOf(callee), given, at);
  }
}

/** str() of an exception: the text of its only argument, or of the tuple of them; KeyError shows a repr(). */
function exceptionText(name: string, given: readonly Term[]): string {
  const [first] = given;
  if (first === undefined) return "";
  if (given.length > 1) return pythonText({ kind: "tuple", items: [...given] }) ?? "";
  return (name === "KeyError" ? repr(first.data) : pythonText(first.data)) ?? "";
}

function unread(run: Evaluator, name: string, given: CallArguments, at: Span): Term {
  const why = `${name} is not read`;
  run.session.mayRaise(why, at);
  return opaque(why, fromAll([...given.positional, ...given.named.values()]));
}

function callBuiltin(run: Evaluator, name: string, given: CallArguments, at: Span): Term {
  const [first, second, third] = given.positional;
  if (isExceptionName(name))
    return term({
      kind: "exception",
      name,
      message: exceptionText(name, given.positional),
      argument: first,
    });
  if (name === "len" && first?.data.kind === "builtin" && first.data.name === "affinity")
    return run.session.cpuCount("len(os.sched_getaffinity(0))", true);
  const text = callText(name, given.positional, given.named);
  switch (name) {
    case "isinstance": {
      const answer =
        first === undefined || second === undefined ? undefined : isOfType(first.data, second.data);
      return answer === undefined
        ? opaque(`${text} is not read`, [], { type: "bool" }, text)
        : term(bool(answer));
    }
    case "callable":
      return opaque(`${text} is not read`, [], { type: "bool" }, text);
    case "getattr":
    case "hasattr": {
      if (first === undefined || second?.data.kind !== "str") return opaque(`${text} is not read`);
      try {
        const found = run.attribute(first, second.data.value, at);
        if (name === "getattr") return found;
        return found.data.kind === "opaque" || found.data.kind === "method"
          ? opaque(`${text} is not read`, [], { type: "bool" })
          : term(bool(true));
      } catch (error) {
        if (!(error instanceof Raised) || error.exception !== "AttributeError") throw error;
        if (name === "hasattr") return term(bool(false));
        if (third === undefined) throw error;
        return third;
      }
    }
    case "map":
    case "filter": {
      const items = second === undefined ? undefined : run.iterate(second, at);
      if (first === undefined || items === undefined || given.positional.length !== 2)
        return opaque(`${text} is not read`);
      const keepsTrue = name === "filter" && first.data.kind === "none";
      const made = keepsTrue
        ? [...items]
        : items.map((item) => run.call(first, { positional: [item], named: new Map() }, at));
      if (name === "map") return term({ kind: "list", items: made });
      const answers = made.map((each) => truth(each.data));
      if (answers.includes(undefined)) return opaque(`${text} is not read`);
      return term({ kind: "list", items: items.filter((_, index) => answers[index]) });
    }
    case "type": {
      const type = first === undefined || first.data.kind === "opaque" ? "" : typeName(first.data);
      return given.positional.length === 1 && builtinTypes.has(type)
        ? term({ kind: "builtin", name: type })
        : opaque(`${text} is not read`);
    }
  }
  const known = builtinFunctions.get(name) ?? libraryFunctions.get(name);
  return known === undefined ? unread(run, `${name}()`, given, at) : known(run, given, at);
}
