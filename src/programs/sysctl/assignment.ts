import { unknown, type Value, written } from "../../model/value.ts";
import { dotted } from "../../syntax/sysctl/key.ts";
import type { SysctlSetting, SysctlTree } from "../../syntax/sysctl/tree.ts";
import type { Span } from "../../text/span.ts";
import { templateHole, withoutHoles } from "../../text/template-hole.ts";

/** One line as a program has it in its list. */
export interface Assignment {
  /** As the program names it, below /proc/sys; may hold a pattern. */
  readonly path: string;
  /** The key that the kernel finds there; undefined where the path leads to none. */
  readonly key: string | undefined;
  readonly glob: boolean;
  /** A template hole is part of the key; `path` has a `*` in its place. */
  readonly uncertainKey: boolean;
  /** `-`: a failure is not one. */
  readonly ignore: boolean;
  /** Undefined for an exclusion. */
  readonly text: string | undefined;
  readonly template: string | undefined;
  /** The value, or the key where there is none. */
  readonly at: Span;
}

/** One write to one key. */
export interface Write {
  readonly assignment: Assignment;
  /** Undefined where the path leads out of /proc/sys. */
  readonly key: string | undefined;
  /** As the program names it, a pattern replaced by what it matched. */
  readonly path: string;
}

/** The key as it is written; a template hole in it may become anything. */
export function keyText(
  tree: SysctlTree,
  { key, template }: SysctlSetting,
): { text: string; uncertain: boolean } {
  const text = tree.file.text.slice(key.start, key.end);
  if (template === undefined || templateHole(text) === undefined) return { text, uncertain: false };
  return { text: withoutHoles(text, () => "*"), uncertain: true };
}

/** The place of a setting's value. */
export function valueSpan(tree: SysctlTree, setting: SysctlSetting): Span {
  return { file: tree.file, ...(setting.value ?? setting.key) };
}

/** What an assignment means for a key, as a value with its place. */
export function asValue(
  key: string,
  { text, template, at }: Assignment,
  shown = text,
  overrode: readonly Value<unknown>[] = [],
): Value<string> {
  const label = dotted(key);
  if (template !== undefined) return unknown(label, `it is a template: ${template}`, { at });
  return written(label, shown ?? "", at, overrode);
}
