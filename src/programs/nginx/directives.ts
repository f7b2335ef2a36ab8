import type { Version } from "../../model/facts.ts";
import { directiveData, elsewhereData, moduleData, tableVersions } from "./directive-data.ts";

/**
 * Where directives may stand: main, events, http, server, `if` in server, location, `if` in location, limit_except,
 * upstream; stream, its server, its upstream; mail and its server.
 */
export type Context = "M" | "E" | "H" | "S" | "I" | "L" | "J" | "K" | "U" | "T" | "V" | "W" | "A" | "B";

/** An entry of a module's command table, as it is in one version. */
export interface DirectiveForm {
  /** Letters of the contexts; empty where a module's are not known. */
  readonly contexts: string;
  readonly block: boolean;
  /** Digits of the allowed argument counts; `1+` is one or more. Undefined where a module's are not known. */
  readonly counts: string | undefined;
}

/** How a setter reads its arguments. */
export interface Setter {
  /** See `setters` in src/build/nginx-directives.mjs. */
  readonly kind: string;
  /** Words of an enumeration or a bit mask, with the index of the version that brought them. */
  readonly words: readonly { readonly word: string; readonly since: number }[] | undefined;
  readonly bounds: readonly [low: number, high: number] | undefined;
}

export interface KnownDirective {
  readonly name: string;
  /** Whether nginx is usually built with it. */
  readonly built: boolean;
  /** By version, the oldest first; no contexts: the directive is not there. */
  readonly forms: readonly { readonly since: number; readonly form: DirectiveForm }[];
  readonly setter: Setter;
}

/** A directive of a module that is no part of nginx. */
export interface ForeignDirective {
  readonly module: string;
  readonly forms: readonly DirectiveForm[];
}

const versions = tableVersions.split(" ");
const noSetter: Setter = { kind: "x", words: undefined, bounds: undefined };

class DirectiveTable {
  readonly #lines = new Map<string, string[]>();
  readonly #known = new Map<string, readonly KnownDirective[]>();
  #foreign: ReadonlyMap<string, readonly ForeignLine[]> | undefined;

  constructor() {
    for (const line of directiveData.split("\n")) {
      const name = line.slice(0, line.indexOf(" "));
      const same = this.#lines.get(name);
      if (same === undefined) this.#lines.set(name, [line]);
      else same.push(line);
    }
  }

