import type { SourceFile } from "../../../text/source-file.ts";
import type { Span } from "../../../text/span.ts";
import { normalPath } from "../bind-address.ts";
import { ofLibrary } from "./attributes.ts";
import { keyOf, none, type Scope, str, type Term, term } from "./data.ts";
import { standardModules } from "./library.ts";
import { Raised } from "./raised.ts";
import { assignName, moduleOf, moduleScope, spoil } from "./scopes.ts";
import type { Session } from "./session.ts";

/** Modules that import each other in a chain of this length are not followed. */
const deepestImport = 20;

/** A module by its dotted name: one that is here is run, every other is known by name only. */
export function importModule(
  path: string,
  level: number,
  from: Scope,
  session: Session,
  run: (scope: Scope, file: SourceFile) => void,
  at: Span,
): Term {
  const name = level === 0 ? path : absoluteName(path, level, moduleOf(from), at);
  const found = findModule(name, session);
  if (found === undefined) {
    const [root = ""] = name.split(".");
    if (level > 0 || !standardModules.has(root))
      session.mayRaise(`whether ${name} is installed is not known`, at);
    return term({ kind: "module", name, scope: undefined });
  }
  const before = session.modules.get(found.path);
  if (before !== undefined) return term({ kind: "module", name, scope: before });
  const scope = moduleScope(
    found.file,
    found.isPackage ? name : name.slice(0, Math.max(0, name.lastIndexOf("."))),
  );
  assignName(scope, "__name__", term({ kind: "str", value: name }), undefined);
  assignName(scope, "__file__", term({ kind: "str", value: found.path }), undefined);
  session.modules.set(found.path, scope);
  if (session.modules.size > deepestImport) scope.spoiled = { why: "too many modules import each other", at };
  else run(scope, found.file);
  return term({ kind: "module", name, scope });
}

/** A name of a module: what it sets, else a module inside of it, else what Python's library has. */
export function importedName(
  module: Term,
  name: string,
  importInner: (path: string) => Term,
  session: Session,
  at: Span,
): Term {
  if (module.data.kind !== "module") return none;
  const { scope } = module.data;
  if (scope === undefined) {
    const inner = findModule(`${module.data.name}.${name}`, session);
    return inner === undefined
      ? ofLibrary(`${module.data.name}.${name}`)
      : importInner(`${module.data.name}.${name}`);
  }
  const found = scope.names.get(name);
  if (found !== undefined) return found.term;
  if (findModule(`${module.data.name}.${name}`, session) !== undefined)
    return importInner(`${module.data.name}.${name}`);
  if (scope.spoiled !== undefined) return term({ kind: "opaque", why: scope.spoiled.why });
  throw new Raised(
    "ImportError",
    `cannot import name '${name}' from '${module.data.name}' (${fileName(scope)})`,
    at,
  );
}

/** Where Python found a module. */
function fileName(scope: Scope): string {
  const file = scope.names.get("__file__")?.term.data;
  return file?.kind === "str" ? file.value : scope.file.path;
}

function absoluteName(path: string, level: number, module: Scope, at: Span): string {
  const parts = (module.package ?? "").split(".").filter((part) => part !== "");
  if (parts.length === 0)
    throw new Raised("ImportError", "attempted relative import with no known parent package", at);
  const base = parts.slice(0, parts.length - (level - 1));
  if (base.length === 0)
    throw new Raised("ImportError", "attempted relative import beyond top-level package", at);
  return [...base, ...(path === "" ? [] : [path])].join(".");
}

/**
 * The file of a module. gunicorn puts the directory that it starts in first on Python's path, Python that of its
 * script; PYTHONPATH follows.
 */
export function findModule(
  name: string,
  { input }: Session,
): { readonly path: string; readonly file: SourceFile; readonly isPackage: boolean } | undefined {
  const start = input.importsFrom ?? input.workingDirectory;
  const extra = input.environment.get("PYTHONPATH");
  const directories = [
    ...(start.known ? [start.value] : []),
    ...(extra.known ? (extra.value ?? "").split(":").filter((each) => each.startsWith("/")) : []),
  ];
  const relative = name.replaceAll(".", "/");
  for (const directory of directories)
    for (const [ending, isPackage] of [
      ["/__init__.py", true],
      [".py", false],
    ] as const) {
      const path = normalPath(`${directory}/${relative}${ending}`);
      const file = input.readConfig(path);
      if (file !== undefined && file !== "unknown") return { path, file, isPackage };
    }
  return undefined;
}

/** `from module import *`: what `__all__` lists, else every public name. */
export function importAll(inner: Scope, scope: Scope, at: Span): void {
  if (inner.spoiled !== undefined) spoil(scope, inner.spoiled.why, at);
  const listed = inner.names.get("__all__")?.term.data;
  const only =
    listed !== undefined && "items" in listed
      ? new Set(listed.items.map((item) => keyOf(item.data)))
      : undefined;
  for (const [name, binding] of inner.names)
    if (only === undefined ? !name.startsWith("_") : only.has(keyOf(str(name))))
      assignName(scope, name, binding.term, binding.at ?? at);
}
