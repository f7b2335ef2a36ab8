import type { Span } from "../../../text/span.ts";
import { dictMethod, listMethod } from "./containers.ts";
import { type Data, none, str, type Term, term, textOf } from "./data.ts";
import type { CallArguments, Evaluator } from "./evaluator.ts";
import { formatTemplate } from "./format-template.ts";
import { getVariable, indexVariable } from "./library.ts";
import { moduleScopeNames, namespaceMethod } from "./namespaces.ts";
import { opaque, opaqueAmong, opaqueResult, result } from "./opaque.ts";
import { pathMethods } from "./paths.ts";
import { callText } from "./session.ts";
import { stringMethod } from "./string-methods.ts";

/** Calls a method of a value that is known, or of an unknown string. */
export function callMethod(self: Term, name: string, given: CallArguments, run: Evaluator, at: Span): Term {
  const text = callText(`${methodOwner(self)}.${name}`, given.positional, given.named);
  const unread = (): Term => {
    run.session.mayRaise(`${text} is not read`, at);
    return opaque(`${text} is not read`, result(none.data, [self, ...given.positional], text).from, {}, text);
  };
  const { data } = self;
  switch (data.kind) {
    case "str":
      return callStringMethod(self, data.value, name, given, text, run) ?? unread();
    case "path":
      if (name === "read_text") {
        const file = run.call(builtinOpen, { positional: [self], named: new Map() }, at);
        return file.data.kind === "file" ? term(str(file.data.text), file.from) : file;
      }
      return (
        pathMethods.get(name)?.(run, { ...given, positional: [self, ...given.positional] }, at) ?? unread()
      );
    case "list":
    case "tuple":
    case "set":
      return listMethod(data, name, given, run, at) ?? changed(data.items, unread());
    case "dict":
      return dictMethod(data, name, given) ?? unread();
    case "environ":
      return environMethod(name, given, run, at) ?? unread();
    case "namespace":
      return namespaceMethod(data.scope, name, given, at) ?? unread();
    case "file":
      return fileMethod(data.text, name) ?? unread();
    case "opaque":
      return opaqueResult(data, [self, ...given.positional], methodTypes.get(name), text);
    default:
      return unread();
  }
}

const builtinOpen = term({ kind: "builtin", name: "open" });

/** What a method that is not read leaves of a list. */
function changed(items: Term[], answer: Term): Term {
  items.push(answer);
  return answer;
}

const methodTypes: ReadonlyMap<string, "str" | "bool" | "int"> = new Map([
  ["lower", "str"],
  ["upper", "str"],
  ["strip", "str"],
  ["lstrip", "str"],
  ["rstrip", "str"],
  ["replace", "str"],
  ["format", "str"],
  ["join", "str"],
  ["isdigit", "bool"],
  ["startswith", "bool"],
  ["endswith", "bool"],
]);

function methodOwner(self: Term): string {
  if (self.data.kind === "environ") return "os.environ";
  return textOf(self);
}

function callStringMethod(
  self: Term,
  value: string,
  name: string,
  given: CallArguments,
  text: string,
  run: Evaluator,
): Term | undefined {
  const terms = [self, ...given.positional, ...given.named.values()];
  if (name === "format") {
    const made = formatTemplate(value, given, run);
    const missing = opaqueAmong(terms);
    if (made !== undefined) return result(str(made), terms, text);
    return missing === undefined ? undefined : opaqueResult(missing, terms, "str", text);
  }
  const missing = opaqueAmong(terms);
  if (missing !== undefined) return opaqueResult(missing, terms, methodTypes.get(name), text);
  if (given.named.size > 0) return undefined;
  const values = given.positional.map((each) => each.data);
  const made = stringMethod(value, name, values);
  return made === undefined ? undefined : result(made, terms, text);
}

function environMethod(name: string, given: CallArguments, run: Evaluator, at: Span): Term | undefined {
  const [key, value] = given.positional;
  const names = (): string[] => run.session.variableNames(moduleScopeNames);
  const list = (items: Term[]): Term => term({ kind: "list", items });
  const pair = (each: string): Term =>
    term({ kind: "tuple", items: [term(str(each)), run.session.variable(each)] });
  switch (name) {
    case "get":
      return getVariable(run, "os.environ.get", given, at);
    case "__getitem__":
      return key === undefined ? undefined : indexVariable(run, key, at);
    case "copy":
      return term({ kind: "environ" });
    case "items":
      return list(names().map(pair));
    case "keys":
      return list(names().map((each) => term(str(each))));
    case "values":
      return list(names().map((each) => run.session.variable(each)));
    case "setdefault":
    case "pop": {
      if (key?.data.kind !== "str") return undefined;
      const before = run.session.variable(key.data.value);
      if (name === "pop") run.session.unsetVariable(key.data.value);
      else if (before.data.kind === "none") run.session.setVariable(key.data.value, value ?? none);
      return before.data.kind === "none" ? (value ?? none) : before;
    }
    case "update": {
      if (key?.data.kind === "dict")
        for (const entry of key.data.entries.values())
          if (entry.key.data.kind === "str") run.session.setVariable(entry.key.data.value, entry.value);
      for (const [word, each] of given.named) run.session.setVariable(word, each);
      if (key !== undefined && key.data.kind !== "dict")
        run.session.addVariables("os.environ.update() may set it");
      return none;
    }
    default:
      return undefined;
  }
}

function fileMethod(content: string, name: string): Term | undefined {
  const lines = (): Term[] =>
    (content.match(/[^\n]*\n|[^\n]+$/g) ?? []).slice(0, 10_000).map((line) => term(str(line)));
  switch (name) {
    case "read":
      return term(str(content.slice(0, 65_536)));
    case "readline":
      return lines()[0] ?? term(str(""));
    case "readlines":
      return term({ kind: "list", items: lines() });
    case "close":
      return none;
    default:
      return undefined;
  }
}

/** isinstance() against Python's own types; undefined where it is not known. */
export function isOfType(value: Data, type: Data): boolean | undefined {
  if (type.kind === "tuple") {
    const answers = type.items.map((each) => isOfType(value, each.data));
    return answers.includes(true) ? true : answers.includes(undefined) ? undefined : false;
  }
  if (type.kind !== "builtin" || value.kind === "opaque") return undefined;
  if (type.name === "int") return value.kind === "int" || value.kind === "bool";
  if (["str", "float", "bool", "list", "tuple", "dict", "set"].includes(type.name))
    return value.kind === type.name;
  return undefined;
}
