import type { SourceFile } from "../../../text/source-file.ts";
import type { Span } from "../../../text/span.ts";
import type { Binding, Scope, Term } from "./data.ts";
import { opaque } from "./opaque.ts";

/** A class or a function inside of another scope. */
export function innerScope(kind: "class" | "function", parent: Scope): Scope {
  return { names: new Map(), parent, kind, file: parent.file, globals: new Set() };
}

export function moduleScope(file: SourceFile, inPackage: string | undefined): Scope {
  const scope = {
    names: new Map(),
    parent: undefined,
    kind: "module",
    file,
    globals: new Set<string>(),
  } as const;
  return inPackage === undefined ? scope : { ...scope, package: inPackage };
}

export function moduleOf(scope: Scope): Scope {
  let found = scope;
  while (found.kind !== "module" && found.parent !== undefined) found = found.parent;
  return found;
}

export function assignName(scope: Scope, name: string, value: Term, at: Span | undefined): void {
  const target = scope.globals.has(name) ? moduleOf(scope) : scope;
  const before = target.names.get(name);
  const replaced: Binding[] = before?.at === undefined ? [] : [before, ...before.replaced].slice(0, 20);
  target.names.set(name, { term: value, at, replaced });
}

/** A name as Python looks it up: here, in the functions around, in the module. Classes are skipped from inside. */
export function lookUp(scope: Scope, name: string): Term | undefined {
  let first = true;
  for (let each: Scope | undefined = scope; each !== undefined; each = each.parent) {
    if (first || each.kind !== "class") {
      const found = each.names.get(name);
      if (found !== undefined) return found.term;
    }
    first = false;
  }
  const { spoiled } = moduleOf(scope);
  return spoiled === undefined ? undefined : opaque(spoiled.why);
}

const programParts = new Set(["module", "function", "builtin", "class", "method"]);

/** Any name may now hold anything: values become unknown, modules and functions are believed to stay. */
export function spoil(scope: Scope, why: string, at: Span): void {
  scope.spoiled ??= { why, at };
  for (const [name, binding] of scope.names)
    if (binding.at !== undefined && !programParts.has(binding.term.data.kind))
      scope.names.set(name, { ...binding, term: opaque(why), at });
}
