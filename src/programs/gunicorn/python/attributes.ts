import type { Span } from "../../../text/span.ts";
import { type Term, term, textOf, typeName } from "./data.ts";
import { libraryConstants, libraryFunctions } from "./library.ts";
import { opaque, opaqueResult, result } from "./opaque.ts";
import { pathProperty } from "./paths.ts";
import { Raised } from "./raised.ts";

/** object.name */
export function readAttribute(object: Term, name: string, at: Span): Term {
  const { data } = object;
  switch (data.kind) {
    case "module": {
      if (data.scope === undefined) return ofLibrary(`${data.name}.${name}`);
      const found = data.scope.names.get(name);
      if (found !== undefined) return found.term;
      if (data.scope.spoiled !== undefined) return opaque(data.scope.spoiled.why);
      throw new Raised("AttributeError", `module '${data.name}' has no attribute '${name}'`, at);
    }
    case "class":
    case "instance": {
      const scope = data.kind === "class" ? data.scope : data.of;
      const found = data.kind === "instance" || data.plain ? scope.names.get(name) : undefined;
      if (found !== undefined && (data.kind === "class" || found.term.data.kind !== "function"))
        return found.term;
      return opaque(`${name} of this class is not read`);
    }
    case "path": {
      const property = pathProperty(data.value, name);
      return property === undefined
        ? term({ kind: "method", self: object, name }, object.from)
        : result(property, [object], `${textOf(object)}.${name}`);
    }
    case "opaque":
      if (data.name !== undefined) return ofLibrary(`${data.name}.${name}`);
      return opaque(
        data.why,
        object.from,
        {
          ...(data.fact === undefined ? {} : { fact: data.fact }),
          attribute: { of: object, name },
        },
        `${textOf(object)}.${name}`,
      );
    case "none":
    case "int":
    case "bool":
    case "float":
      if (!["real", "numerator", "bit_length", "is_integer"].includes(name))
        throw new Raised("AttributeError", `'${typeName(data)}' object has no attribute '${name}'`, at);
      return opaqueResult({ kind: "opaque", why: `${name} is not read` }, [object], undefined, undefined);
    case "function":
    case "builtin":
    case "method":
    case "exception":
      return opaque(`${name} of a function is not read`);
    default:
      return term({ kind: "method", self: object, name }, object.from);
  }
}

/** A name of a module that is not here: one of Python's library, or unknown. */
export function ofLibrary(path: string): Term {
  const constant = libraryConstants.get(path);
  if (constant !== undefined) return term(constant);
  if (libraryFunctions.has(path) || path === "importlib.import_module")
    return term({ kind: "builtin", name: path });
  return opaque(`${path} is not read`, [], { name: path });
}