  foreign(name: string): ForeignDirective[] {
    // Most configurations name none, and a search is a quarter of the time of reading them all.
    if (this.#foreign === undefined && !isInModuleData(name)) return [];
    this.#foreign ??= foreignLines();
    const lines = this.#foreign.get(name) ?? [];
    return lines.map(({ module, forms }) => ({ module, forms: forms.map(readForm) }));
  }

  known(name: string): readonly KnownDirective[] {
    let entries = this.#known.get(name);
    if (entries === undefined) {
      entries = this.#lines.get(name)?.map(readDirective) ?? [];
      if (entries.length > 0) this.#known.set(name, entries);
    }
    return entries;
  }

  get names(): string[] {
    this.#foreign ??= foreignLines();
    return [...this.#lines.keys(), ...this.#foreign.keys()];
  }
}

function isInModuleData(name: string): boolean {
  const entry = `;${name}`;
  for (let at = moduleData.indexOf(entry); at !== -1; at = moduleData.indexOf(entry, at + 1))
    if (/[ ;\n]/.test(moduleData.charAt(at + entry.length))) return true;
  return false;
}

interface ForeignLine {
  readonly module: string;
  readonly forms: readonly string[];
}

function foreignLines(): ReadonlyMap<string, readonly ForeignLine[]> {
  const foreign = new Map<string, ForeignLine[]>();
  for (const line of moduleData.split("\n")) {
    const [module = "", ...directives] = line.split(";");
    for (const directive of directives) {
      const [name = "", ...forms] = directive.split(" ");
      const same = foreign.get(name);
      if (same === undefined) foreign.set(name, [{ module, forms }]);
      else same.push({ module, forms });
    }
  }
  return foreign;
}

let table: DirectiveTable | undefined;
let elsewhere: ReadonlySet<string> | undefined;

function theTable(): DirectiveTable {
  table ??= new DirectiveTable();
  return table;
}

/** The entries of this name in nginx's own command tables, of all versions; a name can stand in several modules. */
export function directivesNamed(name: string): readonly KnownDirective[] {
  return theTable().known(name);
}

/** The entries of this name in modules that Debian packages. */
export function foreignDirectives(name: string): readonly ForeignDirective[] {
  return theTable().foreign(name);
}

/** Whether nginx Plus, or an nginx older than the tables, has the directive. */
export function isKnownElsewhere(name: string): boolean {
  elsewhere ??= new Set(elsewhereData.split("\n"));
  return elsewhere.has(name);
}

export function directiveNames(): string[] {
  return theTable().names;
}

/** The forms that an entry can have in a version; all that it ever had where the version is not known. */
export function formsIn(entry: KnownDirective, version: Version | undefined): DirectiveForm[] {
  const span = version === undefined ? { low: 0, high: versions.length - 1 } : versionSpan(version);
  return entry.forms
    .filter(({ since }, index) => {
      const until = (entry.forms[index + 1]?.since ?? versions.length) - 1;
      return since <= span.high && until >= span.low;
    })
    .map(({ form }) => form)
    .filter((form) => form.contexts !== "");
}

/** The words of an enumeration that a version can know; all of them where it is not known. */
export function wordsIn(setter: Setter, version: Version | undefined): string[] | undefined {
  const high = version === undefined ? versions.length : versionSpan(version).high;
  return setter.words?.filter(({ since }) => since <= high).map(({ word }) => word);
}

/** In which of the versions of the tables an entry is, in words. */
export function versionsOf(entry: KnownDirective): string {
  const parts: string[] = [];
  for (const [index, { since, form }] of entry.forms.entries()) {
    if (form.contexts === "" || (entry.forms[index - 1]?.form.contexts ?? "") !== "") continue;
    const gone = entry.forms.slice(index).find((each) => each.form.contexts === "");
    const last = gone === undefined ? undefined : versions[gone.since - 1];
    const first = since === 0 ? undefined : versions[since];
    if (first !== undefined && last === undefined) parts.push(`from ${first} on`);
    else if (first === undefined && last !== undefined) parts.push(`up to ${last}`);
    else if (first !== undefined) parts.push(first === last ? `in ${first}` : `from ${first} to ${last}`);
  }
  return parts.join(" and ");
}

/** The versions of the tables between which a version stands; a change between them may or may not be in it. */
function versionSpan(version: Version): { low: number; high: number } {
  let low = versions.findLastIndex((each) => version.atLeast(each));
  if (low === -1) low = 0;
  const exact = version.text.startsWith(versions[low] ?? "") && !version.atLeast(`${versions[low]}.1`);
  return { low, high: exact ? low : Math.min(low + 1, versions.length - 1) };
}

function readDirective(line: string): KnownDirective {
  const [name = "", states = "", setter = ""] = line.split(" ");
  const built = !states.startsWith("-");
  const forms = (built ? states : states.slice(1)).split(",").map((state) => ({
    since: Number.parseInt(state.charAt(0), 36),
    form: readForm(state.slice(1)),
  }));
  return { name, built, forms, setter: readSetter(setter) };
}

function readForm(state: string): DirectiveForm {
  const [, contexts = "", block = "", counts = ""] = /^([A-Z]*)(\{?)(.*)$/.exec(state) ?? [];
  return { contexts, block: block !== "", counts };
}

function readSetter(text: string): Setter {
  const at = text.indexOf("=");
  const kind = at === -1 ? text : text.slice(0, at);
  const values = at === -1 ? undefined : text.slice(at + 1);
  if (values === undefined) return kind === "x" ? noSetter : { ...noSetter, kind };
  const parts = values.split("|");
  if (kind !== "e" && kind !== "b")
    return { kind, words: undefined, bounds: [Number(parts[0]), Number(parts[1])] };
  const words = parts.map((part) => {
    const [word = "", since = "0"] = part.split("@");
    return { word, since: Number.parseInt(since, 36) };
  });
  return { kind, words, bounds: undefined };
}
