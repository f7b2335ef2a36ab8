import { derive, type Unknown, unknown, type Value, written } from "../../model/value.ts";
import type { Span } from "../../text/span.ts";
import type { ShellState, ShellText, UnsetUse } from "./shell-state.ts";

/** Text that stands in the script. */
export function literalText(label: string, text: string, at: Span): ShellText {
  return { value: written(label, text, at), unset: [] };
}

/** Text that cannot be known. */
export function openText(label: string, why: string, at: Span): ShellText {
  return { value: unknown(label, why, { at }), unset: [] };
}

/** A part of a word: literal text, or a value. */
export type TextPiece = string | Value<string>;

/** An unset variable expands to nothing. */
export function expandedText(value: Value<string | undefined>): Value<string> {
  if (value.known) {
    const { value: held } = value;
    if (held !== undefined) return { ...value, value: held };
    return derive(value.label, "not set, expands to nothing", [value], () => "");
  }
  if (value.candidates === undefined) return { known: false, label: value.label, origin: value.origin };
  return {
    ...value,
    candidates: value.candidates.map((each) => ({ ...each, value: each.value ?? "" })),
  };
}

/** Pieces as one text; `how` is the word as written, `because` decided which pieces stand in it. */
export function concatenated(
  label: string,
  how: string,
  pieces: readonly TextPiece[],
  at: Span,
  because: readonly Value<unknown>[] = [],
): Value<string> {
  const values = pieces.filter((piece) => typeof piece !== "string");
  const known = because.filter((each) => each.known);
  if (values.length === 0 && known.length === 0) return written(label, pieces.join(""), at);
  if (pieces.filter((piece) => piece !== "").length > mostPieces)
    return unknown(label, "it is made of too many parts", { at });
  let next = known.length;
  const plan = pieces.map((piece) => (typeof piece === "string" ? piece : next++));
  const result = derive(
    label,
    shortened(how),
    [...known, ...values],
    (...held) => plan.map((part) => (typeof part === "string" ? part : held[part])).join(""),
    at,
  );
  return shallow(result);
}

const mostPieces = 200;
const longestHow = 60;
const deepestEvidence = 6;
const mostEvidence = 8;
const depths = new WeakMap<object, number>();

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > longestHow ? `${line.slice(0, longestHow - 1)}…` : line;
}

/**
 * The same value with few inputs a short way down: a script can make a value from itself again and again, which
 * would leave evidence that nobody can walk through.
 */
function shallow<T>(value: Value<T>): Value<T> {
  if (!value.known)
    return value.candidates === undefined
      ? { ...value, origin: { ...value.origin, from: cut(value, value.origin.from ?? []) } }
      : {
          ...value,
          origin: { ...value.origin, from: cut(value, value.origin.from ?? []) },
          candidates: value.candidates.map((each) => shallowKnown(each)),
        };
  return shallowKnown(value);
}

function shallowKnown<T>(value: Extract<Value<T>, { known: true }>): Extract<Value<T>, { known: true }> {
  const { origin } = value;
  if (origin.kind !== "derived") return value;
  const made = { ...value, origin: { ...origin, from: [] as readonly Value<unknown>[] } };
  made.origin.from = cut(made, origin.from);
  return made;
}

function cut(owner: object, from: readonly Value<unknown>[]): readonly Value<unknown>[] {
  const kept = [...new Set(from)].slice(0, mostEvidence);
  const near = kept.filter((each) => depthOf(each) < deepestEvidence);
  depths.set(owner, 1 + Math.max(0, ...near.map(depthOf)));
  return near;
}

function depthOf(value: Value<unknown>): number {
  const known = depths.get(value);
  if (known !== undefined) return known;
  const { origin } = value;
  const from = origin.kind === "derived" || origin.kind === "unknown" ? (origin.from ?? []) : [];
  const depth = from.length === 0 ? 0 : 1 + Math.max(...from.map((each) => depths.get(each) ?? 1));
  depths.set(value, depth);
  return depth;
}

/** Variables that a shell or the start of a process sets, whatever the environment says. */
const setAnyway: ReadonlySet<string> = new Set([
  "HOME",
  "PATH",
  "HOSTNAME",
  "TERM",
  "SHELL",
  "USER",
  "LOGNAME",
  "SHLVL",
  "OLDPWD",
  "UID",
  "EUID",
  "PPID",
  "RANDOM",
  "SECONDS",
  "LINENO",
  "BASHPID",
  "BASH_VERSION",
  "BASH",
  "HOSTTYPE",
  "OSTYPE",
  "MACHTYPE",
  "OPTIND",
  "OPTARG",
  "REPLY",
  "FUNCNAME",
  "PIPESTATUS",
  "BASH_SOURCE",
]);

/** What a variable holds, without a word on whether it may be unset. */
export function variableText(state: ShellState, name: string): ShellText {
  const binding = state.variables.get(name);
  if (binding?.kind === "scalar") return binding.text;
  if (binding?.kind === "array") {
    if (!("length" in binding.elements)) return { value: binding.elements, unset: [] };
    const [first] = binding.elements;
    if (first !== undefined) return { value: first.text, unset: first.unset ?? [] };
    return { value: unsetValue(name), unset: [] };
  }
  if (name === "PWD") return { value: state.directory, unset: [] };
  const value = state.base.get(name);
  if (setAnyway.has(name) && value.known && value.value === undefined)
    return { value: unknown(name, `${name} is set when the container or the shell starts`), unset: [] };
  return { value, unset: [] };
}

function unsetValue(label: string): Unknown<string | undefined> | Value<string | undefined> {
  return {
    known: true,
    label,
    value: undefined,
    origin: { kind: "default", program: "sh", versions: "all", source: "POSIX shell, 2.5.3" },
  };
}

/** The text with the use of an unset variable noted. */
export function notedUnset(text: ShellText, name: string, at: Span): ShellText {
  if (!text.value.known || text.value.value !== undefined || !/^[A-Za-z_]/.test(name)) return text;
  const use: UnsetUse = { name, at };
  return { ...text, unset: [...text.unset, use] };
}
