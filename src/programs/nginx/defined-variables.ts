import type { Version } from "../../model/facts.ts";
import type { NginxWord } from "../../syntax/nginx/tree.ts";
import { regexesOf } from "./check-regex.ts";
import type { PlacedDirective } from "./placement.ts";
import { isBuiltIn } from "./variable-names.ts";
import type { VariableModule } from "./variable-texts.ts";

/** A variable that a directive defines. */
export interface DefinedVariable {
  /** In lower case, as nginx keeps it. */
  readonly name: string;
  readonly written: string;
  readonly word: NginxWord;
}

/** `(?<name>`, `(?P<name>` and `(?'name'` in a regular expression. */
const namedCapture = /\(\?(?:P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/g;

/** Directives whose regular expressions define no variables. */
const withoutCaptures = new Set(["gzip_disable", "valid_referers"]);

/** The variables that a directive defines. */
export function definedBy(placed: PlacedDirective, inData: boolean): readonly DefinedVariable[] {
  const { name, directive, level } = placed;
  const { args } = directive;
  if (inData) {
    const [key] = directive.words;
    return level.owner?.name === "map" && key?.text.startsWith("~") === true ? captures(key, key.text) : [];
  }
  switch (name) {
    case "set":
    case "auth_request_set":
      return named(args[0]);
    case "map":
    case "split_clients":
      return named(args[1]);
    case "geo":
      return named(args.at(-1));
    default:
      return withoutCaptures.has(name)
        ? []
        : regexesOf(placed).flatMap(({ word, pattern }) => captures(word, pattern));
  }
}

/** What nginx says of a directive that defines a variable again which is nginx's own (ngx_http_add_variable). */
export function builtInAgain(
  defined: readonly DefinedVariable[],
  module: VariableModule,
  version: Version | undefined,
): DefinedVariable | undefined {
  return defined.find(({ name }) => isBuiltIn(module, name, version));
}

function named(word: NginxWord | undefined): DefinedVariable[] {
  if (word?.text.startsWith("$") !== true) return [];
  const written = word.text.slice(1);
  return [{ name: written.toLowerCase(), written, word }];
}

function captures(word: NginxWord, pattern: string): DefinedVariable[] {
  return [...pattern.matchAll(namedCapture)].map(([, plain, quoted = ""]) => {
    const written = plain ?? quoted;
    return { name: written.toLowerCase(), written, word };
  });
}
