import { escapeUnitName, type UnitName, unescapeUnitName } from "./unit-name.ts";

/** What specifiers speak of. */
export interface SpecifierContext {
  readonly name: UnitName;
  /** Host path of the unit file; undefined where it is not here. */
  readonly path: string | undefined;
  /** Undefined where not known. */
  readonly version: number | undefined;
}

export type Expansion =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "unknown"; readonly why: string }
  /** No specifier of systemd; the line that holds it fails. */
  | { readonly kind: "invalid"; readonly specifier: string };

type Lookup = (context: SpecifierContext) => string | undefined;

const prefixOf: Lookup = ({ name }) => name.prefix;
const lastComponent: Lookup = ({ name }) => name.prefix.slice(name.prefix.lastIndexOf("-") + 1);
const unescaped =
  (lookup: Lookup): Lookup =>
  (context) => {
    const text = lookup(context);
    return text === undefined ? undefined : unescapeUnitName(text);
  };
const instance: Lookup = ({ name }) => (name.isTemplate ? undefined : (name.instance ?? ""));
const constant =
  (text: string): Lookup =>
  () =>
    text;
const ofMachine: Lookup = () => undefined;

/** systemd.unit(5), "Specifiers", for the system manager, which runs as root. */
const specifiers: Readonly<Record<string, Lookup>> = {
  n: ({ name }) => (name.isTemplate ? undefined : name.text),
  N: ({ name }) => (name.isTemplate ? undefined : name.text.slice(0, name.text.lastIndexOf("."))),
  p: prefixOf,
  P: unescaped(prefixOf),
  i: instance,
  I: unescaped(instance),
  j: lastComponent,
  J: unescaped(lastComponent),
  f: ({ name }) => (name.isTemplate ? undefined : asPath(name.instance ?? name.prefix)),
  y: ({ path }) => path,
  Y: ({ path }) => path?.slice(0, Math.max(1, path.lastIndexOf("/"))),
  C: constant("/var/cache"),
  E: constant("/etc"),
  L: constant("/var/log"),
  S: constant("/var/lib"),
  t: constant("/run"),
  T: constant("/tmp"),
  V: constant("/var/tmp"),
  D: constant("/usr/share"),
  d: ({ name }) => (name.isTemplate ? undefined : `/run/credentials/${name.text}`),
  h: constant("/root"),
  u: constant("root"),
  U: constant("0"),
  g: constant("root"),
  G: constant("0"),
  s: ofMachine,
  a: ofMachine,
  A: ofMachine,
  b: ofMachine,
  B: ofMachine,
  H: ofMachine,
  l: ofMachine,
  m: ofMachine,
  M: ofMachine,
  o: ofMachine,
  q: ofMachine,
  v: ofMachine,
  w: ofMachine,
  W: ofMachine,
  c: ofMachine,
  r: ofMachine,
  R: ofMachine,
};

/** Specifiers that came later than 247 (NEWS of systemd). */
const since: Readonly<Record<string, number>> = { A: 249, M: 249, d: 251, q: 251, y: 251, Y: 251, D: 256 };

/** specifier_printf of src/shared/specifier.c: `%%` is a percent sign, `%` before anything but a letter or digit stays. */
export function expandSpecifiers(text: string, context: SpecifierContext): Expansion {
  if (!text.includes("%")) return { kind: "text", text };
  let why: string | undefined;
  let invalid: string | undefined;
  const expanded = text.replace(/%([\s\S])/g, (whole, letter: string) => {
    if (letter === "%") return "%";
    if (!/[A-Za-z0-9]/.test(letter)) return whole;
    const lookup = Object.hasOwn(specifiers, letter) ? specifiers[letter] : undefined;
    if (lookup === undefined || (context.version ?? 999) < (since[letter] ?? 0)) invalid ??= letter;
    const value = lookup?.(context);
    if (value === undefined) why ??= reason(letter, context);
    return value ?? "";
  });
  if (invalid !== undefined) return { kind: "invalid", specifier: `%${invalid}` };
  return why === undefined ? { kind: "text", text: expanded } : { kind: "unknown", why };
}

function reason(letter: string, { name }: SpecifierContext): string {
  if (name.isTemplate && /[nNiIfd]/.test(letter))
    return `\`%${letter}\` is the instance of ${name.text}, and none is named here`;
  return /[yY]/.test(letter)
    ? `\`%${letter}\` is the path of ${name.text}, which is not here`
    : `\`%${letter}\` comes from the running machine`;
}

function asPath(text: string): string | undefined {
  const path = text === "-" ? "" : unescapeUnitName(text);
  return path === undefined ? undefined : `/${path}`;
}

/** The slice that holds the instances of a template: `system-app.slice` (unit_set_default_slice of src/core/unit.c). */
export function templateSlice(name: UnitName): string {
  return `system-${escapeUnitName(name.prefix)}.slice`;
}
