import type { Span } from "../../../text/span.ts";
import { none, type Term, term } from "./data.ts";
import type { CallArguments, Evaluator } from "./evaluator.ts";
import { opaque } from "./opaque.ts";

/** Libraries that read settings from the environment, by the dotted name of what is called. */
const fileReaders = new Set(["decouple.config", "prettyconf.config"]);
const variableReaders = new Set(["environ.Env", "environs.Env", "environs.env"]);
const casts = new Set(["int", "str", "float", "bool"]);

/** Name of an object that reads variables: `env = environ.Env()`. */
export const readerName = "variable reader";

/**
 * A call of python-decouple, prettyconf, django-environ or environs; undefined for another callee. A variable
 * that is set beats their files; where it is not set, decouple and prettyconf go on to a .env or settings.ini.
 */
export function readSetting(
  name: string,
  given: CallArguments,
  text: string,
  run: Evaluator,
  at: Span,
): Term | undefined {
  if (variableReaders.has(name))
    return given.positional.length + given.named.size === 0
      ? term({ kind: "opaque", why: `${name}() is not read`, name: readerName })
      : undefined;
  const [, method = "str"] = name.startsWith(`${readerName}.`) ? name.split(".") : [];
  const isReader = name === readerName || (name.startsWith(`${readerName}.`) && casts.has(method));
  if (!isReader && !fileReaders.has(name)) return undefined;
  const [key, second] = given.positional;
  if (key?.data.kind !== "str") return undefined;
  const value = run.session.variable(key.data.value);
  const castBy = given.named.get("cast");
  const cast = isReader
    ? method
    : castBy === undefined
      ? "str"
      : castBy.data.kind === "builtin"
        ? castBy.data.name
        : "";
  if (value.data.kind === "none") {
    const fallback = given.named.get("default") ?? (isReader ? second : undefined);
    if (fileReaders.has(name))
      return opaque(`${key.data.value} may stand in a .env or settings.ini`, value.from, {}, text);
    return fallback === undefined
      ? opaque(`${key.data.value} is not set`, value.from, {}, text)
      : { ...fallback, from: [...value.from, ...(fallback ?? none).from], text };
  }
  if (!casts.has(cast)) return opaque(`${text} is not read`, value.from, {}, text);
  const converter = cast === "bool" ? "distutils.util.strtobool" : cast;
  const made = run.call(
    term({ kind: "builtin", name: converter }),
    { positional: [{ ...value, text }], named: new Map() },
    at,
  );
  if (cast !== "bool" || made.data.kind !== "int") return { ...made, text };
  return { ...made, data: { kind: "bool", value: made.data.value !== 0n }, text };
}
